/** Shows that something is under way, on stderr, where a person waits for more than half a second. */
import { Progress } from "@coalesce-runs/core/RunList"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const clear = "\r\u001b[K"

/** Runs an effect with a spinner that says how far a reading is. Nothing is shown where stderr is no terminal. */
export const withProgress = <A, E, R>(what: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  if (!process.stderr.isTTY) return effect
  let said = what
  const write = (text: string) => Effect.sync(() => process.stderr.write(text))
  const spin = Effect.gen(function*() {
    yield* Effect.sleep("500 millis")
    for (let frame = 0;; frame++) {
      yield* write(`${clear}${frames[frame % frames.length]} ${said}`)
      yield* Effect.sleep("100 millis")
    }
  })
  return Effect.gen(function*() {
    const spinner = yield* Effect.forkChild(spin)
    const tell = (done: number, total?: number) =>
      Effect.sync(() => {
        said = `${what}: ${done}${total === undefined ? "" : ` of ${total}`}`
      })
    return yield* Effect.provideService(effect, Progress, tell).pipe(
      Effect.ensuring(Effect.andThen(Fiber.interrupt(spinner), write(clear)))
    )
  })
}
