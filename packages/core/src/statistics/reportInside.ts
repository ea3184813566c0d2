/** Reports what node results say: nodes and failed data tests, a row each. */
import { titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import { durationWords } from "./reportRows.ts"
import type { Summary } from "./summaryModel.ts"

const notReadWords = (notRead: number): string =>
  notRead === 0 ? "" : `; the results of ${plural(notRead, "run")} more were not read`

export const nodesSection = ({ nodes }: Summary, words: Words): ReadonlyArray<Section> => {
  if (nodes === undefined) return []
  const max = words.bounds.groups
  const more = Math.max(0, nodes.listed.length - max) + nodes.more
  return [{
    title: [
      `By node, in the latest ${plural(nodes.runs, "ended run")}, most failures first, then the longest` +
      notReadWords(nodes.notRead)
    ],
    layout: "list",
    rows: nodes.listed.slice(0, max).map(({ failed, name, p50Millis, runs, totalMillis }) =>
      row(
        line`${words.name(name)}: ${plural(runs, "run")}${failed === 0 ? "" : `, ${failed} failed`}, ${
          p50Millis === undefined ? "" : `p50 ${durationWords(p50Millis)}, `
        }${durationWords(totalMillis)} in all`
      )
    ),
    ...(more === 0 ? {} : { more: [`${more} more`] })
  }]
}

export const testsSection = ({ tests }: Summary, words: Words): ReadonlyArray<Section> => {
  if (tests === undefined) return []
  const { bounds, name, quote } = words
  const checked = `in the latest completed run of ${plural(tests.runs, "job")}${notReadWords(tests.notRead)}`
  const rows = tests.listed.map(({ failedTests, more, run }) =>
    row(line`${titleOf(run, words)}: ${
      join(
        failedTests.map(({ message, node, test }) => {
          const said = quote(message)
          return line`${test === undefined ? "a test" : name(test)} of ${name(node)}${
            said === undefined ? [] : line` ${said}`
          }`
        }),
        ", "
      )
    }${more === 0 ? "" : ` and ${more} more`}`)
  )
  if (rows.length === 0) return section("inline", ["Data tests"], [row([`none failed ${checked}`])], 1)
  return section("list", [`Failed data tests ${checked}`], rows, bounds.rows)
}
