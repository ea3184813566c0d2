/** Renders a report as plain text. `Report` exports it. */
import { assertOptions, callback, type Shape } from "../error/check.ts"
import { quote, word } from "../wire/text.ts"
import type { Line, NextStep, RenderOptions, Report, Row, Section, Span, Sql } from "./model.ts"

export const spanText = (span: Span): string =>
  typeof span === "string"
    ? span
    : "quote" in span
    ? quote(span.quote)
    : "name" in span
    ? word(span.name)
    : "status" in span
    ? word(span.status)
    : span.link

export const lineText = (line: Line): string => line.map(spanText).join("")

export const callText = ({ action, arguments: args }: NextStep): string => `${action} ${JSON.stringify(args)}`

const sqlText = ({ faultIndex, lines, title }: Sql): ReadonlyArray<string> => [
  `   ${lineText(title)}:`,
  ...lines.map((line, index) => `   ${index === faultIndex ? ">" : "|"} ${line}`)
]

const rowText = ({ cells, details = [], sql }: Row, bullet: string): ReadonlyArray<string> => [
  `${bullet}${cells.map(lineText).filter((cell) => cell !== "").join(" ")}`,
  ...details.map((line) => `   ${lineText(line)}`),
  ...(sql === undefined ? [] : sqlText(sql))
]

const sectionText = ({ layout, more, rows, title }: Section): ReadonlyArray<string> => {
  const rest = more === undefined ? [] : [lineText(more)]
  if (layout === "inline") {
    const all = rows.map(({ cells }) => cells.map(lineText).join(" ")).join(", ")
    return [`${title === undefined ? "" : `${lineText(title)}: `}${[all, ...rest].join(" and ")}`]
  }
  const bullet = layout === "list" ? "- " : ""
  return [
    ...(title === undefined ? [] : [`${lineText(title)}:`]),
    ...rows.flatMap((row) => rowText(row, bullet)),
    ...rest.map((text) => `${bullet}and ${text}`)
  ]
}

/** What each option of a renderer must be. */
export const renderShape: Shape<RenderOptions> = { nameCall: callback }

/** Renders a report as short, unambiguous plain text for a model. */
export const render = (
  { headline, lines, nextSteps, sections }: Report,
  options: RenderOptions = {}
): string => {
  assertOptions(options, renderShape)
  const { nameCall = callText } = options
  return [
    lineText(headline),
    ...lines.map(lineText),
    ...sections.flatMap(sectionText),
    ...nextSteps.map((step) => `Next: ${nameCall(step)} ${step.why}`)
  ].join("\n")
}
