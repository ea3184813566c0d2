/** Lays out a report as lines of spans, for media that have no report of their own. It knows nothing of runs. */
import * as Report from "@coalesce-runs/core/Report"

/** A line of a report. */
export interface TextLine {
  readonly indent: 0 | 1 | 2
  readonly isTitle: boolean
  readonly spans: Report.Line
}

/** Cuts a text, and never in the middle of a character. */
export const cut = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`

/** How a medium writes the kinds of text. */
export interface Medium {
  /** This library's own words. */
  readonly words: (text: string) => string
  /** Text of the API, clean and on one line. */
  readonly quoted: (text: string) => string
  /** A name or a status of the API, clean and on one line. */
  readonly name: (text: string) => string
}

/** Writes a name as core's own renderers do: as it is where it is one plain word, and in quotation marks otherwise. */
export const word = (text: string): string => /^[\w$.:/-]+$/.test(text) ? text : Report.quoteText(text)

const maxText = 1000

/** Reports are bounded, and a message that was stored may have been changed. */
const bounded = (text: string): string => cut(text.replace(/\p{Cc}/gu, " "), maxText)

/** Writes a line in a medium. */
export const write = (spans: Report.Line, { name, quoted, words }: Medium): string =>
  spans.map((span) =>
    typeof span === "string"
      ? words(bounded(span))
      : "quote" in span
      ? quoted(Report.quoteText(Report.cleanText(span.quote, maxText)))
      : "name" in span
      ? name(Report.cleanText(span.name, maxText))
      : "status" in span
      ? name(Report.cleanText(span.status, maxText))
      // An address is shown as text. The link to the run stands beside the report.
      : quoted(Report.cleanText(span.link, maxText))
  ).join("")

const line = (spans: Report.Line, indent: TextLine["indent"] = 0, isTitle = false): TextLine => ({
  indent,
  isTitle,
  spans
})

const rowLines = ({ cells, details = [], sql }: Report.Row): ReadonlyArray<TextLine> => [
  line(["• ", ...Report.join(cells.filter((cell) => cell.length > 0), " ")], 1),
  ...details.map((detail) => line(detail, 2)),
  ...(sql === undefined ? [] : [line(sql.title, 2), ...sql.lines.map((text) => line([{ name: text }], 2))])
]

const sectionLines = ({ layout, more, rows, title }: Report.Section): ReadonlyArray<TextLine> => {
  if (layout === "inline") {
    const cells = rows.map((row) => Report.join(row.cells, " "))
    const rest = more === undefined ? [] : [" and ", ...more]
    return [line([...(title === undefined ? [] : [...title, ": "]), ...Report.join(cells, ", "), ...rest])]
  }
  return [
    ...(title === undefined ? [] : [line(title, 0, true)]),
    ...rows.flatMap(rowLines),
    ...(more === undefined ? [] : [line(["and ", ...more], 1)])
  ]
}

/** Returns the lines of a report after its headline. Its next steps are calls, which nobody makes from a chat. */
export const linesOf = ({ lines, sections }: Report.Report): ReadonlyArray<TextLine> => [
  ...lines.map((spans) => line(spans)),
  ...sections.flatMap(sectionLines)
]

/** Takes lines while their texts fit, and says how many it left out. */
export const takeFitting = (
  lines: ReadonlyArray<string>,
  room: number,
  lengthOf: (text: string) => number = (text) => text.length + 1
): ReadonlyArray<string> => {
  const note = (left: number) => `… ${left} more ${left === 1 ? "line" : "lines"}`
  const taken: Array<string> = []
  let left = room - lengthOf(note(lines.length))
  for (const text of lines) {
    left -= lengthOf(text)
    if (left < 0) break
    taken.push(text)
  }
  return taken.length === lines.length ? taken : [...taken, note(lines.length - taken.length)]
}

/** What a message is about in a word or two, before its headline. */
export const titleOf = ({ status, why }: { readonly status: string; readonly why: string }): string => {
  const word = { opened: "New", updated: "Update", resolved: "Resolved" }[status] ?? status
  const reason = reasons[why]
  return reason === undefined ? word : `${word} (${reason})`
}

const reasons: { readonly [why: string]: string } = {
  anotherJob: "another job",
  anotherNight: "another night",
  loop: "fails in a loop",
  again: "came back",
  worse: "got worse",
  reminder: "not over yet",
  gone: "no longer found",
  expired: "no longer checked"
}

/** Returns a link that a reader may be sent to: a page of the web without anything that a medium could read otherwise. */
export const safeLink = (link: string | undefined): string | undefined =>
  link !== undefined && link.length <= 1000 && /^https:\/\/[\w.-]+(?::\d+)?(?:\/[\w./?=&%#~+-]*)?$/.test(link)
    ? link
    : undefined
