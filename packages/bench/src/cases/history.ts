/** Measures a whole history against a loop written by hand that validates nothing, retries nothing and trusts every page. */
import { RunHistory, RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Case } from "../Case.ts"
import { startSimulator } from "../simulatorProcess.ts"
import { fetchAll, makeClient } from "./wire.ts"

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

export const historyCase: Case = {
  name: "history",
  prepare: async (quick) => {
    const simulator = await startSimulator({ count, latency })
    const client = await makeClient(simulator)
    const list = (pageSize?: number) =>
      Effect.runPromise(Stream.runCount(client.list({ detail: true, ...(pageSize === undefined ? {} : { pageSize }) })))
    return {
      title: `${count} detailed runs at ${latency} ms latency`,
      variants: [
        complete("bare loop, 1000 a page", () => fetchAll(simulator, 1000)),
        complete("coalesce-runs, list", () => list(), 1.2),
        complete("coalesce-runs, RunHistory, concurrency 4", () =>
          Effect.runPromise(
            RunHistory.list({ detail: true }, { concurrency: 4 }).pipe(
              Stream.runCount,
              Effect.provideService(RunsClient.RunsClient, client)
            )
          )),
        complete("bare loop, 250 a page", () => fetchAll(simulator, 250)),
        complete("coalesce-runs, list, 250 a page", () => list(250))
      ],
      rounds: quick ? { warmUp: 1, measured: 3 } : { warmUp: 2, measured: 9 },
      dispose: simulator.dispose
    }
  }
}
