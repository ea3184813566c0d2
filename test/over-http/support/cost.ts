import { Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

/** Returns the longest chain of requests in which each began after the one before had ended. */
export const roundTrips = (requests: ReadonlyArray<Simulator.RequestRecord>): number => {
  const depths: Array<number> = []
  for (const request of requests) {
    const before = requests.flatMap((other, index) =>
      other.endedAt !== undefined && DateTime.isLessThanOrEqualTo(other.endedAt, request.receivedAt)
        ? [depths[index] ?? 0]
        : []
    )
    depths.push(1 + Math.max(0, ...before))
  }
  return Math.max(0, ...depths)
}

/** How many requests the simulator received, and in how many round trips. */
export const cost = Effect.gen(function*() {
  const { requests } = yield* Simulator.Simulator
  const all = yield* requests
  return { requests: all.length, roundTrips: roundTrips(all) }
})
