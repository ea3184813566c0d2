/** Reads what an error says of itself. */
import type { RunsError } from "@coalesce-runs/core"
import * as Duration from "effect/Duration"
import type { Failure } from "./oracle.ts"

export const failureOf = (error: RunsError.RunsError): Failure => ({
  tag: error._tag,
  isRetryable: error.isRetryable,
  attempts: "attempts" in error ? error.attempts : undefined,
  status: "status" in error ? error.status : undefined,
  retryAfter: error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter),
  errorString: "errorString" in error ? error.errorString : undefined,
  index: "index" in error ? error.index : undefined,
  runID: "runID" in error ? error.runID : undefined,
  path: "request" in error ? error.request.url.replace(/^https?:\/\/[^/]*/, "") : undefined
})
