/** Reads the text of a message: bounded, and without JSON around it. */
import { parseJson } from "../wire/json.ts"
import { cutMarker } from "../wire/text.ts"
import { namesNoCause } from "./noCause.ts"

/** The most characters of a message that are read. Of a longer one both ends are read. */
export const maxRead = 65_536

const half = maxRead / 2 - 32

/** The text, or its two ends around the marker of `cut`, which counts on from it. */
const bounded = (text: string): string =>
  text.length <= maxRead
    ? text
    : text.slice(0, half) + cutMarker(text.length - 2 * half) + text.slice(-half)

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

// A body that was cut has no end to parse.
const cutBody = /^\{\s{0,20}"(?:errorString|message|error)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.)*)/

// What may stand before a body: "400 Bad Request: {…}". Other words are a message that has JSON in it as a value.
const maxBefore = 200
const announces = /error|exception|fail|request|response|http|status|\b[45]\d\d\b/i
const isValue = /pars|json|variant|value|row|['"]/i

const withoutJson = (text: string, depth: number): string => {
  const trimmed = text.trim()
  const first = trimmed.charAt(0)
  const last = trimmed.at(-1)
  if (first === "{" || (first === "[" && last === "]") || (first === "\"" && last === "\"")) {
    const value = parseJson(trimmed)
    return value === undefined
      ? unescaped(cutBody.exec(trimmed)?.[1]) ?? text
      : textIn(value, depth) ?? (isBody(value) ? "" : text)
  }
  const at = last === "}" ? trimmed.slice(0, maxBefore).indexOf("{") : -1
  if (at === -1) return text
  const before = trimmed.slice(0, at)
  return announces.test(before) && !isValue.test(before) ? textIn(parseJson(trimmed.slice(at)), depth) ?? text : text
}

/** Whether it has a place for a message, with nothing in it. */
const isBody = (value: unknown): boolean =>
  typeof value === "object" && value !== null && messageFields.some((field) => Object.hasOwn(value, field))

const unescaped = (text: string | undefined): string | undefined => {
  const value = text === undefined ? undefined : parseJson(`"${text}"`)
  return typeof value === "string" ? value : undefined
}

/** Returns what is read of a message. */
export const readText = (message: string): string => withoutJson(bounded(message), 0)
