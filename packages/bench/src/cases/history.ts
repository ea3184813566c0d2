/**
 * Measures a whole history against loops written by hand that validate nothing, retry nothing and trust every page, and
 * against all its pages at once.
 */
import { RunHistory, RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Case, Prepared } from "../Case.ts"
import { type SimulatorProcess, startSimulator } from "../simulatorProcess.ts"
import { complete, fetchAll, fetchIterated, fetchPage, makeClient } from "./wire.ts"

const count = 20_000
const latency = 40

/** Requests all pages at once, as nobody can who does not know where each of them begins. */
const fetchAtOnce = async (simulator: SimulatorProcess, newest: number, pageSize: number): Promise<number> => {
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(count / pageSize) }, (_, index) =>
      fetchPage(simulator, {
        limit: `${pageSize}`,
        detail: "true",
        orderBy: "id",
        startingFrom: `${newest + 1 - index * pageSize}`
      }))
  )
  return pages.reduce((rows, page) => rows + page.length, 0)
}

/** Measures variants that read the whole history of a simulator. */
const historyCase = (
  name: string,
  variants: (wire: {
    readonly simulator: SimulatorProcess
    readonly newest: number
    readonly list: () => Promise<number>
    readonly history: (options?: RunHistory.Options) => Promise<number>
  }) => Prepared["variants"]
): Case => ({
  name,
  prepare: async (quick) => {
    const simulator = await startSimulator({ count, latency })
    const [newest] = await fetchPage(simulator, { limit: "1", orderBy: "id" })
    if (newest === undefined) throw new Error("the simulator has no run")
    const client = await makeClient(simulator)
    const read = (runs: Stream.Stream<unknown, RunsClient.ListError, RunsClient.RunsClient>) =>
      Effect.runPromise(Effect.provideService(Stream.runCount(runs), RunsClient.RunsClient, client))
    return {
      title: `${count} detailed runs at ${latency} ms latency`,
      variants: variants({
        simulator,
        newest: newest.id,
        list: () => read(RunsClient.list({ detail: true })),
        history: (options) => read(RunHistory.list({ detail: true }, options))
      }),
      rounds: quick ? { warmUp: 1, measured: 3 } : { warmUp: 2, measured: 9 },
      dispose: simulator.dispose
    }
  }
})

export const historyCases: ReadonlyArray<Case> = [
  historyCase("history", ({ history, list, simulator }) => [
    complete("bare loop, 1000 a page, unchecked", count, () => fetchAll(simulator, 1000)),
    complete("for await of pages, as Octokit's iterator, unchecked", count, () => fetchIterated(simulator, 1000)),
    complete("coalesce-runs, RunsClient.list", count, list, 1.05),
    complete("coalesce-runs, RunHistory.list", count, () => history())
  ]),
  historyCase("history-at-once", ({ history, newest, simulator }) => [
    complete("all pages at once, their edges known, unchecked", count, () => fetchAtOnce(simulator, newest, 1000)),
    complete("the first page of 25, then all the others at once, unchecked", count, async () => {
      await fetchPage(simulator, { limit: "25", detail: "true", orderBy: "id" })
      return fetchAtOnce(simulator, newest, 1000)
    }),
    complete("coalesce-runs, RunHistory.list", count, () => history(), 1.25),
    complete("coalesce-runs, RunHistory.list, 4 pages at a time", count, () => history({ concurrency: 4 })),
    complete("coalesce-runs, RunHistory.list, 16 pages at a time", count, () => history({ concurrency: 16 }))
  ])
]
