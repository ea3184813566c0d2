import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { RunCursor } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"

/** What every error of a request knows. */
export interface RequestContext {
  readonly request: RunsError.FailedRequest
  readonly resumeFrom?: RunCursor
}

/** What an error of one attempt knows besides: which attempt it was, from 1. */
export interface AttemptContext extends RequestContext {
  readonly attempts: number
}

export type StatusError = Extract<RunsError.RunsError, { readonly status: number }>

const maxText = 1000

// Untrusted text: no control characters that a terminal would obey, no token between them, and no megabytes.
const clean = (text: string, scrub: (text: string) => string): string => {
  const printable = scrub(text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")).trim()
  return printable.length > maxText ? `${printable.slice(0, maxText)}…` : printable
}

const decodeBody = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ error: Schema.Record(Schema.String, Schema.Unknown) }))
)

/** Reads each of the two texts by itself, so that a detail of another kind does not cost the message. */
const textsOf = (body: string, scrub: (text: string) => string) =>
  Option.match(decodeBody(body), {
    onNone: () => ({}),
    onSome: ({ error }) => {
      const text = (name: "errorString" | "errorDetail") => {
        const value = error[name]
        const cleaned = typeof value === "string" ? clean(value, scrub) : ""
        return cleaned === "" ? {} : { [name]: cleaned }
      }
      return { ...text("errorString"), ...text("errorDetail") }
    }
  })

/** Returns the error of a status, whatever the body is. */
export const fromStatus = (
  context: AttemptContext,
  response: {
    readonly status: number
    readonly body: string
    readonly location: string | undefined
    readonly retryAfter: Duration.Duration | undefined
  },
  scrub: (text: string) => string
): StatusError => {
  const fields = {
    ...context,
    ...textsOf(response.body, scrub),
    ...(response.retryAfter === undefined ? {} : { retryAfter: response.retryAfter })
  }
  switch (response.status) {
    case 400:
      return new RunsError.BadRequest(fields)
    case 401:
      return new RunsError.Unauthorized(fields)
    case 403:
      return new RunsError.Forbidden(fields)
    case 404:
      return new RunsError.NotFound(fields)
    case 429:
      return new RunsError.TooManyRequests(fields)
    case 500:
      return new RunsError.InternalServerError(fields)
    case 502:
      return new RunsError.BadGateway(fields)
    case 503:
      return new RunsError.ServiceUnavailable(fields)
    case 504:
      return new RunsError.GatewayTimeout(fields)
    default:
      return new RunsError.UnexpectedStatus({
        ...fields,
        status: response.status,
        ...(response.location === undefined ? {} : { location: clean(response.location.split(/[?#]/)[0] ?? "", scrub) })
      })
  }
}
