/** Ends a command with its exit code, and tells errors as sentences. */
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { exitCodes } from "./exitCode.ts"

/** Flags that do not go together. */
export class UsageError extends Error {}

const isRunsError = Schema.is(RunsError.RunsError)

const textOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

const isOfStore = (error: unknown): boolean =>
  ["CheckpointStoreError", "DeliveryStoreError", "KeyValueStoreError"].some((tag) => Predicate.isTagged(error, tag))

/** What an error of a store says, and its causes: the last one names the file. What a file holds is not told. */
const withCauses = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error && !Schema.isSchemaError(error.cause)
    ? `${error.message}: ${withCauses(error.cause)}`
    : textOf(error)

/** Returns the exit code of an error, and the sentence that a person reads. */
const explained = (error: unknown): { readonly code: number; readonly text: string } => {
  if (
    error instanceof Config.ConfigError || error instanceof UsageError ||
    Predicate.isTagged(error, "InvalidAlertsConfig")
  ) {
    return { code: exitCodes.usage, text: textOf(error) }
  }
  if (!isRunsError(error)) {
    return { code: exitCodes.unavailable, text: isOfStore(error) ? withCauses(error) : textOf(error) }
  }
  const code = error._tag === "InvalidQuery" || error._tag === "InvalidConnection"
    ? exitCodes.usage
    : RunsError.isSignIn(error)
    ? exitCodes.signIn
    : exitCodes.unavailable
  // Where a stream goes on is for programs: a command says it in its own words.
  return { code, text: error.message.replace(/ To continue there, pass `resumeFrom` as `startingFrom`\.$/, "") }
}

const setCode = (code: number) =>
  Effect.sync(() => {
    process.exitCode = code
  })

export const ended = (command: Effect.Effect<number, unknown>): Effect.Effect<void> =>
  command.pipe(
    Effect.catch((error) =>
      Effect.sync(() => {
        const { code, text } = explained(error)
        process.stderr.write(`coalesce-runs: ${text}\n`)
        return code
      })
    ),
    Effect.flatMap(setCode)
  )
