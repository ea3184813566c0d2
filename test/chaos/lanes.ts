/** Runs properties side by side, because their schedules mostly wait for sockets. */
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import type { ChaosServer, Session } from "./server/server.ts"

/** How many times the short form is played: as many as `CHAOS_SCALE` says, or once. */
export const scale = Number(process.env["CHAOS_SCALE"] ?? 1)

/** Fixed, so that the short form plays the same schedules each time. */
const seed = Number(process.env["CHAOS_SEED"] ?? 20261126)

/** Fails where a server never sent one of these faults: then nothing is known about it. A short form of the short form may lack some. */
export const meets = (server: ChaosServer, labels: ReadonlyArray<string>): void => {
  const missing = scale < 1 ? [] : labels.filter((label) => !server.met.has(label))
  if (missing.length > 0) throw new Error(`These faults were never served: ${missing.join(", ")}`)
}

const isSabotage = process.env["CHAOS_SABOTAGE"] !== undefined

/** How many milliseconds without a request, and how many requests, make a schedule one that does not end. */
const patience = { millis: isSabotage ? 30_000 : 60_000, requests: 20_000 }

/** The time-out of a client that meets nothing slow: `orStuck` tells what hangs, and a busy machine can stand still for long. */
export const timeout = "2 minutes"

/** Gives up a schedule that hangs or goes round. A busy machine may take its time. */
export const orStuck =
  (session: Pick<Session, "served">, wrong: string) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A | string, E, R> =>
    Effect.suspend(() => {
      const began = performance.now()
      const isStuck = () =>
        session.served.length > patience.requests ||
        performance.now() - (session.served.at(-1)?.receivedAt ?? began) > patience.millis
      return Effect.raceFirst(effect, Effect.as(Effect.repeat(Effect.sleep("1 second"), { until: isStuck }), wrong))
    })

/** A sabotage only has to be noticed. */
const shrinkMillis = isSabotage ? 0 : 20_000

/**
 * Plays a number of drawn values, some at once. Where one of them is wrong it shrinks, and the error shows the value to keep
 * in `regressions.ts`.
 */
export const inLanes = async <A>(
  arbitrary: fc.Arbitrary<A>,
  runs: number,
  play: (value: A) => Promise<string | undefined>,
  lanes = 24
): Promise<void> => {
  const count = Math.min(lanes, runs)
  let failedAt = Infinity
  const results = await Promise.all(Array.from({ length: count }, (_, lane) =>
    fc.check(
      fc.asyncProperty(arbitrary, async (value) => {
        // Once one is found, the others end, and shrinking takes its time but no more.
        if (performance.now() - failedAt > shrinkMillis) return
        const wrong = await play(value)
        if (wrong === undefined) return
        failedAt = Math.min(failedAt, performance.now())
        throw new Error(wrong)
      }),
      { seed: seed + lane, numRuns: Math.ceil(runs / count), endOnFailure: isSabotage }
    )))
  const wrong = results.filter(({ failed }) => failed).map((result) =>
    `Seed ${result.seed}, after ${result.numRuns} runs and ${result.numShrinks} shrinks: ` +
    `${String(result.errorInstance)}\n${JSON.stringify(result.counterexample)}`
  )
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${count} lanes failed.\n${wrong.slice(0, 5).join("\n\n")}`)
}
