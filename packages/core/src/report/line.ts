/**
 * Makes the lines of a report. Public: `Report` exports it. What makes reports imports this, and not the renderers and the
 * configuration that `Report` brings.
 */
import * as Predicate from "effect/Predicate"
import type { Line, Span } from "./model.ts"

/**
 * Builds a line from a template, such as `Report.line\`Run ${id} failed: ${{ quote: message }}.\``. A value that is
 * `undefined` leaves nothing; a line is inserted span by span.
 */
export const line = (
  strings: ReadonlyArray<string>,
  ...values: ReadonlyArray<Span | Line | number | undefined>
): Line => joined(strings.flatMap((string, index): Line => [string, ...spansOf(values[index])]))

const isSpan = (value: Span | Line): value is Span => !Array.isArray(value)

const spansOf = (value: Span | Line | number | undefined): Line =>
  value === undefined ? [] : Predicate.isNumber(value) ? [String(value)] : isSpan(value) ? [value] : value

/** Joins neighboring words to one span, and leaves out empty ones. */
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

/** Joins lines with a separator. */
export const join = (lines: ReadonlyArray<Line>, separator: string): Line =>
  joined(lines.flatMap((spans, index) => index === 0 ? spans : [separator, ...spans]))
