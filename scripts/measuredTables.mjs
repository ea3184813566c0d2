// Makes the tables of the documentation from the figures of the bench.
//
// A page marks the place of a table with the names of its cases: <!-- measured: watch, watchBurst --> to <!-- /measured -->.

/** Each row of the README: what was measured, against what, and the case and variant of the bench. */
const summary = [
  ["decode", "coalesce-runs", "a page of 1000 detailed runs, from text, its times decoded", "`JSON.parse` alone"],
  ["decode", "zod, less lenient, times as Date", "the same by zod 4, times as `Date`", "`JSON.parse` alone"],
  ["first-row", "coalesce-runs, list", "the first run of a stream, at 40 ms latency", "one bare `fetch`"],
  [
    "list-working",
    "coalesce-runs, RunsClient.list",
    "20,000 runs at 20 ms latency, 20 ms of work on each 1000",
    "the same work in a bare loop, unchecked"
  ],
  [
    "history",
    "coalesce-runs, RunsClient.list",
    "20,000 runs at 40 ms latency, `RunsClient.list`",
    "a bare loop, 1000 a page, unchecked"
  ],
  ["history", "coalesce-runs, RunHistory.list", "the same by `RunHistory.list`", "the same loop"],
  [
    "history-at-once",
    "coalesce-runs, RunHistory.list",
    "the same by `RunHistory.list`",
    "all pages at once, their edges known, unchecked"
  ],
  [
    "baseline",
    "RunBaseline.learn",
    "28 days of 50 jobs learned by `RunBaseline.learn`, 40,000 runs at 40 ms",
    "reading them by `RunHistory.list`"
  ],
  [
    "diagnosis",
    "the latest failure of last night",
    "why last night's refresh failed, at 50 ms latency",
    "one bare `fetch`"
  ],
  [
    "watch",
    "a steady poll, a history of 1,000,000 runs, 1 request",
    "a poll of a watch, nothing new, a history of 1,000,000 runs: 1 request",
    "the same page by `listPage`"
  ],
  [
    "watchBurst",
    "one poll, 7 requests",
    "a poll that finds 5,000 new runs: 7 requests",
    "the same rows by `RunsClient.list`"
  ],
  [
    "mcp-start",
    "coalesce-runs-mcp, initialize",
    "the MCP server's start, to its response to `initialize`",
    "`node -e 0`"
  ],
  ["cli-start", "coalesce-runs --help", "`coalesce-runs --help`", "`node -e 0`"],
  ["cli-start", "coalesce-runs check --demo", "the whole of `coalesce-runs check --demo`", "`node -e 0`"],
  ["statistics", "statistics of a million runs", "the peak memory of statistics of a million runs", "an idle process"],
  [
    "watchMemory",
    "12 weeks, 24,192 polls",
    "the peak memory of a watch over 12 simulated weeks, 24,192 polls",
    "over 1 week"
  ],
  ["baselineMemory", "a baseline of 40,000 runs", "the peak memory of a baseline of 40,000 runs", "an idle process"],
  ["large-body", "a page of 1 GB", "the peak memory of a client that is sent 1 GB", "a page of 25 runs"],
  ["large-body", "the same, compressed to 1 MB", "the same with the 1 GB compressed to 1 MB", "the same page"]
]

/** A table as dprint formats it. */
const markdown = (header, rows) => {
  const widths = header.map((_, column) => Math.max(3, ...[header, ...rows].map((row) => row[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n")
}

const significant = (value) => value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
const figureOf = ({ figure, unit }) => `${significant(figure.p50)} ${unit}`
const memoryOf = (variant) => variant.unit === "MiB" ? `, ${figureOf(variant)}` : ""

/** The runs of a case, one for each version of Node, and the version of each. */
const runsOf = ({ results }, name) => {
  const runs = results.flatMap(({ cases, node }) =>
    cases.filter((one) => one.name === name).map((one) => ({ ...one, node }))
  )
  if (runs.length === 0) throw new Error(`The figures have no case "${name}"`)
  return runs
}

const minorOf = (version) => version.split(".").slice(0, 2).join(".")

const summaryTable = (measured) =>
  markdown(
    ["what", "against", "ratio", "Node"],
    summary.map(([name, variantName, what, against]) => {
      const runs = runsOf(measured, name)
      const variants = runs.map((run) => run.variants.find((one) => one.name === variantName))
      const [variant] = variants
      if (variants.includes(undefined)) throw new Error(`The case "${name}" has no variant "${variantName}"`)
      return [
        what + memoryOf(variant),
        against + memoryOf(runs[0].variants[0]),
        variants.map(({ ratio }) => ratio.p50.toFixed(2)).join(", "),
        runs.map(({ node }) => minorOf(node)).join(", ")
      ]
    })
  )

const aimOf = ({ aim, aimBeyond, beyond, met, unit }) =>
  [
    ...(aim === undefined ? [] : [`${aim}`]),
    ...(aimBeyond === undefined ? [] : [`${aimBeyond} ${unit} more (${significant(beyond)})`]),
    ...(met === false ? ["not met"] : [])
  ].join(", ")

const caseTable = (measured, name) => {
  const runs = runsOf(measured, name)
  const [first] = runs
  return markdown(
    [first.title, "Node", "p50", "ratio", "p25 to p75", "aim"],
    first.variants.flatMap((_, index) =>
      runs.flatMap(({ node, variants }) => {
        const variant = variants[index]
        const { p25, p50, p75 } = variant.ratio
        const spread = index === 0 ? "" : `${p25.toFixed(2)} to ${p75.toFixed(2)}`
        return [[variant.name, node, figureOf(variant), p50.toFixed(2), spread, aimOf(variant)]]
      })
    )
  )
}

const notesOf = (measured, name) =>
  runsOf(measured, name).map(({ node, notes }) => [`Node ${node}:`, "", "```", ...notes, "```"].join("\n")).join("\n\n")

const kinds = { summary: summaryTable, measured: caseTable, notes: notesOf }

const marked = /<!-- (summary|measured|notes)(?:: ([\w, -]+?))? -->\n[^]*?<!-- \/\1 -->/g

/** Returns a page with the tables between its marks made anew. */
export const withTables = (page, measured) =>
  page.replace(marked, (_, kind, names) => {
    const tables = (names ?? "").split(", ").map((name) => kinds[kind](measured, name))
    return [`<!-- ${kind}${names === undefined ? "" : `: ${names}`} -->`, ...tables, `<!-- /${kind} -->`].join("\n\n")
  })
