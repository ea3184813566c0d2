// The declarations of the entry points for programs without Effect, as they are built: what an editor and a compiler read.
import { expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

const dist = fileURLToPath(new URL("../packages/core/dist/", import.meta.url))

const withoutComments = (text: string) => text.replaceAll(/\/\*.*?\*\//gs, "")

const importsOf = (file: string): ReadonlyArray<string> =>
  [...withoutComments(readFileSync(file, "utf8")).matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"([^"]+)"/g)].flatMap((
    [, name]
  ) => name ?? [])

/** Returns the imports of a declaration file, and of those that it imports from the folder of the entry point. */
const followed = (file: string, seen = new Map<string, ReadonlyArray<string>>()) => {
  if (seen.has(file)) return seen
  const imports = importsOf(file)
  seen.set(file, imports)
  for (const name of imports.filter((name) => name.startsWith("."))) {
    const imported = join(dirname(file), name.replace(/\.(js|ts)$/, ".d.ts"))
    if (imported.startsWith(join(dist, "promise"))) followed(imported, seen)
  }
  return seen
}

it.each(["promise", "promiseNode"])("%s.d.ts and its folder import nothing of Effect", (name) => {
  const found = followed(join(dist, `${name}.d.ts`))
  const files = [...found.keys()].map((file) => relative(dist, file))
  expect(files).toContain(join("promise", "model.d.ts"))
  expect(files).toContain(join("promise", "plain.d.ts"))
  const packages = [...found].flatMap(([file, imports]) =>
    imports.filter((name) => !name.startsWith(".")).map((name) => `${relative(dist, file)}: ${name}`)
  )
  expect(packages).toEqual([])
})
