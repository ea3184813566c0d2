/**
 * Everything that can go wrong, one class each: flat, so that `Effect.catchTag` reaches every one of them by name.
 *
 * **Details**
 *
 * The message of each is a sentence for a person: what happened, to which request, what to do. The request is there as
 * method and URL; the token is not, and can not be: it is cut out of everything that an error is made from.
 *
 * All of them are schemas as well. {@link RunsError} encodes any of them to JSON and back.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { RunCursorFromString } from "./RunCursor.ts"

/**
 * The request that failed: never its headers.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailedRequest = Schema.Struct({
  method: Schema.String,
  /** The whole URL with its query. */
  url: Schema.String
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailedRequest extends Schema.Schema.Type<typeof FailedRequest> {}

const context = {
  request: FailedRequest,
  /** Where a stream goes on: pass it as `startingFrom`. Absent where nothing came before. */
  resumeFrom: Schema.optionalKey(RunCursorFromString)
}

const answer = {
  ...context,
  /** What the API said, bounded. Absent where its body said nothing that could be read. */
  errorString: Schema.optionalKey(Schema.String),
  errorDetail: Schema.optionalKey(Schema.String),
  /** How long the server asked to wait, from its `Retry-After`. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis)
}

const answered = <Status extends number>(status: Status) => ({ status: Schema.tag(status), ...answer })

interface Answer {
  readonly request: FailedRequest
  readonly status: number
  readonly errorString?: string
  readonly errorDetail?: string
  readonly retryAfter?: Duration.Duration
}

const stop = (text: string): string => /[.!?]$/.test(text) ? text : `${text}.`

const sentence = (error: Answer, name: string, advice: string): string => {
  const said = [error.errorString, error.errorDetail].filter((text) => text !== undefined && text !== "").join(" ")
  const wait = error.retryAfter === undefined ? "" : ` The server asks to wait ${Duration.format(error.retryAfter)}.`
  return `${error.request.method} ${error.request.url} answered ${error.status} ${name}${
    said === "" ? "." : `: ${stop(said)}`
  }${wait} ${advice}`
}

/**
 * 400: the API refused the request's parameters.
 *
 * @category errors
 * @since 0.1.0
 */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", answered(400)) {
  get isRetryable(): boolean {
    return false
  }
  override get message(): string {
    return sentence(this, "Bad Request", "Correct the parameter it names.")
  }
}

/**
 * 401: the token is not valid on this host, or lacks the authorization for this action.
 *
 * @category errors
 * @since 0.1.0
 */
export class Unauthorized extends Schema.TaggedError<Unauthorized>()("Unauthorized", answered(401)) {
  get isRetryable(): boolean {
    return false
  }
  override get message(): string {
    return sentence(
      this,
      "Unauthorized",
      "Check the access token (Coalesce, Deploy tab): it may have been revoked, or belong to the region of another host."
    )
  }
}

/**
 * 403: the token is valid and may not do this.
 *
 * @category errors
 * @since 0.1.0
 */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", answered(403)) {
  get isRetryable(): boolean {
    return false
  }
  override get message(): string {
    return sentence(this, "Forbidden", "Ask for a role that may see this environment.")
  }
}

/**
 * 404: no such run, or the host or path is not one of Coalesce's.
 *
 * @category errors
 * @since 0.1.0
 */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", answered(404)) {
  get isRetryable(): boolean {
    return false
  }
  override get message(): string {
    return sentence(
      this,
      "Not Found",
      "Check the run's id (the number, not the UUID of its web address) and the base URL."
    )
  }
}

/**
 * 429: too many requests. `retryAfter` says how long to wait when the server did.
 *
 * @category errors
 * @since 0.1.0
 */
export class TooManyRequests extends Schema.TaggedError<TooManyRequests>()("TooManyRequests", answered(429)) {
  get isRetryable(): boolean {
    return true
  }
  override get message(): string {
    return sentence(this, "Too Many Requests", "Ask less often, or again later.")
  }
}

/**
 * 500: the server met something unexpected.
 *
 * @category errors
 * @since 0.1.0
 */
export class InternalServerError extends Schema.TaggedError<InternalServerError>()(
  "InternalServerError",
  answered(500)
) {
  get isRetryable(): boolean {
    return true
  }
  override get message(): string {
    return sentence(this, "Internal Server Error", "Try again later; if it stays, tell Coalesce's support.")
  }
}

/**
 * 502: an upstream system answered the server with an error.
 *
 * @category errors
 * @since 0.1.0
 */
export class BadGateway extends Schema.TaggedError<BadGateway>()("BadGateway", answered(502)) {
  get isRetryable(): boolean {
    return true
  }
  override get message(): string {
    return sentence(this, "Bad Gateway", "Try again later.")
  }
}

/**
 * 503: the service is currently unavailable.
 *
 * @category errors
 * @since 0.1.0
 */
export class ServiceUnavailable extends Schema.TaggedError<ServiceUnavailable>()(
  "ServiceUnavailable",
  answered(503)
) {
  get isRetryable(): boolean {
    return true
  }
  override get message(): string {
    return sentence(this, "Service Unavailable", "Try again later.")
  }
}

/**
 * 504: an upstream system did not answer the server in time.
 *
 * @category errors
 * @since 0.1.0
 */
export class GatewayTimeout extends Schema.TaggedError<GatewayTimeout>()("GatewayTimeout", answered(504)) {
  get isRetryable(): boolean {
    return true
  }
  override get message(): string {
    return sentence(this, "Gateway Timeout", "Try again later, or ask for less at a time.")
  }
}

/**
 * Any other status. A redirect is one: it is never followed, since the token would go along.
 *
 * @category errors
 * @since 0.1.0
 */
export class UnexpectedStatus extends Schema.TaggedError<UnexpectedStatus>()("UnexpectedStatus", {
  status: Schema.Int,
  ...answer,
  /** Where a redirect points, without its query. */
  location: Schema.optionalKey(Schema.String)
}) {
  get isRetryable(): boolean {
    return false
  }
  override get message(): string {
    return sentence(
      this,
      this.location === undefined ? "(unexpected)" : `(a redirect to ${this.location}, not followed)`,
      "Check the base URL: this is not what the API of Coalesce answers."
    )
  }
}

/**
 * No answer, or only a part of one: the host could not be reached, or the connection broke.
 *
 * @category errors
 * @since 0.1.0
 */
export class TransportError extends Schema.TaggedError<TransportError>()("TransportError", {
  ...context,
  /** What the network said, such as `connect ECONNREFUSED 127.0.0.1:443`. */
  description: Schema.String
}) {
  get isRetryable(): boolean {
    return true
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    return `${this.request.method} ${this.request.url} got no whole answer: ${
      stop(this.description)
    } Check the base URL and the network.`
  }
}

/**
 * No whole answer, headers and body, within the time of one attempt.
 *
 * @category errors
 * @since 0.1.0
 */
export class RequestTimeout extends Schema.TaggedError<RequestTimeout>()("RequestTimeout", {
  ...context,
  timeout: Schema.DurationFromMillis
}) {
  get isRetryable(): boolean {
    return true
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    return `${this.request.method} ${this.request.url} gave no whole answer within ${
      Duration.format(this.timeout)
    }. Ask for smaller pages, or allow it more time.`
  }
}

/**
 * The answer, or one row of it, is not what the API documents. A 200 with an empty body is one.
 *
 * @category errors
 * @since 0.1.0
 */
export class DecodeError extends Schema.TaggedError<DecodeError>()("DecodeError", {
  ...context,
  /** The run whose row it is, where its id could be read. */
  runID: Schema.optionalKey(Schema.Int),
  /** The row's position in its page, from 0. Absent where the answer as a whole could not be read. */
  index: Schema.optionalKey(Schema.Int),
  /** Where in the row or the answer, such as `runDetails.nodesInRun`. Empty for the whole of it. */
  path: Schema.String,
  issue: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    const row = this.index !== undefined
      ? this.runID === undefined ? `row ${this.index}` : `run ${this.runID} (row ${this.index})`
      : this.runID === undefined || this.path === ""
      ? "the answer"
      : `run ${this.runID}`
    return `${this.request.method} ${this.request.url}: ${row} could not be read${
      this.path === "" ? "" : ` at ${this.path}`
    }: ${stop(this.issue)}${
      this.index !== undefined
        ? " Pass undecodableRows: \"skip\" to go on without such rows."
        : this.path === "" || this.path === "data"
        ? " Check the base URL."
        : " This is not what the API of Coalesce documents: a newer version of this library may know it."
    }`
  }
}

/**
 * The pages do not lead on, so that going on would lose runs or never end. It comes after the good rows.
 *
 * **Details**
 *
 * - `RepeatedCursor`, `BackwardCursor`: the answer's `next` leads nowhere new.
 * - `NoProgress`: three pages in a row without a new run.
 * - `TooManyTies`: 1000 runs or more share one time, more than one page can hold.
 *
 * @category errors
 * @since 0.1.0
 */
export class PaginationError extends Schema.TaggedError<PaginationError>()("PaginationError", {
  ...context,
  reason: Schema.Literals(["RepeatedCursor", "BackwardCursor", "NoProgress", "TooManyTies"]),
  description: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    return `${this.request.method} ${this.request.url}: the pages do not lead on: ${stop(this.description)} ${
      this.reason === "TooManyTies" ? "Order by id instead." : "Go on from resumeFrom, or order by id."
    }`
  }
}

/**
 * The query was refused before any request was made. Every violation is named.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidQuery extends Schema.TaggedError<InvalidQuery>()("InvalidQuery", {
  violations: Schema.Array(Schema.Struct({ field: Schema.String, reason: Schema.String }))
}) {
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    return `The query was refused before any request: ${
      this.violations.map(({ field, reason }) => `${field}: ${reason}`).join("; ")
    }.`
  }
}

/**
 * The connection's settings were refused before any request was made. The token is never part of the reason.
 *
 * @category errors
 * @since 0.1.0
 */
export class InvalidConnection extends Schema.TaggedError<InvalidConnection>()("InvalidConnection", {
  field: Schema.Literals(["accessToken", "baseUrl", "region", "profile", "timeout"]),
  reason: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
  get retryAfter(): undefined {
    return undefined
  }
  override get message(): string {
    return `The connection was refused before any request: ${this.field}: ${stop(this.reason)}`
  }
}

/**
 * Any error of a request, as a schema: it encodes to JSON and back.
 *
 * @category schemas
 * @since 0.1.0
 */
export const RunsError = Schema.Union([
  BadRequest,
  Unauthorized,
  Forbidden,
  NotFound,
  TooManyRequests,
  InternalServerError,
  BadGateway,
  ServiceUnavailable,
  GatewayTimeout,
  UnexpectedStatus,
  TransportError,
  RequestTimeout,
  DecodeError,
  PaginationError,
  InvalidQuery,
  InvalidConnection
])

/**
 * Any error of this library.
 *
 * @category models
 * @since 0.1.0
 */
export type RunsError = typeof RunsError.Type
