/** Ends a command with its exit code, and tells errors as sentences. */
import * as Effect from "effect/Effect"
import { explained } from "./exitCode.ts"

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
