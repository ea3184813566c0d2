// The `exports` of each package list exactly its public modules: the files of `src/` except its main entry and its bin. Files in
// folders stay private.
import { describe, expect, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const packages = fileURLToPath(new URL("../packages", import.meta.url))

const modulesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(`${packages}/${folder}/src`)
    .flatMap((file) => file.endsWith(".ts") ? [file.slice(0, -3)] : [])
    .filter((name) => name !== "index" && name !== "bin")

describe("exports", () => {
  for (const folder of ["core", "simulator", "alerts"]) {
    it(`of @coalesce-runs/${folder} list the files of its src/`, () => {
      const manifest: { exports: Record<string, unknown> } = JSON.parse(
        readFileSync(`${packages}/${folder}/package.json`, "utf8")
      )
      const expected = Object.fromEntries(
        modulesOf(folder).map((name) => [
          // An entry point that is no module of the main entry has a name in kebab case.
          `./${/^[a-z]/.test(name) ? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : name}`,
          { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
        ])
      )
      expect(manifest.exports).toEqual({
        "./package.json": "./package.json",
        ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
        ...expected
      })
    })
  }
})
