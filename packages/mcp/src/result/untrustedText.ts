/**
 * Cleans text from the API. It is data: names and messages that anyone with access to a pipeline may have written. Before
 * a model reads it, it is one line of visible characters of bounded length, without markup.
 */
import * as Report from "@coalesce-runs/core/Report"
import * as RunCursor from "@coalesce-runs/core/RunCursor"

/** Characters of a name. */
export const nameLength = 80

// Longer than any id, and enough of a message or of SQL.
const maxLength = 4000

// A cursor must stay whole: it may hold the ids of a page.
const maxCursorLength = 16_000

export const clean = Report.cleanText

/** Returns data for a sentence in quotation marks, so that words addressed to the reader are seen to be a quotation. */
export const quote = (text: string): string => JSON.stringify(text)

/** Cleans every string of JSON, and its keys, without changing its shape. */
export const cleanJson = (json: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [clean(key, nameLength), cleanValue(value)]))

const cleanValue = (value: unknown): unknown =>
  typeof value === "string"
    ? cleanString(value)
    : Array.isArray(value)
    ? value.map(cleanValue)
    : typeof value === "object" && value !== null
    ? cleanJson(value)
    : value

/** A status may not be empty, so a text that had something in it keeps something. */
const cleanString = (text: string): string =>
  text === "" || (text.length <= maxCursorLength && RunCursor.isEncoded(text)) ? text : clean(text, maxLength) || "…"
