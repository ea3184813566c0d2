import { describe, expect, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

describe("the picture of the night in the README", () => {
  const picture = readFileSync(path("../docs/images/last-night.svg"), "utf8")

  it("is what scripts/night.mjs draws of the simulator's last night", () => {
    expect(execFileSync(process.execPath, [path("../scripts/night.mjs"), "--print"], { encoding: "utf8" })).toBe(
      picture
    )
  })

  it("says each status in words, so that it is readable without colors", () => {
    expect(picture).toContain("role=\"graphics-document document\" aria-labelledby=\"title0\"")
    for (
      const words of [
        "1202 failed (invalid identifier)",
        "1201 canceled",
        "1203 running",
        "1204 waitingToRun",
        "1195 completed"
      ]
    ) {
      expect(picture).toContain(`>${words}</text>`)
    }
  })
})
