import type * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type { RunCursor } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import { parseJson } from "../wire/json.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut } from "../wire/text.ts"

/** What every error of a request knows. */
export interface RequestContext {
  readonly request: RunsError.FailedRequest
  readonly resumeFrom?: RunCursor
}

export const contextOf = (url: string, resumeFrom: RunCursor | undefined): RequestContext => ({
  request: { method: "GET", url },
  ...omitUndefined({ resumeFrom })
})

/** What an error of one attempt knows besides: which attempt it was, from 1. */
export interface AttemptContext extends RequestContext {
  readonly attempts: number
}

type StatusError = Extract<RunsError.RunsError, { readonly status: number }>

const maxText = 1000

// Untrusted text: no control characters that a terminal would obey, no token between them, and no megabytes. What the token
// is removed from is cut: a part of it would be found by nothing.
const clean = (text: string, scrub: (text: string) => string): string =>
  cut(scrub(text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")).trim(), maxText)

const errorOf = (body: string): unknown => {
  const parsed = parseJson(body)
  return Predicate.isObject(parsed) && "error" in parsed ? parsed.error : undefined
}

/** Reads each text of an error by itself, so that a detail of another kind does not cost the message. */
export const errorTexts = (error: unknown, scrub: (text: string) => string) => {
  const text = (value: unknown) => typeof value === "string" ? clean(value, scrub) || undefined : undefined
  const fields: { readonly errorString?: unknown; readonly errorDetail?: unknown } = Predicate.isObject(error)
    ? error
    : {}
  return omitUndefined({ errorString: text(fields.errorString), errorDetail: text(fields.errorDetail) })
}

type StatusErrorClass = new(
  fields: Omit<ConstructorParameters<typeof RunsError.BadRequest>[0], "_tag" | "status">
) => StatusError

const known: Readonly<Record<number, StatusErrorClass>> = {
  400: RunsError.BadRequest,
  401: RunsError.Unauthorized,
  403: RunsError.Forbidden,
  404: RunsError.NotFound,
  429: RunsError.TooManyRequests,
  500: RunsError.InternalServerError,
  502: RunsError.BadGateway,
  503: RunsError.ServiceUnavailable,
  504: RunsError.GatewayTimeout
}

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
    ...errorTexts(errorOf(response.body), scrub),
    ...omitUndefined({ retryAfter: response.retryAfter })
  }
  const Known = known[response.status]
  return Known !== undefined ? new Known(fields) : new RunsError.UnexpectedStatus({
    ...fields,
    status: response.status,
    ...(response.location === undefined
      ? {}
      : { location: clean(scrub(response.location).split(/[?#]/)[0] ?? "", scrub) })
  })
}
