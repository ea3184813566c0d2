import { describe, expect, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

const drawn = (name: string): string =>
  execFileSync(process.execPath, [path("../scripts/night.mjs"), "--print", name], { encoding: "utf8" })

const pictureOf = (name: string): string => readFileSync(path(`../docs/images/${name}`), "utf8")

describe("the pictures of the documentation", () => {
  for (const name of ["last-night.svg", "check.svg"]) {
    it(`${name} is what scripts/night.mjs draws of the simulator's last night`, () => {
      expect(drawn(name)).toBe(pictureOf(name))
    })
  }

  it("last-night.svg says each status in words, so that it is readable without colors", () => {
    const picture = pictureOf("last-night.svg")
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
