/** Reads a response: the JSON of a 200, how long to wait, and what the network said instead. */
import * as Duration from "effect/Duration"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { obstacleOf } from "../error/obstacle.ts"
import * as RunsError from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut } from "../wire/text.ts"
import { clean } from "./scrub.ts"
import { type AttemptContext, errorTexts, type RequestContext } from "./statusError.ts"

/** The parsed body of a 200, and what an error of its contents says about the request. */
export interface ParsedResponse {
  readonly body: unknown
  readonly context: RequestContext
}

/**
 * Returns the innermost cause that has words, because "fetch failed" hides what happened in a chain of causes; and the
 * obstacle that any of them names.
 */
export const describe = (error: unknown, scrub: (text: string) => string) => {
  let text = typeof error === "string" && error !== "" ? error : "the connection failed"
  let all = text
  for (let cause = error, depth = 0; Predicate.isObject(cause) && depth < 6; depth++) {
    const own = "description" in cause && Predicate.isString(cause.description)
      ? cause.description
      : cause instanceof Error
      ? cause.message
      : ""
    const code = "code" in cause && Predicate.isString(cause.code) ? cause.code : undefined
    if (own !== "") text = code === undefined || own.includes(code) ? own : `${own} (${code})`
    else if (code !== undefined) text = code
    all += ` ${text}`
    cause = "reason" in cause ? cause.reason : "cause" in cause ? cause.cause : undefined
  }
  // A cut before this could leave a part of the token, which nothing would find.
  return { description: cut(scrub(text), 300), ...omitUndefined({ obstacle: obstacleOf(all) }) }
}

const maxWait = 3_600_000

/** Seconds as servers and proxies write them: `120`, `"120"`, `1.5`, `120s`, `120 seconds`, `120, 120`. */
const seconds = /^"?(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?"?\s*(?:[,;].*)?$/i

// A date without a zone is in UTC: engines would read it in the zone of the machine.
const dateOf = (text: string): number =>
  /\d:\d/.test(text)
    ? Date.parse(/\d$/.test(text) && !/[+-]\d\d:?\d\d$/.test(text) ? text + (/T\d/.test(text) ? "Z" : " GMT") : text)
    : Number.NaN

/** Returns how long a `Retry-After` asks to wait, at most an hour: seconds, the time in epoch seconds, or a date in any form. */
export const retryAfterOf = (
  { headers }: Pick<HttpClientResponse.HttpClientResponse, "headers">,
  now: number
): Duration.Duration | undefined => {
  const header = headers["retry-after"]?.trim()
  if (header === undefined) return undefined
  const number = Number(seconds.exec(header)?.[1] ?? Number.NaN)
  const millis = number > 1e9 ? number * 1000 - now : Number.isNaN(number) ? dateOf(header) - now : number * 1000
  return Number.isNaN(millis)
    ? undefined
    : Duration.millis(Math.min(Math.ceil(Math.max(0, millis)), maxWait))
}

/** Returns whether a text is JSON that ends before its last bracket closes, as it does where a connection breaks. */
const endsEarly = (text: string): boolean => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 34 /* " */) {
      for (at++; at < text.length && text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92 /* \ */) at++
    } else if (code === 123 /* { */ || code === 91 /* [ */) depth++
    else if (code === 125 || code === 93) depth--
  }
  return depth > 0
}

/** Returns what the server says in a 200 that holds an error instead of what was requested. */
const errorIn = (body: unknown, scrub: (text: string) => string): string | undefined => {
  if (!Predicate.isObject(body) || !("error" in body) || "data" in body || "id" in body) return undefined
  const { errorDetail, errorString } = errorTexts(
    Predicate.isString(body.error) ? { errorString: body.error } : body.error,
    scrub
  )
  return [errorString, errorDetail].filter((text) => text !== undefined).join(" ")
}

/**
 * Closes the JSON of an error that was cut off, so that the beginning of its message can be read. Its last characters go:
 * what they begin, be it an escape or the token, could not be recognized.
 */
export const closed = (body: string): string => `${body.slice(0, -4096).replace(/\\.{0,5}$/, "")}"}}`

/** Parses the body of a 200, and removes the token from every text in it. Returns `undefined` where the body ends early. */
export const parse = (
  body: string,
  { attempts: _, ...context }: AttemptContext,
  scrub: (text: string) => string
): Result.Result<ParsedResponse, RunsError.DecodeError> | undefined => {
  const refuse = (issue: string) => Result.fail(new RunsError.DecodeError({ ...context, path: "", issue }))
  const start = body.trimStart()
  if (start === "") return refuse("the body is empty, as it is at a wrong path")
  try {
    const parsed: unknown = JSON.parse(body)
    // JSON may write any character as an escape, and so hide a token from a search of its text.
    const cleaned = body.includes("\\u") || body.includes("\\/") ? clean(parsed, scrub) : parsed
    const said = errorIn(cleaned, scrub)
    return said === undefined
      ? Result.succeed({ body: cleaned, context })
      : refuse(`the status is 200, but the body is an error${said === "" ? "" : `: ${said}`}`)
  } catch {
    if (start.startsWith("<")) return refuse("the body is HTML instead of JSON")
    return /^[[{]/.test(start) && endsEarly(body) ? undefined : refuse("the body is not complete JSON")
  }
}
