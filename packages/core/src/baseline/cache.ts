/** Keeps baselines in memory. Public: `RunBaseline` exports it. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { type ListError, RunsClient } from "../client/service.ts"
import { assertOptions, duration, isPlain } from "../error/check.ts"
import { learn, type LearnOptions } from "./learn.ts"
import type { Baseline } from "./model.ts"

interface Entry {
  readonly semaphore: Semaphore.Semaphore
  baseline: Baseline | undefined
  learnedAt: number
}

/** Baselines by the client that they were read with. */
export interface CacheShape {
  /** How long a baseline is brought up to date before it is learned anew. */
  readonly timeToLive: Duration.Duration
  readonly entries: WeakMap<object, Entry>
}

/** Makes an empty cache. `timeToLive` says how long a baseline is kept. Default: 1 hour. */
export const makeCache = (options: { readonly timeToLive?: Duration.Input | undefined } = {}): CacheShape => {
  assertOptions(options, { timeToLive: duration })
  return { timeToLive: Duration.fromInputUnsafe(options.timeToLive ?? "1 hour"), entries: new WeakMap() }
}

/** The cache that {@link current} reads through. Default: one for the process, which keeps a baseline for 1 hour. */
export const Cache = Context.Reference<CacheShape>("@coalesce-runs/core/RunBaseline/Cache", {
  defaultValue: () => makeCache()
})

/**
 * Returns the baseline of the client in context: the one that {@link Cache} keeps, brought up to date from its newest run,
 * which is one request as a rule. Without one, it learns. Calls at the same time learn once.
 */
export const current = Effect.fn("RunBaseline.current")(function*(
  options: Omit<LearnOptions, "previous"> = {}
): Effect.fn.Return<Baseline, ListError, RunsClient> {
  // It says what is wrong with them. A spread would take null for no options.
  if (!isPlain(options)) return yield* learn(options)
  const client = yield* RunsClient
  const { entries, timeToLive } = yield* Cache
  const entry = entries.get(client) ?? { semaphore: Semaphore.makeUnsafe(1), baseline: undefined, learnedAt: 0 }
  entries.set(client, entry)
  return yield* entry.semaphore.withPermit(Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const isKept = entry.baseline !== undefined && now - entry.learnedAt < Duration.toMillis(timeToLive) &&
      (options.days ?? entry.baseline.maxDays) === entry.baseline.maxDays
    const baseline = yield* learn({ ...options, previous: isKept ? entry.baseline : undefined })
    if (!isKept) entry.learnedAt = now
    entry.baseline = baseline
    return baseline
  }))
})
