// A queue in files, of processes that start again, on a clock on which nobody waits.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import * as queueStore from "../../src/node/queueStore.ts"
import { temporary } from "./temporary.ts"

export const start = 1_793_700_000_123

/** A clock on which nobody waits: whoever sleeps wakes at once, and it is that late. `quiet` opens where somebody sleeps beyond `end`. */
const makeClock = () => {
  const state = { now: start, end: start, sleeps: new Array<number>() }
  const quiet = Latch.makeUnsafe()
  const millis = () => state.now
  const nanos = () => BigInt(state.now) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.suspend(() => {
        const later = state.now + Duration.toMillis(duration)
        state.sleeps.push(later - state.now)
        if (later > state.end || state.sleeps.length > 50) return Effect.andThen(quiet.open, Effect.never)
        state.now = later
        return Effect.void
      })
  }
  return { clock, quiet, state }
}

/** What a test has: its directory, its clock, and processes on them. */
const worldOf = (directory: string) => {
  const { clock, quiet, state } = makeClock()
  const open = (root = directory) => {
    const store = queueStore.make(root)
    const take = <A, E>(
      use: (id: string, attempts: number, element: unknown) => Effect.Effect<A, E>,
      maxAttempts = 3
    ) =>
      Effect.scoped(Effect.flatMap(
        store.take({
          name: "q",
          maxAttempts,
          retryDelay: (attempts) => Effect.succeed(Duration.seconds(attempts * 7))
        }),
        ({ attempts, element, id }) => use(id, attempts, element)
      ))
    /** Takes what is due until a time, and returns it and when. Returns nothing where nothing is. */
    const takeUntil = (end: number, maxAttempts?: number) =>
      Effect.suspend(() => {
        state.end = end
        quiet.closeUnsafe()
        return Effect.raceFirst(
          take((id, attempts) => Effect.succeed({ id, attempts, at: state.now - start }), maxAttempts),
          Effect.as(quiet.await, undefined)
        )
      })
    return {
      store,
      offer: (id: string, delay?: Duration.Duration) =>
        store.offer({ name: "q", id, element: `content of ${id}`, isCustomId: true, delay }),
      fail: (maxAttempts?: number) => Effect.flip(take((id) => Effect.fail(id), maxAttempts)),
      take,
      takeUntil
    }
  }
  const filesIn = (pattern: RegExp) =>
    readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => pattern.test(name))
      .map((name) => join(directory, name))
  return { clock, directory, filesIn, open, quiet, state }
}

export type World = ReturnType<typeof worldOf>

/** Runs a test on a directory, with a clock of its own. A process that starts again is a store that is opened again. */
export const over = <A, E>(
  test: (world: World) => Effect.Effect<A, E, Scope.Scope>
) =>
  Effect.gen(function*() {
    const world = worldOf(yield* temporary)
    return yield* Effect.provideService(test(world), Clock.Clock, world.clock)
  }).pipe(Effect.scoped)
