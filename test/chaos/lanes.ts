/** Runs properties side by side, because their schedules mostly wait for sockets. */
import * as fc from "fast-check"
import type { ChaosServer } from "./server/server.ts"

/** How many schedules a property plays: as many as `CHAOS_SCHEDULES` says for all of them, or the short form. */
export const scale = Number(process.env["CHAOS_SCALE"] ?? 1)

/** Fixed, so that the short form plays the same schedules each time. */
const seed = Number(process.env["CHAOS_SEED"] ?? 20261126)

/** Fails where a server never sent one of these faults: then nothing is known about it. A short form of the short form may lack some. */
export const meets = (server: ChaosServer, labels: ReadonlyArray<string>): void => {
  const missing = scale < 1 ? [] : labels.filter((label) => !server.met.has(label))
  if (missing.length > 0) throw new Error(`These faults were never served: ${missing.join(", ")}`)
}

const isSabotage = process.env["CHAOS_SABOTAGE"] !== undefined

/** How long a schedule may take before it counts as one that does not end. */
export const patience = isSabotage ? "30 seconds" : "60 seconds"

const shrinkMillis = 20_000

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
