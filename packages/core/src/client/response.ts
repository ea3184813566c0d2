/** Reads a response: the JSON of a 200, how long to wait, and what the network said instead. */
import type * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as RunsError from "../RunsError.ts"
import type { RequestContext } from "./statusError.ts"

/** The parsed body of a 200, and what an error of its contents says about the request. */
export interface ParsedResponse {
  readonly body: unknown
  readonly context: RequestContext
}

/** Returns the innermost cause that has words, because "fetch failed" hides what happened in a chain of causes. */
export const describe = (error: unknown): string => {
  let text = "the connection failed"
  for (let cause = error, depth = 0; Predicate.isObject(cause) && depth < 6; depth++) {
    const own = "description" in cause && Predicate.isString(cause.description)
      ? cause.description
      : cause instanceof Error
      ? cause.message
      : ""
    const code = "code" in cause && Predicate.isString(cause.code) ? cause.code : undefined
    if (own !== "") text = code === undefined || own.includes(code) ? own : `${own} (${code})`
    else if (code !== undefined) text = code
    cause = "reason" in cause ? cause.reason : "cause" in cause ? cause.cause : undefined
  }
  return text.slice(0, 300)
}

export const retryAfterOf = (
  { headers }: HttpClientResponse.HttpClientResponse,
  now: number
): Duration.Duration | undefined => {
  const header = headers["retry-after"]
  return header === undefined
    ? undefined
    : Result.getOrUndefined(
      Result.map(Headers.parseRetryAfter(header), (retryAfter) => Headers.retryAfterDelay(retryAfter, now))
    )
}

/** Parses the body of a 200, and removes the token from every text in it. */
export const parse = (
  body: string,
  context: RequestContext,
  scrub: (text: string) => string
): Result.Result<ParsedResponse, RunsError.DecodeError> => {
  const refuse = (issue: string) => Result.fail(new RunsError.DecodeError({ ...context, path: "", issue }))
  if (body.trim() === "") return refuse("the body is empty, as it is at a wrong path")
  try {
    // JSON may write any character as an escape, and so hide a token from a search of its text.
    const hidden = /\\[/u]/.test(body)
    const parsed: unknown = JSON.parse(
      body,
      hidden ? (_, value: unknown) => Predicate.isString(value) ? scrub(value) : value : undefined
    )
    return Result.succeed({ body: parsed, context })
  } catch {
    return refuse(
      body.trimStart().startsWith("<") ? "the body is HTML instead of JSON" : "the body is not complete JSON"
    )
  }
}
