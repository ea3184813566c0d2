/** Measures how long the first run of a stream takes, against one request by hand. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Case } from "../Case.ts"
import { startSimulator } from "../simulatorProcess.ts"
import { fetchPage, makeClient } from "./wire.ts"

const firstRowCase = (name: string, latency: number): Case => ({
  name,
  prepare: async (quick) => {
    const simulator = await startSimulator({ count: 2000, latency })
    const client = await makeClient(simulator)
    return {
      title: `the first of 2,000 detailed runs at ${latency} ms latency`,
      variants: [
        { name: "one bare fetch of 25 runs", run: () => fetchPage(simulator, { limit: "25", detail: "true" }) },
        {
          name: "coalesce-runs, list",
          run: async () => {
            const first = await Effect.runPromise(Stream.runHead(client.list({ detail: true })))
            if (Option.isNone(first)) throw new Error("The stream is empty")
          }
        }
      ],
      rounds: quick ? { warmUp: 10, measured: 20 } : { warmUp: 30, measured: 100 },
      dispose: simulator.dispose
    }
  }
})

export const firstRowCases: ReadonlyArray<Case> = [
  firstRowCase("first-row", 40),
  // Without latency, the time of the library itself shows.
  firstRowCase("first-row-at-once", 0)
]
