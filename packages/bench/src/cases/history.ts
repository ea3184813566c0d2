/** Measures a whole history against a loop written by hand that validates nothing, retries nothing and trusts every page. */
import { RunHistory, RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Case } from "../Case.ts"
import { type SimulatorProcess, startSimulator } from "../simulatorProcess.ts"
import { fetchAll, fetchPage, makeClient } from "./wire.ts"

const count = 20_000
const latency = 40

const complete = (name: string, read: () => Promise<number>, aim?: number) => ({
  name,
  ...(aim === undefined ? {} : { aim }),
  run: async () => {
    const runs = await read()
    if (runs !== count) throw new Error(`${name} read ${runs} runs instead of ${count}`)
  }
})

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

export const historyCase: Case = {
  name: "history",
  prepare: async (quick) => {
    const simulator = await startSimulator({ count, latency })
    const [newest] = await fetchPage(simulator, { limit: "1", orderBy: "id" })
    if (newest === undefined) throw new Error("the simulator has no run")
    const client = await makeClient(simulator)
    const list = (pageSize?: number) =>
      Effect.runPromise(Stream.runCount(client.list({ detail: true, ...(pageSize === undefined ? {} : { pageSize }) })))
    const history = (options: RunHistory.Options) =>
      Effect.runPromise(
        RunHistory.list({ detail: true }, options).pipe(
          Stream.runCount,
          Effect.provideService(RunsClient.RunsClient, client)
        )
      )
    return {
      title: `${count} detailed runs at ${latency} ms latency`,
      variants: [
        complete("bare loop, 1000 a page", () => fetchAll(simulator, 1000)),
        complete("coalesce-runs, list", () => list(), 1.2),
        complete("bare, all pages at once", () => fetchAtOnce(simulator, newest.id, 1000)),
        complete("coalesce-runs, RunHistory", () => history({})),
        complete("coalesce-runs, RunHistory, concurrency 4", () => history({ concurrency: 4 })),
        complete("coalesce-runs, RunHistory, concurrency 16", () => history({ concurrency: 16 })),
        complete("bare loop, 250 a page", () => fetchAll(simulator, 250)),
        complete("coalesce-runs, list, 250 a page", () => list(250))
      ],
      rounds: quick ? { warmUp: 1, measured: 3 } : { warmUp: 2, measured: 9 },
      dispose: simulator.dispose
    }
  }
}
