/** Reads the text of a message: bounded, and without JSON around it. */
import { namesNoCause } from "./noCause.ts"

/** The most characters of a message that are read. Of a longer one both ends are read. */
export const maxRead = 65_536

const half = maxRead / 2 - 32

/** The text, or its two ends around a marker that `cut` of wire/text.ts counts on. */
const bounded = (text: string): string =>
  text.length <= maxRead
    ? text
    : `${text.slice(0, half)}…[${text.length - 2 * half} characters cut]…${text.slice(-half)}`

/** Where a JSON body holds its message, the more telling name first. */
const messageFields = [
  "errorString",
  "message",
  "errorMessage",
  "error_message",
  "msg",
  "errorDetail",
  "detail",
  "details",
  "description",
  "error",
  "errors",
  "cause",
  "reason",
  "body",
  "data"
]

const maxDepth = 8

const textIn = (value: unknown, depth: number): string | undefined => {
  if (depth > maxDepth) return undefined
  if (typeof value === "string") {
    const text = withoutJson(value, depth + 1)
    return namesNoCause(text) ? undefined : text
  }
  if (Array.isArray(value)) return textIn(value[0], depth + 1)
  if (typeof value !== "object" || value === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(value))
  for (const field of messageFields) {
    const text = textIn(fields.get(field), depth + 1)
    if (text !== undefined) return text
  }
  return undefined
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// A body that was cut has no end to parse.
const cutBody = /^\{\s{0,20}"(?:errorString|message|error)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.)*)/

// What may stand before a body: "400 Bad Request: {…}". A longer text is a message that has JSON in it as a value.
const beforeBody =
  /^(?:[\w.]+(?:Error|Exception)|error|failed|failure|request|response|http|status|code|bad|\d{3}|[\s:()-])+(?:[^{}'"]{0,60}:\s{0,5})?(?=\{)/i

const withoutJson = (text: string, depth: number): string => {
  const trimmed = text.trim()
  const last = trimmed.at(-1)
  if (
    trimmed.startsWith("{") || (trimmed.startsWith("[") && last === "]") || (trimmed.startsWith("\"") && last === "\"")
  ) {
    return textIn(parse(trimmed), depth) ?? unescaped(cutBody.exec(trimmed)?.[1]) ?? text
  }
  if (last !== "}") return text
  const before = beforeBody.exec(trimmed)
  return before === null ? text : textIn(parse(trimmed.slice(before[0].length)), depth) ?? text
}

const unescaped = (text: string | undefined): string | undefined => {
  const value = text === undefined ? undefined : parse(`"${text}"`)
  return typeof value === "string" ? value : undefined
}

/** Returns what is read of a message. */
export const readText = (message: string): string => withoutJson(bounded(message), 0)
