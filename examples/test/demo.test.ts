import { assert, it } from "@effect/vitest"
import { stripVTControlCharacters } from "node:util"
import { failedLastNight, run } from "./support.ts"

const between = (text: string, from: string, to: string): string => text.split(from)[1]?.split(to)[0] ?? ""

it("the demo prints the pages, the failed refreshes with their reasons, and the results of the MCP tools", async () => {
  const { code, stderr, stdout } = await run("demo")
  assert.strictEqual(stderr, "")
  assert.strictEqual(code, 0)
  // The output is no terminal, so it has no colors. 100 columns suffice.
  assert.strictEqual(stdout, stripVTControlCharacters(stdout))
  for (const line of stdout.split("\n")) assert.isAtMost(line.length, 100, line)

  const pages = between(stdout, "Streaming last night's failed refreshes", "failed refreshes, from")
  assert.match(pages, /page 1: 2 runs {2}\d+ Daily sales, \d+ Marketing attribution\n/)
  assert.match(pages, /page 2: 2 runs {2}\d+ Finance reporting, \d+ Finance close\n/)
  assert.match(pages, /page 3: 1 run {3}\d+ Inventory snapshot, then a run from before the night: the end\n/)
  assert.include(stdout, "5 failed refreshes, from 3 pages in 6 requests")

  const table = between(stdout, "in 6 requests", "The same night").replaceAll(/\s+/g, " ")
  const checked = between(stdout, "> check_runs {}", "To read your own account").replaceAll(/\s+/g, " ")
    .replaceAll("\\\"", "\"")
  for (const { environment, job, reason } of failedLastNight) {
    assert.match(table, new RegExp(`\\d+ ${job} ${environment} \\w+,? \\d+ \\w+,? \\d\\d:\\d\\d \\d+m`))
    assert.include(table, reason)
    assert.include(checked, reason)
    assert.include(checked, `"${job}"`)
  }

  // The diagnosis: what failed, why, since when, and what changed before.
  const why = between(stdout, "> diagnose_run {}", "What needs attention?").replaceAll(/\s+/g, " ").replaceAll(
    "\\\"",
    "\""
  )
  assert.match(why, /^ Run \d+ failed: refresh "Daily sales" \(job 15\) in env 3 .* The latest of 5 failed refreshes/)
  assert.include(
    why,
    `: DIM_ORDER: "SQL compilation error: error line 3 at position 2 invalid identifier '"SRC"."ORDER_ID"'"`
  )
  assert.include(why, "1 of 12 nodes failed, 5 blocked by them did not run")
  assert.include(why, "Since: this run is the first failure; the last success is run ")
  assert.include(why, "Not recovered yet: it was not run again.")
  assert.match(
    why,
    /Suspects, not verdicts: - \d+, deploy of 9f2c4e1ab7d0 "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"/
  )
  assert.match(why, /Also failed in the window: (- \d+, refresh .*){4} Page: http:/)
  assert.include(why, `Next: summarize_runs {"window":"last_7_days"`)

  // The last result is the check of the whole night: each cause, and whether it is over.
  const attention = between(stdout, "> check_runs {}", "To read your own account").replaceAll(/\s+/g, " ")
  assert.match(attention, /^ 5 things need attention: 4 failed refreshes of 3 causes, /)
  assert.match(attention, /2 refreshes of 2 jobs in env 5 failed between .* all of one cause: RPT_BALANCE: "Warehouse/)
  assert.match(attention, /Failed and recovered: - \d+, refresh "Inventory snapshot" .* re-run \d+ .* completed/)
})
