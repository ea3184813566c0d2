/** Measures a poll of a watch: in the steady state, with many unfinished runs, after a burst; and its memory over 12 weeks. */
import { RunCheckpoint, RunsClient, RunWatch } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Case } from "../Case.ts"
import { Memory, type Variant } from "../measure.ts"
import { type History, layer } from "./watchHistory.ts"

const unfinished = 2000
const burst = 5000

/** Runs an effect on a history, and checks how many requests it makes. */
const variant = (
  name: string,
  requests: number,
  history: History,
  effect: Effect.Effect<unknown, unknown, RunsClient.RunsClient>,
  aim?: number
): Variant => {
  const runtime = ManagedRuntime.make(layer(history))
  return {
    name: `${name}, ${requests} ${requests === 1 ? "request" : "requests"}`,
    ...(aim === undefined ? {} : { aim }),
    run: async () => {
      history.requests = 0
      await runtime.runPromise(effect)
      if (history.requests !== requests) throw new Error(`${name}: ${history.requests} requests, not ${requests}`)
    }
  }
}

const historyOf = (newest: number, hasEnded: History["hasEnded"] = () => true): History => ({
  newest,
  hasEnded,
  requests: 0
})

/** Returns the checkpoint of a watch that has seen a history. */
const watched = (history: History, options?: RunWatch.PollOptions) =>
  RunWatch.poll(undefined, {}, options).pipe(
    Effect.map(({ checkpoint }) => checkpoint),
    Effect.provide(layer(history)),
    Effect.runPromise
  )

const page = RunsClient.listPage({ orderBy: "id", limit: 100 })

const steady = async (newest: number): Promise<Variant> => {
  const checkpoint = await watched(historyOf(newest))
  const name = `a steady poll, a history of ${newest.toLocaleString("en")} runs`
  return variant(name, 1, historyOf(newest), RunWatch.poll(checkpoint), 1.4)
}

const program = fileURLToPath(new URL("watchProcess.js", import.meta.url))

/**
 * Polls for so many simulated weeks in a process of its own, and returns its peak memory. Its heap is limited: without a limit V8
 * collects when what lives has grown fourfold, so that the peak says more of V8 than of the watch.
 */
const weeks = async (count: number): Promise<Memory> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=64", program, String(count)])
  return new Memory(Number(stdout))
}

export const watchCases: ReadonlyArray<Case> = [
  {
    name: "watch",
    prepare: async (quick) => {
      const newest = 1_000_000
      const hasEnded = (id: number) => id <= newest - unfinished
      const many = { maxWatched: unfinished }
      const checkpoint = await watched(historyOf(newest, hasEnded), many)
      return {
        title: "one poll, without the network",
        variants: [
          variant("a page of 100 runs by RunsClient.listPage", 1, historyOf(newest), page),
          ...await Promise.all([1000, 100_000, newest].map(steady)),
          variant(
            `a poll with ${unfinished} unfinished runs`,
            11,
            historyOf(newest, hasEnded),
            RunWatch.poll(checkpoint, {}, many)
          )
        ],
        rounds: quick ? { warmUp: 20, measured: 30 } : { warmUp: 100, measured: 200 }
      }
    }
  },
  {
    name: "watchBurst",
    prepare: async (quick) => {
      const before = 1_000_000
      const checkpoint = await watched(historyOf(before))
      const read = RunsClient.list({ orderBy: "id", orderByDirection: "asc", startingFrom: before, pageSize: 1000 })
      return {
        title: `${burst} new runs between two polls, each of which has ended, without the network`,
        variants: [
          variant("these rows by RunsClient.list", 6, historyOf(before + burst), Stream.runDrain(read)),
          variant(
            "one poll",
            7,
            historyOf(before + burst),
            Effect.map(RunWatch.poll(checkpoint), ({ events, hasMore }) => {
              if (events.length !== 2 * burst || hasMore) throw new Error(`${events.length} events`)
            }),
            2.5
          ),
          variant(
            "each event handled and saved in memory by RunWatch.pollForEach",
            7,
            historyOf(before + burst),
            Effect.gen(function*() {
              const store = yield* RunCheckpoint.RunCheckpoint
              yield* store.save("bench", RunWatch.encodeCheckpoint(checkpoint), 0)
              yield* RunWatch.pollForEach({}, { key: "bench" }, () => Effect.void)
            }).pipe(Effect.provide(RunCheckpoint.layerMemory))
          )
        ],
        rounds: quick ? { warmUp: 3, measured: 5 } : { warmUp: 3, measured: 15 }
      }
    }
  },
  {
    name: "watchMemory",
    prepare: () => ({
      title:
        "the peak memory of a watch on a virtual clock that polls every 5 minutes, each in a process with a heap of 64 MB",
      variants: [
        { name: "1 week, 2,016 polls", run: () => weeks(1) },
        { name: "12 weeks, 24,192 polls", run: () => weeks(12), aim: 1.15 }
      ],
      rounds: { warmUp: 0, measured: 1 }
    })
  }
]
