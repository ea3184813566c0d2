/** Writes to stdout no faster than its reader reads, and stops where the reader is gone. */
import * as Effect from "effect/Effect"

let isReading = true

/** Call it once, at the start: a closed pipe ends the writing, and is no error. */
export const watchPipe = (): void => {
  process.stdout.on("error", () => {
    isReading = false
  })
}

export const isOpen = (): boolean => isReading && !process.stdout.destroyed

export const write = (text: string): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    if (!isOpen() || process.stdout.write(text)) resume(Effect.void)
    else {
      const go = () => {
        process.stdout.off("drain", go).off("close", go)
        resume(Effect.void)
      }
      process.stdout.on("drain", go).on("close", go)
    }
  })
