/**
 * Cleans text from the API. It is data: names and messages that anyone with access to a pipeline may have written. Before
 * a model reads it, it is one line of visible characters of bounded length, without markup.
 */
import * as Report from "@coalesce-runs/core/Report"

/** How long the pieces of an answer may be, in characters. */
export const lengths = { id: 40, word: 40, name: 80, reason: 160 } as const

export const clean = Report.cleanText

/** Data inside a sentence: in quotation marks, so that words addressed to the reader are seen to be a quotation. */
export const quote = (text: string): string => JSON.stringify(text)

// Longer than any id or cursor, and enough of a message or of SQL.
const longest = 4000

/** Cleans every string in JSON, its keys too, so that it keeps its shape. */
export const cleanJson = (json: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [clean(key, lengths.name), cleanValue(value)]))

const cleanValue = (value: unknown): unknown =>
  typeof value === "string"
    // A status is never empty.
    ? clean(value, longest) || (value === "" ? "" : "…")
    : Array.isArray(value)
    ? value.map(cleanValue)
    : typeof value === "object" && value !== null
    ? cleanJson(value)
    : value
