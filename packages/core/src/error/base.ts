/** What the classes of `RunsError` share: their fields, their sentences, and how they print. */
import * as Duration from "effect/Duration"
import { NodeInspectSymbol } from "effect/Inspectable"
import * as Schema from "effect/Schema"
import * as RunCursor from "../RunCursor.ts"

type Inspect = (value: unknown, options: unknown) => string

/** The base of every error. It shows its sentence and its fields in `console.log`, `JSON.stringify` and any logger. */
export class AnyError extends Schema.Error<AnyError>("AnyError")({}) {
  /** How long the server asked to wait before the next request, from its `Retry-After`. */
  declare readonly retryAfter?: Duration.Duration

  /** Whether the same request can succeed later. */
  get isRetryable(): boolean {
    return false
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

export const responseFields = {
  ...attemptFields,
  /** What the API said, at most 1000 characters. Absent if the body of the response held no such text. */
  errorString: Schema.optionalKey(Schema.String),
  errorDetail: Schema.optionalKey(Schema.String),
  /** How long the server asked to wait before the next request, from its `Retry-After`. */
  retryAfter: Schema.optionalKey(Schema.DurationFromMillis)
}

interface Failed {
  readonly request: typeof FailedRequest.Type
  readonly resumeFrom?: RunCursor.RunCursor
  readonly attempts?: number
}

interface FailedResponse extends Failed {
  readonly status: number
  readonly errorString?: string
  readonly errorDetail?: string
  readonly retryAfter?: Duration.Duration
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
export const responseSentence = (error: FailedResponse, name: string, advice: string): string =>
  sentence(
    error,
    `responded ${error.status} ${name}`,
    [error.errorString, error.errorDetail].filter((text) => text !== undefined && text !== "").join(" "),
    `${error.retryAfter === undefined ? "" : `The server asks to wait ${Duration.format(error.retryAfter)}. `}${advice}`
  )
