/** Renders a report for a terminal. `Report` exports it. */
import { assertOptions, flag, type Shape } from "../error/check.ts"
import { visible } from "../wire/text.ts"
import type { Line, Report, Row, Section, Span, Sql, TerminalOptions } from "./model.ts"
import { callText, renderShape, spanText } from "./toText.ts"

/** A span as it is shown. Its width is that of `text`, which holds no escape sequence. */
interface Piece {
  readonly text: string
  readonly code: string
}

const codes = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36", plain: "" } as const

const statusColors: Readonly<Record<string, keyof typeof codes>> = {
  failed: "red",
  completed: "green",
  canceled: "yellow"
}

const pieceOf = (span: Span): Piece => {
  if (typeof span === "string") return { text: span, code: codes.plain }
  const text = visible(spanText(span))
  if ("status" in span) return { text, code: codes[statusColors[span.status] ?? "cyan"] }
  return { text, code: "link" in span ? codes.cyan : codes.plain }
}

const separated = (lines: ReadonlyArray<Line>, separator: string): Line =>
  lines.flatMap((line, index) => index === 0 ? line : [separator, ...line])

const piecesOf = (line: Line): ReadonlyArray<Piece> => line.map(pieceOf)

/** Joins neighbors of one color, so that each has one escape sequence and not each of its words. */
const merged = (pieces: ReadonlyArray<Piece>): ReadonlyArray<Piece> => {
  const result: Array<Piece> = []
  for (const { code, text } of pieces) {
    const last = result.at(-1)
    if (last?.code === code) result[result.length - 1] = { code, text: last.text + text }
    else result.push({ code, text })
  }
  return result
}

const painted = (pieces: ReadonlyArray<Piece>, color: boolean, around: string = codes.plain): string =>
  merged(pieces).map(({ code, text }) => {
    const sgr = [around, code].filter((part) => part !== "").join(";")
    return color && sgr !== "" ? `\u001b[${sgr}m${text}\u001b[0m` : text
  }).join("")

const widthOf = (pieces: ReadonlyArray<Piece>): number =>
  pieces.reduce((sum, { text }) => sum + Array.from(text).length, 0)

/** Breaks at blanks; a word that is longer than the line stays whole, so that an address can be copied. */
const wrapped = (pieces: ReadonlyArray<Piece>, width: number, indent: string): ReadonlyArray<ReadonlyArray<Piece>> => {
  const words = pieces.flatMap(({ code, text }) =>
    text.split(/(?<= )/).filter((part) => part !== "").map((part) => ({ code, text: part }))
  )
  let row: Array<Piece> = []
  const rows = [row]
  let used = 0
  for (const word of words) {
    const length = Array.from(word.text.trimEnd()).length
    if (used + length > width && row.at(-1)?.text.endsWith(" ") === true) {
      row = [{ text: indent, code: codes.plain }]
      rows.push(row)
      used = indent.length
    }
    row.push(word)
    used += Array.from(word.text).length
  }
  return rows
}

const shape: Shape<TerminalOptions> = {
  ...renderShape,
  width: ["Expected a number of columns", (value) => typeof value === "number" && value > 0],
  color: flag
}

/** Renders a report for a terminal: wrapped at its width, tables aligned, in color where it is wanted. */
export const render = (report: Report, options: TerminalOptions = {}): string => {
  assertOptions(options, shape)
  const { color = false, nameCall = callText, width = 100 } = options

  const block = (pieces: ReadonlyArray<Piece>, first: string, rest: string, around?: string): ReadonlyArray<string> =>
    wrapped(pieces, Math.max(20, width - first.length), rest).map((row, index) =>
      `${index === 0 ? first : ""}${painted(row, color, around)}`.trimEnd()
    )

  const sqlLines = ({ faultIndex, lines, title }: Sql): ReadonlyArray<string> => [
    ...block(piecesOf([...title, ":"]), "    ", "    ", codes.dim),
    ...lines.map((line, index) => {
      const isFault = index === faultIndex
      const shown = { text: `${isFault ? ">" : "|"} ${visible(line)}`, code: isFault ? codes.red : codes.dim }
      return `    ${painted([shown], color)}`
    })
  ]

  const rowLines = ({ cells, details = [], sql }: Row, bullet: string, widths: ReadonlyArray<number>) => {
    const pieces = cells.flatMap((cell, index): ReadonlyArray<Piece> => {
      const own = piecesOf(cell)
      const isLast = index === cells.length - 1
      const gap = isLast ? 0 : (widths[index] ?? 0) - widthOf(own) + 2
      return [...own, { text: " ".repeat(Math.max(0, gap)), code: codes.plain }]
    })
    // What does not fit goes on below the last column, where that leaves half of the width.
    const last = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
    const rest = widths.length > 1 ? " ".repeat(last <= width / 2 ? last : 4) : "  "
    return [
      ...block(pieces, bullet, rest),
      ...details.flatMap((line) => block(piecesOf(line), "    ", "    ", codes.dim)),
      ...(sql === undefined ? [] : sqlLines(sql))
    ]
  }

  const sectionLines = ({ layout, more, rows, title }: Section): ReadonlyArray<string> => {
    const heading = title === undefined ? [] : piecesOf([...title, ":"]).map(({ text }) => ({ text, code: codes.bold }))
    if (layout === "inline") {
      const all = separated(rows.map(({ cells }) => separated(cells, " ")), ", ")
      const rest: Line = more === undefined ? [] : [" and ", ...more]
      const gap: Line = heading.length === 0 ? [] : [" "]
      return block([...heading, ...piecesOf([...gap, ...all, ...rest])], "", "  ")
    }
    const columns = Math.max(0, ...rows.map(({ cells }) => cells.length))
    const widths = Array.from(
      { length: columns },
      (_, index) => Math.max(0, ...rows.map(({ cells }) => widthOf(piecesOf(cells[index] ?? []))))
    )
    const bullet = layout === "list" ? "- " : ""
    return [
      ...(heading.length === 0 ? [] : block(heading, "", "  ")),
      ...rows.flatMap((row) => rowLines(row, bullet, widths)),
      ...(more === undefined ? [] : block(piecesOf(["and ", ...more]), bullet, "  ", codes.dim))
    ]
  }

  return [
    ...block(piecesOf(report.headline), "", "  ", codes.bold),
    ...report.lines.flatMap((line) => block(piecesOf(line), "", "  ")),
    ...report.sections.flatMap((section) => ["", ...sectionLines(section)]),
    ...(report.nextSteps.length === 0 ? [] : [""]),
    ...report.nextSteps.flatMap((step) =>
      block([{ text: nameCall(step), code: codes.cyan }, { text: `  ${step.why}`, code: codes.dim }], "> ", "  ")
    )
  ].join("\n")
}
