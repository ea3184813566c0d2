/** Compares times to the nanosecond. */

const isoTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?(Z|[+-]\d{2}(?::?\d{2})?)$/

/**
 * Returns a text of fixed width for an instant, in UTC to the nanosecond, so that texts compare as the instants do. Returns
 * undefined for a text that is not an ISO 8601 date-time with an offset.
 */
export const canonicalTime = (text: string): string | undefined => {
  const match = isoTime.exec(text)
  if (match === null) return undefined
  const [, base = "", fraction = "", offset = ""] = match
  const millis = Date.parse(`${base}${offset}`)
  if (Number.isNaN(millis)) return undefined
  return `${new Date(millis).toISOString().slice(0, 20)}${fraction.slice(0, 9).padEnd(9, "0")}Z`
}
