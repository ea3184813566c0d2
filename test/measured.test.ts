import { expect, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

it("the tables of measurements in the README and in docs/ are those of packages/bench/measured.json", () => {
  const script = fileURLToPath(new URL("../scripts/measured.mjs", import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" })
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
})
