import { RunsError } from "@coalesce-runs/core"
import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"

const page = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8")

const tags = RunsError.RunsError.members.map((member) => member.fields._tag.schema.literal)

it("docs/errors.md has a row for each error, and the README names it", () => {
  const rows = [...page("docs/errors.md").matchAll(/^\|(?: [\w ]+ \|)? `(\w+)` +\| (?:yes|no) /gm)].map(([, name]) =>
    name
  )
  assert.sameMembers(rows, tags)
  for (const tag of tags) assert.include(page("README.md"), `\`${tag}\``)
})
