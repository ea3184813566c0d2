/**
 * A report says facts in words: a headline, a few lines, sections of rows, next steps. It is plain data with a schema, so
 * that one set of sentences serves a model, a terminal, a chat and a web page.
 *
 * **Details**
 *
 * Modules that find facts make reports of them: `RunDiagnosis.report`, `RunStatistics.report`, `RunList.report`. The
 * renderers here ({@link toText}, {@link toMarkdown}, {@link toTerminal}) show a report and know nothing of runs. What
 * the API returned stands in spans of its own, so that a renderer can quote or escape it for its medium.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import type { Line, RenderOptions, Report, Span, TerminalOptions } from "./report/model.ts"
import * as markdown from "./report/toMarkdown.ts"
import * as terminal from "./report/toTerminal.ts"
import * as text from "./report/toText.ts"
import { clean } from "./wire/text.ts"

export {
  type Bounds,
  defaultBounds,
  Line,
  NextStep,
  type Options,
  type RenderOptions,
  Report,
  Row,
  Section,
  Span,
  Sql,
  type TerminalOptions
} from "./report/model.ts"

/**
 * Returns text of the API as one line of at most `maxLength` visible characters: without control characters, escape
 * sequences, invisible characters and markup, and cut in the middle with the count of what is missing.
 *
 * **Example** (A message that is too long)
 *
 * ```ts
 * import { Report } from "@coalesce-runs/core"
 *
 * Report.cleanText("SQL compilation error:\n\tinvalid identifier 'X'", 80) // => "SQL compilation error: invalid identifier 'X'"
 * Report.cleanText("x".repeat(100), 60) // => "xxxxxxxxxxxxxxxxxxx…[62 characters cut]…xxxxxxxxxxxxxxxxxxx"
 * ```
 *
 * @category text
 */
export const cleanText = (text: string, maxLength: number): string => clean(text, maxLength)

/**
 * Builds a line from a template. A value that is `undefined` leaves nothing; a line is inserted span by span.
 *
 * **Example** (A line with a quotation)
 *
 * ```ts
 * import { Report } from "@coalesce-runs/core"
 *
 * Report.line`Run ${1202} failed: ${{ quote: "Daily sales" }}.`
 * // => ["Run 1202 failed: ", { "quote": "Daily sales" }, "."]
 * ```
 *
 * @category constructors
 */
export const line = (
  strings: ReadonlyArray<string>,
  ...values: ReadonlyArray<Span | Line | number | undefined>
): Line => joined(strings.flatMap((string, index): Line => [string, ...spansOf(values[index])]))

const isSpan = (value: Span | Line): value is Span => !Array.isArray(value)

const spansOf = (value: Span | Line | number | undefined): Line =>
  value === undefined ? [] : Predicate.isNumber(value) ? [String(value)] : isSpan(value) ? [value] : value

/** Neighbouring words become one span, empty ones none. */
const joined = (spans: Line): Line => {
  const result: Array<Span> = []
  for (const span of spans) {
    const last = result.at(-1)
    if (span === "") continue
    if (typeof span === "string" && typeof last === "string") result[result.length - 1] = last + span
    else result.push(span)
  }
  return result
}

/**
 * Joins lines with a separator.
 *
 * @category constructors
 */
export const join = (lines: ReadonlyArray<Line>, separator: string): Line =>
  joined(lines.flatMap((spans, index) => index === 0 ? spans : [separator, ...spans]))

/**
 * Renders a report as short, unambiguous plain text, made for a model.
 *
 * **Example** (A report as text)
 *
 * ```ts
 * import { Report } from "@coalesce-runs/core"
 *
 * const report: Report.Report = {
 *   headline: Report.line`Run 1202 failed.`,
 *   lines: [],
 *   sections: [{ title: ["Blocked"], layout: "inline", rows: [{ cells: [[{ name: "FCT_SALES" }]] }], more: ["4 more"] }],
 *   nextSteps: [{ action: "diagnose", arguments: { runID: 1203 }, why: "why it failed again" }]
 * }
 *
 * Report.toText(report)
 * // => "Run 1202 failed.\nBlocked: FCT_SALES and 4 more\nNext: diagnose {\"runID\":1203} why it failed again"
 * ```
 *
 * @category renderers
 */
export const toText = (report: Report, options?: RenderOptions): string => text.render(report, options)

/**
 * Renders a report as Markdown. Text from the API is escaped.
 *
 * @category renderers
 */
export const toMarkdown = (report: Report, options?: RenderOptions): string => markdown.render(report, options)

/**
 * Renders a report for a terminal: wrapped at its width, tables aligned, in color where it is wanted.
 *
 * @category renderers
 */
export const toTerminal = (report: Report, options?: TerminalOptions): string => terminal.render(report, options)
