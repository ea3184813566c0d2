/** Forks requests whose responses are awaited later. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

/**
 * Returns what forks effects that end with the scope. One finalizer interrupts them: a scope that each of them enters and leaves is
 * a Map whose old tables keep what they returned in memory.
 */
export const forkUntilClosed: Effect.Effect<
  <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<Fiber.Fiber<A, E>, never, R>,
  never,
  Scope.Scope
> = Effect.gen(function*() {
  let forked: ReadonlyArray<Fiber.Fiber<unknown, unknown>> = []
  yield* Effect.addFinalizer(() => Fiber.interruptAll(forked))
  return (effect) =>
    Effect.uninterruptible(Effect.map(Effect.forkDetach(effect, { startImmediately: true }), (fiber) => {
      forked = [...forked.filter((one) => one.pollUnsafe() === undefined), fiber]
      return fiber
    }))
})
