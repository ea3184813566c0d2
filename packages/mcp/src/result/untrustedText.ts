/**
 * Cleans text from the API. It is data: names and messages that anyone with access to a pipeline may have written. Before
 * a model reads it, it is one line of visible characters of bounded length, without markup.
 */
import * as Report from "@coalesce-runs/core/Report"

export { isUnset } from "@coalesce-runs/core/Connection"

/** Characters of a name. */
export const nameLength = Report.defaultBounds.name

export const clean = Report.cleanText

/** Returns data for a sentence in quotation marks, so that words addressed to the reader are seen to be a quotation. */
export const quote = Report.quoteText
