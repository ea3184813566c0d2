// Every sabotage fits the sources, so that it breaks what it says. `npm run chaos -- --sabotage` makes them.
import { expect, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { sabotages } from "./sabotages.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const page = readFileSync(`${root}docs/reliability.md`, "utf8").replaceAll(/ +\|/g, " |")

it.each(sabotages)(
  "the sabotage \"$name\" changes one place, and stands in the table",
  ({ by, file, find, name, put }) => {
    expect(readFileSync(`${root}packages/core/src/${file}`, "utf8").split(find)).toHaveLength(2)
    expect(put).not.toBe(find)
    expect(page).toContain(`| ${name} | \`${file}\` | \`${by}.test.ts\` |`)
  }
)
