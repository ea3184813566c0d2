// Every sabotage fits the sources, so that it breaks what it says. `npm run chaos -- --sabotage` makes them.
import { expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { sabotages } from "./sabotages.ts"

const core = fileURLToPath(new URL("../../packages/core/src/", import.meta.url))

it.each(sabotages)("the sabotage \"$name\" changes one place", ({ file, find, put }) => {
  expect(readFileSync(core + file, "utf8").split(find)).toHaveLength(2)
  expect(put).not.toBe(find)
})
