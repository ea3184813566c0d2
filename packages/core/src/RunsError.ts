/**
 * Every error of this library, one class each: flat, so that `Effect.catchTag` reaches each of them by name.
 *
 * **Details**
 *
 * The message of each is a sentence for a person: what happened to which request, after how many attempts, what to do, and
 * whether `resumeFrom` is set. `console.log`, `JSON.stringify` and Effect's loggers show it, with `isRetryable` and the
 * fields. The request is there as method and URL. The token is in none of them.
 *
 * All of them are schemas as well. {@link RunsError} encodes any of them to JSON and back.
 *
 * Long because it is all errors: a reader finds every class in one place.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as base from "./error/base.ts"
import * as obstacles from "./error/obstacle.ts"

/** The request that failed: its method and its whole URL with the query, never its headers. */
export const FailedRequest = base.FailedRequest

/** The request that failed. */
export interface FailedRequest extends Schema.Schema.Type<typeof FailedRequest> {}

/** 400: the API refused the parameters of the request. */
export class BadRequest extends base.ofStatus<BadRequest>()("BadRequest", 400) {}

/** 401: the token is not valid on this host, or lacks the authorization for this action. */
export class Unauthorized extends base.ofStatus<Unauthorized>()("Unauthorized", 401) {}

/** 403: the token is valid, but not permitted to do this. */
export class Forbidden extends base.ofStatus<Forbidden>()("Forbidden", 403) {}

/** 404: there is no such run, or the host or path is not one of Coalesce. */
export class NotFound extends base.ofStatus<NotFound>()("NotFound", 404) {}

/** 429: too many requests. `retryAfter` is how long to wait, if the server said so. */
export class TooManyRequests extends base.ofStatus<TooManyRequests>()("TooManyRequests", 429) {}

/** 500: the server met an unexpected condition. */
export class InternalServerError extends base.ofStatus<InternalServerError>()("InternalServerError", 500) {}

/** 502: a system behind the server responded with an error. */
export class BadGateway extends base.ofStatus<BadGateway>()("BadGateway", 502) {}

/** 503: the service is currently unavailable. */
export class ServiceUnavailable extends base.ofStatus<ServiceUnavailable>()("ServiceUnavailable", 503) {}

/** 504: a system behind the server did not respond in time. */
export class GatewayTimeout extends base.ofStatus<GatewayTimeout>()("GatewayTimeout", 504) {}

/** Any other status. A redirect is one: it is never followed, because the token would go along. */
export class UnexpectedStatus extends base.ResponseError.extend<UnexpectedStatus>("UnexpectedStatus")({
  _tag: Schema.tag("UnexpectedStatus"),
  /** Where a redirect points, without its query. */
  location: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const name = this.location === undefined ? "(unexpected)" : `(a redirect to ${this.location}, not followed)`
    return base.responseSentence(this, name, "Check the base URL: the API of Coalesce does not respond like this.")
  }
}

/**
 * No response, or only a part of one: the host could not be reached, or the connection broke. It is retryable unless there is
 * an `obstacle`.
 */
export class TransportError extends base.AnyError.extend<TransportError>("TransportError")({
  _tag: Schema.tag("TransportError"),
  ...base.attemptFields,
  /** What the network said, such as `connect ECONNREFUSED 127.0.0.1:443`. */
  description: Schema.String,
  /** What stays in the way until a setting is changed. Absent where it may pass. */
  obstacle: Schema.optionalKey(Schema.Literals(obstacles.names)),
  /** A proxy that the environment names, and whether it was used. `@coalesce-runs/core/node` finds out. */
  proxy: Schema.optionalKey(Schema.String)
}) {
  override get isRetryable(): boolean {
    return this.obstacle === undefined
  }

  /** What to do about it. */
  get advice(): string {
    const advice = this.obstacle === undefined
      ? "Check the base URL and the network."
      : obstacles.adviceOn(this.obstacle)
    return this.proxy === undefined ? advice : `${this.proxy} ${advice}`
  }

  override get message(): string {
    return base.sentence(this, "failed", this.description, this.advice)
  }
}

/** No complete response, headers and body, within the time of one attempt. */
export class RequestTimeout extends base.AnyError.extend<RequestTimeout>("RequestTimeout")({
  _tag: Schema.tag("RequestTimeout"),
  ...base.attemptFields,
  timeout: base.DurationFromMillis
}) {
  override get message(): string {
    const why = `no complete response within ${base.formatDuration(this.timeout)}`
    return base.sentence(this, "timed out", why, "Request smaller pages, or set a longer timeout.")
  }
}

/** The response is larger than `maxResponseBytes`. The rest of it was not read. */
export class ResponseTooLarge extends base.AnyError.extend<ResponseTooLarge>("ResponseTooLarge")({
  _tag: Schema.tag("ResponseTooLarge"),
  ...base.attemptFields,
  /** The most bytes that this client reads, after decompression. */
  limit: Schema.Int
}) {
  override get message(): string {
    const why = `it has more than ${this.limit} bytes`
    return base.sentence(
      this,
      "returned too large a response",
      why,
      "Request smaller pages, or set a larger maxResponseBytes."
    )
  }
}

/** The response, or one row of it, is not what the API documents. A 200 with an empty body is one. */
export class DecodeError extends base.AnyError.extend<DecodeError>("DecodeError")({
  _tag: Schema.tag("DecodeError"),
  ...base.requestFields,
  /** The run of the row, if its id could be decoded. */
  runID: Schema.optionalKey(Schema.Int),
  /** The position of the row in its page, from 0. Absent if the response as a whole could not be decoded. */
  index: Schema.optionalKey(Schema.Int),
  /** Where in the row or the response, such as `runDetails.nodesInRun`. Empty for the whole of it. */
  path: Schema.String,
  issue: Schema.String
}) {
  override get message(): string {
    const { index, path, runID } = this
    const run = runID === undefined || (index === undefined && path === "") ? undefined : `run ${runID}`
    const row = index === undefined ? run : run === undefined ? `row ${index}` : `${run} (row ${index})`
    return base.sentence(
      this,
      `returned ${row ?? "a response"} that cannot be decoded${path === "" ? "" : ` at ${path}`}`,
      this.issue,
      index !== undefined
        ? "Pass `undecodableRows: \"skip\"` to leave such rows out."
        : path === "" || path === "data"
        ? "Check the base URL."
        : "The API of Coalesce does not document this: a newer version of this library may know it."
    )
  }
}

/**
 * Pagination cannot advance: continuing could skip runs or loop forever. The runs before it are emitted first.
 *
 * **Details**
 *
 * - `RepeatedCursor`, `BackwardCursor`: the `next` of the response does not advance.
 * - `NoProgress`: three pages in succession returned no new run.
 * - `TooManyTies`: 1000 runs or more share one time, more than one page can hold.
 */
export class PaginationError extends base.AnyError.extend<PaginationError>("PaginationError")({
  _tag: Schema.tag("PaginationError"),
  ...base.requestFields,
  reason: Schema.Literals(["RepeatedCursor", "BackwardCursor", "NoProgress", "TooManyTies"]),
  description: Schema.String
}) {
  override get message(): string {
    return `Pagination cannot advance: continuing could skip runs or loop forever. ${
      base.sentence(this, "cannot be continued", this.description, "Order by id instead.")
    }`
  }
}

/** The query is invalid. Every violation is named. Unless `requestsSent` says otherwise, no request was sent. */
export class InvalidQuery extends base.AnyError.extend<InvalidQuery>("InvalidQuery")({
  _tag: Schema.tag("InvalidQuery"),
  violations: Schema.Array(Schema.Struct({ field: Schema.String, reason: Schema.String })),
  /** Whether runs were read first, as it takes to see that several jobs have a name. Absent: no request was sent. */
  requestsSent: Schema.optionalKey(Schema.Boolean)
}) {
  override get message(): string {
    const fields = new Map<string, Array<string>>()
    for (const { field, reason } of this.violations) fields.set(reason, [...fields.get(reason) ?? [], `\`${field}\``])
    const violations = [...fields].map(([reason, names]) => `${names.join(", ")}: ${reason}`).join("; ")
    return `Invalid query${this.requestsSent ? "" : ", so no request was sent"}. ${base.stop(violations)}`
  }
}

/** A setting of the connection is invalid: no request was sent. The reason never contains the token or the URL. */
export class InvalidConnection extends base.AnyError.extend<InvalidConnection>("InvalidConnection")({
  _tag: Schema.tag("InvalidConnection"),
  /** The setting, or the name of one that does not exist. */
  field: Schema.Union([
    Schema.Literals(["accessToken", "baseUrl", "region", "profile", "timeout"]),
    Schema.StringForLiteralAutocomplete
  ]),
  reason: Schema.String
}) {
  override get message(): string {
    return `Invalid connection setting \`${this.field}\`, so no request was sent: ${base.stop(this.reason)}`
  }
}

/** Any error of this library, as a schema: it encodes to JSON and back. */
export const RunsError = /* @__PURE__ */ Schema.Union([
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
  ResponseTooLarge,
  DecodeError,
  PaginationError,
  InvalidQuery,
  InvalidConnection
])

/** Any error of this library. */
export type RunsError = typeof RunsError.Type

const isAnyOf =
  <const Tags extends ReadonlyArray<RunsError["_tag"]>>(...tags: Tags) =>
  (error: unknown): error is Extract<RunsError, { readonly _tag: Tags[number] }> =>
    error instanceof base.AnyError && tags.some((tag) => Predicate.isTagged(error, tag))

/** Checks for an error of sign-in: `Unauthorized` or `Forbidden`. Someone must change the token or its role. */
export const isSignIn = /*#__PURE__*/ isAnyOf("Unauthorized", "Forbidden")

/** Checks for `TooManyRequests`: send fewer requests, or wait for `retryAfter`. */
export const isThrottled = /*#__PURE__*/ isAnyOf("TooManyRequests")

/** Checks for a fault of the server: `InternalServerError`, `BadGateway`, `ServiceUnavailable` or `GatewayTimeout`. */
export const isServer = /*#__PURE__*/ isAnyOf(
  "InternalServerError",
  "BadGateway",
  "ServiceUnavailable",
  "GatewayTimeout"
)

/** Checks for a fault of the network: `TransportError` or `RequestTimeout`. */
export const isNetwork = /*#__PURE__*/ isAnyOf("TransportError", "RequestTimeout")
