/** What the classes of `RunsError` share: their fields, their sentences, and how they print. */
import * as Duration from "effect/Duration"
import { NodeInspectSymbol } from "effect/Inspectable"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as RunCursor from "../RunCursor.ts"

/** What a person does about a status, where it is more than to retry later. */
const advice: Readonly<Record<string, string>> = {
  BadRequest: "Correct the parameter that it names.",
  Unauthorized:
    "Check the access token (Coalesce, Deploy tab): it may be revoked, or belong to the region of another host.",
  Forbidden: "Ask for a role that can see this environment.",
  NotFound: "Check the base URL and the id of the run: the number, not the UUID in its web address.",
  TooManyRequests: "Send fewer requests, or retry later.",
  InternalServerError: "Retry later. If it persists, contact Coalesce support.",
  GatewayTimeout: "Retry later, or request smaller pages."
}

const retryable: ReadonlyArray<string> = [
  "TooManyRequests",
  "InternalServerError",
  "BadGateway",
  "ServiceUnavailable",
  "GatewayTimeout",
  "TransportError",
  "RequestTimeout"
]

type Inspect = (value: unknown, options: unknown) => string

/** The base of every error. It shows its sentence and its fields in `console.log`, `JSON.stringify` and any logger. */
export class AnyError extends Schema.Error<AnyError>("AnyError")({}) {
  /** How long the server asked to wait before the next request, at most an hour, from its `Retry-After`. */
  declare readonly retryAfter?: Duration.Duration

  /** Whether the same request can succeed later. */
  get isRetryable(): boolean {
    return retryable.includes(this.name)
  }

  /** Returns the sentence as `message`, `isRetryable`, and the fields as the schema `RunsError` encodes them. */
  override toJSON(): Record<string, unknown> {
    const fields = Object.entries(this).map(([name, value]) => [
      name,
      Duration.isDuration(value)
        ? Duration.toMillis(value)
        : RunCursor.isRunCursor(value)
        ? RunCursor.encode(value)
        : value
    ])
    return { _tag: this.name, message: this.message, isRetryable: this.isRetryable, ...Object.fromEntries(fields) }
  }

  /** Returns what `console.log` prints in Node, Bun and Deno. */
  override [NodeInspectSymbol](_depth?: number, options?: unknown, inspect?: Inspect): unknown {
    const { _tag, message, ...fields } = this.toJSON()
    return inspect === undefined ? this.toJSON() : `${String(_tag)}: ${String(message)} ${inspect(fields, options)}`
  }
}

/** A duration as milliseconds. `Schema.DurationFromMillis` would bring a second codec of durations into every bundle. */
export const DurationFromMillis = Schema.Number.pipe(
  Schema.decodeTo(Schema.declare(Duration.isDuration, { expected: "Duration" }), {
    decode: SchemaGetter.transform(Duration.millis),
    encode: SchemaGetter.transform(Duration.toMillis)
  })
)

export const FailedRequest = Schema.Struct({ method: Schema.String, url: Schema.String })

export const requestFields = {
  request: FailedRequest,
  /** Where a stream continues: pass it as `startingFrom`. Absent if no run came before the error. */
  resumeFrom: Schema.optionalKey(RunCursor.RunCursorFromString)
}

export const attemptFields = {
  ...requestFields,
  /** How many times the request was sent. */
  attempts: Schema.optionalKey(Schema.Int)
}

/** The base of an error for each status: what the API said in its response. */
export class ResponseError extends AnyError.extend<ResponseError>("ResponseError")({
  _tag: Schema.String,
  status: Schema.Int,
  ...attemptFields,
  /** What the API said, at most 1000 characters. Absent if the body of the response held no such text. */
  errorString: Schema.optionalKey(Schema.String),
  errorDetail: Schema.optionalKey(Schema.String),
  /** How long the server asked to wait before the next request, at most an hour, from its `Retry-After`. */
  retryAfter: Schema.optionalKey(DurationFromMillis)
}) {
  override get message(): string {
    return responseSentence(this, this.name.replaceAll(/(?!^)[A-Z]/g, " $&"), advice[this.name] ?? "Retry later.")
  }
}

/** Makes the base of the error for one status. Its name in words stands in the message, with the {@link advice}. */
export const ofStatus = <Self>() => <const Tag extends string, const Status extends number>(tag: Tag, status: Status) =>
  ResponseError.extend<Self>(tag)({ _tag: Schema.tag(tag), status: Schema.tag(status) })

interface Failed {
  readonly request: typeof FailedRequest.Type
  readonly resumeFrom?: RunCursor.RunCursor
  readonly attempts?: number
}

const units = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1000], ["ms", 1]] as const

/** Writes a duration, such as `1m 30s`. It says what `Duration.format` does, in less code. */
export const formatDuration = (duration: Duration.Duration): string => {
  let left = Math.round(Duration.toMillis(duration))
  return units.flatMap(([unit, millis]) => {
    const count = Math.floor(left / millis)
    left -= count * millis
    return count === 0 ? [] : [`${count}${unit}`]
  }).join(" ") || "0"
}

/** Ends a text with a full stop, unless it ends a sentence already. */
export const stop = (text: string): string => /[.!?…]$/.test(text) ? text : `${text}.`

/** Says what happened to a request, after how many attempts, why, what to do, and where to continue. */
export const sentence = (
  { attempts = 1, request, resumeFrom }: Failed,
  happened: string,
  why: string,
  advice: string
): string =>
  `${request.method} ${request.url} ${happened}${attempts > 1 ? ` after ${attempts} attempts` : ""}${
    why === "" ? "." : `: ${stop(why)}`
  } ${advice}${resumeFrom === undefined ? "" : " To continue there, pass `resumeFrom` as `startingFrom`."}`

/** Says what a response was, what the API said in it, and what to do. */
export const responseSentence = (error: ResponseError, name: string, advice: string): string =>
  sentence(
    error,
    `responded ${error.status} ${name}`,
    [error.errorString, error.errorDetail].filter((text) => text).join(" "),
    `${error.retryAfter === undefined ? "" : `The server asks to wait ${formatDuration(error.retryAfter)}. `}${advice}`
  )
