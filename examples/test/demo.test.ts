import { assert, it } from "@effect/vitest"
import { stripVTControlCharacters } from "node:util"
import { failedLastNight, run } from "./support.ts"

const between = (text: string, from: string, to: string): string => text.split(from)[1]?.split(to)[0] ?? ""

it("the demo shows the pages, the refreshes with their reasons, and what an assistant is told of them", async () => {
  const { code, stderr, stdout } = await run("demo")
  assert.strictEqual(stderr, "")
  assert.strictEqual(code, 0)
  // No colour where it is not a terminal, and 100 columns suffice.
  assert.strictEqual(stdout, stripVTControlCharacters(stdout))
  for (const line of stdout.split("\n")) assert.isAtMost(line.length, 100, line)

  const pages = between(stdout, "Streaming last night's failed refreshes", "failed refreshes, from")
  assert.match(pages, /page 1: 2 runs {2}\d+ Daily sales, \d+ Marketing attribution\n/)
  assert.match(pages, /page 2: 2 runs {2}\d+ Finance reporting, \d+ Finance close\n/)
  assert.match(pages, /page 3: 1 run {3}\d+ Inventory snapshot, then a run from before the night: the end\n/)
  assert.include(stdout, "5 failed refreshes, from 3 pages in 6 requests")

  const table = between(stdout, "in 6 requests", "The same night").replaceAll(/\s+/g, " ")
  const answer = between(stdout, "> list_runs", "Your own account").replaceAll(/\s+/g, " ").replaceAll("\\\"", "\"")
  for (const { environment, job, reason } of failedLastNight) {
    assert.match(table, new RegExp(`\\d+ ${job} ${environment} \\w+,? \\d+ \\w+,? \\d\\d:\\d\\d \\d+m`))
    assert.include(table, reason)
    assert.include(answer, reason)
    assert.include(answer, `"${job}"`)
  }
})
