/**
 * Runs the bench: `npm run bench -- --only decode,history --quick --json FILE`. It reports ratios, because they compare
 * better between machines than milliseconds do. `--quick` measures fewer rounds, and `--json` also writes the figures to a file.
 */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import type { Case } from "./Case.ts"
import { baselineCases } from "./cases/baseline.ts"
import { decodeCases } from "./cases/decode.ts"
import { diagnosisCase } from "./cases/diagnosis.ts"
import { firstRowCases } from "./cases/firstRow.ts"
import { historyCases } from "./cases/history.ts"
import { largeBodyCase } from "./cases/largeBody.ts"
import { listCases } from "./cases/list.ts"
import { startCases } from "./cases/start.ts"
import { statisticsCase } from "./cases/statistics.ts"
import { watchCases } from "./cases/watch.ts"
import { measure } from "./measure.ts"
import { json, machine, type Report, table } from "./report.ts"

const cases: ReadonlyArray<Case> = [
  ...decodeCases,
  ...firstRowCases,
  ...listCases,
  ...historyCases,
  diagnosisCase,
  ...startCases,
  statisticsCase,
  ...baselineCases,
  ...watchCases,
  largeBodyCase
]

const { values } = parseArgs({
  options: { only: { type: "string", multiple: true }, quick: { type: "boolean" }, json: { type: "string" } }
})
const names = values.only?.flatMap((names) => names.split(","))
const unknown = names?.find((name) => !cases.some((one) => one.name === name))

if (unknown !== undefined) {
  console.error(`There is no case "${unknown}". The cases are: ${cases.map((one) => one.name).join(", ")}.`)
  process.exitCode = 1
} else {
  const { cpus, node, platform } = machine()
  console.log(
    `Node ${node}, ${platform}, ${cpus} CPUs. Ratio to the first line: p50, and the range from p25 to p75 of all rounds.`
  )
  const reports: Array<Report> = []
  for (const one of cases) {
    if (names !== undefined && !names.includes(one.name)) continue
    const { dispose, notes, rounds, title, variants } = await one.prepare(values.quick === true)
    try {
      const measured = await measure(variants, rounds)
      const report = { name: one.name, title, ...(notes === undefined ? {} : { notes }), variants: measured }
      reports.push(report)
      console.log(`\n${table(report)}`)
    } finally {
      await dispose?.()
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, json(reports))
}
