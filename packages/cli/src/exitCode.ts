/** The exit codes, as cron and CI read them. */
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Schema from "effect/Schema"

export const exitCodes = {
  /** All is well. */
  well: 0,
  /** Something failed or needs attention. Only `check` and `diagnose` say so. */
  attention: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** Coalesce refused the token. */
  signIn: 3,
  /** Coalesce could not be read. */
  unavailable: 4
} as const

/** Flags that do not go together. */
export class UsageError extends Error {}

const isRunsError = Schema.is(RunsError.RunsError)

/** Returns the exit code of an error, and the sentence that a person reads. */
export const explained = (error: unknown): { readonly code: number; readonly text: string } => {
  if (error instanceof Config.ConfigError || error instanceof UsageError) {
    return { code: exitCodes.usage, text: error.message }
  }
  if (!isRunsError(error)) {
    return { code: exitCodes.unavailable, text: error instanceof Error ? error.message : String(error) }
  }
  const code = error._tag === "InvalidQuery" || error._tag === "InvalidConnection"
    ? exitCodes.usage
    : RunsError.isSignIn(error)
    ? exitCodes.signIn
    : exitCodes.unavailable
  return { code, text: error.message }
}
