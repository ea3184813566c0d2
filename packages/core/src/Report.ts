/**
 * A report says facts in words: a headline, a few lines, sections of rows, next steps. It is plain data with a schema, so
 * that the same sentences serve a model, a terminal and a chat.
 *
 * **Details**
 *
 * `RunDiagnosis.report`, `RunInspection.report`, `RunStatistics.report` and `RunList.report` make reports. The renderers here ({@link toText},
 * {@link toMarkdown}, {@link toTerminal}) show them, and know nothing of runs. Text from the API stands in spans of its own,
 * so that a renderer can quote or escape it.
 *
 * **Example** (A report as text)
 *
 * ```ts
 * import { Report } from "@coalesce-runs/core"
 *
 * const report: Report.Report = {
 *   headline: Report.line`Run 1202 failed: ${{ quote: "Daily sales" }}.`,
 *   lines: [],
 *   sections: [{ title: ["Blocked"], layout: "inline", rows: [{ cells: [[{ name: "FCT_SALES" }]] }], more: ["4 more"] }],
 *   nextSteps: [{ action: "diagnose", arguments: { runID: 1203 }, why: "why it failed again" }]
 * }
 *
 * Report.toText(report)
 * // => "Run 1202 failed: \"Daily sales\".\nBlocked: FCT_SALES and 4 more\nNext: diagnose {\"runID\":1203} why it failed again"
 * ```
 *
 * @since 0.1.0
 */
export { join, line } from "./report/line.ts"
export * from "./report/model.ts"
export { configuredNames } from "./report/names.ts"
export { render as toMarkdown } from "./report/toMarkdown.ts"
export { render as toTerminal } from "./report/toTerminal.ts"
export { render as toText } from "./report/toText.ts"
export { clean as cleanText, quote as quoteText } from "./wire/text.ts"
