/** Renders a report as Markdown. `Report` exports it. */
import { assertOptions } from "../error/check.ts"
import { visible } from "../wire/text.ts"
import type { Line, RenderOptions, Report, Row, Section, Span, Sql } from "./model.ts"
import { callText, renderShape, spanText } from "./toText.ts"

const escaped = (text: string): string =>
  text.replace(/[\\`*_[\]<>#|~@&!]/g, (character) => `\\${character}`)
    // Addresses become links by themselves.
    .replace(/(?<=https?):\/\/|(?<=www)\./gi, (separator) => `\\${separator}`)

/** Returns a text between more backticks than it has in succession. */
const code = (text: string): string => {
  const fence = "`".repeat(Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length)) + 1)
  const pad = fence.length > 1 ? " " : ""
  return `${fence}${pad}${text}${pad}${fence}`
}

const isWebPage = (address: string): boolean => /^https?:\/\/[^\s<>()]+$/i.test(address)

const spanMarkdown = (span: Span): string =>
  typeof span === "string"
    ? escaped(span)
    : "quote" in span
    ? escaped(spanText({ quote: visible(span.quote) }))
    : "name" in span
    ? code(visible(span.name))
    : "status" in span
    ? `**${escaped(visible(span.status))}**`
    : isWebPage(span.link)
    ? `<${span.link}>`
    : escaped(visible(span.link))

const lineMarkdown = (line: Line): string => line.map(spanMarkdown).join("")

// What is visible of a line has no three backticks in succession.
const sqlMarkdown = ({ faultIndex, lines, title }: Sql): ReadonlyArray<string> => [
  `  ${lineMarkdown(title)}:`,
  "",
  "  ```sql",
  ...lines.map((line, index) => `  ${visible(line)}${index === faultIndex ? " -- at fault" : ""}`),
  "  ```"
]

const rowMarkdown = ({ cells, details = [], sql }: Row): ReadonlyArray<string> => [
  `- ${cells.map(lineMarkdown).filter((cell) => cell !== "").join(" ")}`,
  ...details.map((line) => `  - ${lineMarkdown(line)}`),
  ...(sql === undefined ? [] : sqlMarkdown(sql))
]

const sectionMarkdown = ({ layout, more, rows, title }: Section): ReadonlyArray<string> => {
  const heading = title === undefined ? undefined : lineMarkdown(title)
  if (layout === "inline") {
    const all = rows.map(({ cells }) => cells.map(lineMarkdown).join(" ")).join(", ")
    const rest = more === undefined ? "" : ` and ${lineMarkdown(more)}`
    return ["", `${heading === undefined ? "" : `**${heading}:** `}${all}${rest}`]
  }
  return [
    "",
    ...(heading === undefined ? [] : [`**${heading}**`, ""]),
    ...rows.flatMap(rowMarkdown),
    ...(more === undefined ? [] : [`- and ${lineMarkdown(more)}`])
  ]
}

/** Renders a report as Markdown. Text from the API is escaped. */
export const render = (
  { headline, lines, nextSteps, sections }: Report,
  options: RenderOptions = {}
): string => {
  assertOptions(options, renderShape)
  const { nameCall = callText } = options
  return [
    lineMarkdown(headline),
    ...lines.flatMap((line) => ["", lineMarkdown(line)]),
    ...sections.flatMap(sectionMarkdown),
    ...(nextSteps.length === 0
      ? []
      : ["", "**Next**", "", ...nextSteps.map((step) => `- ${code(nameCall(step))} ${escaped(step.why)}`)])
  ].join("\n")
}
