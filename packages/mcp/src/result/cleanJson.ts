/** Cleans structured content. Apart from `untrustedText.ts`, which every start loads. */
import * as RunCursor from "@coalesce-runs/core/RunCursor"
import { clean, nameLength } from "./untrustedText.ts"

// Longer than any id, and enough of a message or of SQL.
const maxLength = 4000

// A cursor must stay whole: it may hold the ids of a page.
const maxCursorLength = 16_000

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
