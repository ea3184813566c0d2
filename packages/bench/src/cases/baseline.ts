/** Measures how much longer it takes to learn a baseline than to read its rows, and the peak memory of the fold. */
import { RunBaseline, RunHistory, RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import type { Case } from "../Case.ts"
import { startServer } from "../simulatorProcess.ts"
import { megabytes, peak } from "./statistics.ts"
import { makeClient } from "./wire.ts"

const count = 40_000
const latency = 40

const program = fileURLToPath(new URL("baselineProcess.js", import.meta.url))

const complete = (
  name: string,
  read: Effect.Effect<number, unknown, RunsClient.RunsClient>,
  client: RunsClient.Service
) => ({
  name,
  run: async () => {
    const runs = await Effect.runPromise(Effect.provideService(read, RunsClient.RunsClient, client))
    if (runs !== count) throw new Error(`${name} read ${runs} runs instead of ${count}`)
  }
})

export const baselineCases: ReadonlyArray<Case> = [
  {
    name: "baseline",
    prepare: async (quick) => {
      const server = await startServer(program, [String(count), String(latency)])
      const client = await makeClient(server)
      return {
        title: `28 days of 50 jobs, ${count} detailed rows at ${latency} ms latency`,
        variants: [
          complete("RunHistory.list, counted", Stream.runCount(RunHistory.list({ detail: true })), client),
          {
            ...complete("RunBaseline.learn", Effect.map(RunBaseline.learn(), ({ runs }) => runs), client),
            aim: 1.6
          }
        ],
        rounds: quick ? { warmUp: 1, measured: 3 } : { warmUp: 1, measured: 5 },
        dispose: server.dispose
      }
    }
  },
  {
    name: "baselineMemory",
    prepare: (quick) => ({
      title: "the peak of resident memory of folding a baseline, one process each",
      variants: [
        { name: "a process that does nothing", run: () => peak("empty") },
        { name: "a baseline of 40,000 runs", run: () => peak("baseline", "40000"), aimBeyond: megabytes(60) },
        {
          name: "a baseline of a million runs, of which 28 days are kept",
          run: () => peak("baseline", "1000000"),
          aimBeyond: megabytes(60)
        },
        {
          name: "of a million runs, each a job of its own, with gaps between their ids",
          run: () => peak("hostileBaseline", "1000000"),
          aimBeyond: megabytes(100)
        }
      ],
      rounds: { warmUp: 0, measured: quick ? 1 : 3 }
    })
  }
]
