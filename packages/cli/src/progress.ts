/** Shows that something is under way, on stderr, where a person waits for more than half a second. */
import { Progress } from "@coalesce-runs/core/RunList"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const clear = "\r\u001b[K"

/** Where a spinner turns: `process.stderr`, or a test's own. */
export interface Screen {
  readonly isTTY: boolean
  readonly write: (text: string) => unknown
}

/**
 * Runs an effect with a spinner that says how far a reading is, until the effect ends or runs `gone`: what prints before its end
 * does so first. Nothing is shown where stderr is no terminal.
 */
export const withProgress = <A, E, R>(
  what: string,
  effect: (gone: Effect.Effect<void>) => Effect.Effect<A, E, R>,
  screen: Screen = process.stderr
): Effect.Effect<A, E, R> => {
  if (!screen.isTTY) return effect(Effect.void)
  let said = what
  const write = (text: string) => Effect.sync(() => screen.write(text))
  const turn = Effect.gen(function*() {
    for (let frame = 0;; frame++) {
      yield* write(`${clear}${frames[frame % frames.length]} ${said}`)
      yield* Effect.sleep("100 millis")
    }
  }).pipe(Effect.ensuring(write(clear)))
  return Effect.gen(function*() {
    const spinner = yield* Effect.forkChild(Effect.delay(turn, "500 millis"))
    const gone = Fiber.interrupt(spinner)
    const tell = (done: number, total?: number) =>
      Effect.sync(() => {
        said = `${what}: ${done}${total === undefined ? "" : ` of ${total}`}`
      })
    return yield* Effect.provideService(effect(gone), Progress, tell).pipe(Effect.ensuring(gone))
  })
}
