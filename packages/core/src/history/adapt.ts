/** Makes requests at the same time: as many as a concurrency that adapts allows, or as many as were asked for. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { OnFailure } from "../client/references.ts"
import type { RunsError } from "../RunsError.ts"
import * as concurrencies from "./concurrency.ts"

export interface Adapted {
  /** Returns how many requests are made at the same time now. */
  readonly current: () => number
  /** Reads once it may, and learns from the time that so many rows took, and from each attempt that failed. */
  readonly read: <A, E, R>(reading: Effect.Effect<A, E, R>, rowsOf: (read: A) => number) => Effect.Effect<A, E, R>
}

/** A reading makes `permits` requests at the same time. */
export const make = Effect.fnUntraced(
  function*(concurrency: number | undefined, permits: number): Effect.fn.Return<Adapted> {
    let state = concurrencies.begin(concurrency, permits)
    const semaphore = yield* Semaphore.make(state.current)
    const update = (next: concurrencies.State) => {
      state = next
      return semaphore.resize(next.current)
    }
    const failed = (sentAt: number) => (error: RunsError) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => update(concurrencies.failed(state, error, sentAt, now)))
    const read = Effect.fnUntraced(
      function*<A, E, R>(reading: Effect.Effect<A, E, R>, rowsOf: (read: A) => number) {
        const sentAt = yield* Clock.currentTimeMillis
        const read = yield* Effect.provideService(reading, OnFailure, failed(sentAt))
        const endedAt = yield* Clock.currentTimeMillis
        yield* update(concurrencies.answered(state, { rows: rowsOf(read), sentAt, endedAt }))
        return read
      },
      semaphore.withPermits(permits)
    )
    return { current: () => state.current, read }
  }
)
