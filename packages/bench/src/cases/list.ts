/**
 * Measures `RunsClient.list` against a loop written by hand that checks nothing, at several latencies: read alone, and by a
 * reader that works on each page, which the page ahead does not wait for.
 */
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Case } from "../Case.ts"
import { startSimulator } from "../simulatorProcess.ts"
import { complete, fetchAll, makeClient } from "./wire.ts"

const count = 20_000

/** How long a reader works on 1000 runs, in milliseconds. */
const work = 20

const wait = () => new Promise<void>((resolve) => setTimeout(resolve, work))

const listCase = (latency: number, works: boolean): Case => ({
  name: works ? "list-working" : `list-${latency}`,
  prepare: async (quick) => {
    const simulator = await startSimulator({ count, latency })
    const client = await makeClient(simulator)
    const read = (query: { readonly prefetch?: boolean }) => {
      const runs = RunsClient.list({ detail: true, ...query })
      const counted = works
        ? Stream.runFoldEffect(
          Stream.grouped(runs, 1000),
          () => 0,
          (sum, some) => Effect.as(Effect.promise(wait), sum + some.length)
        )
        : Stream.runCount(runs)
      return Effect.runPromise(Effect.provideService(counted, RunsClient.RunsClient, client))
    }
    return {
      title: `${count} detailed runs at ${latency} ms latency${works ? `, and ${work} ms of work on each 1000` : ""}`,
      variants: [
        complete("bare loop, 1000 a page, unchecked", count, () => fetchAll(simulator, 1000, works ? wait : undefined)),
        complete("coalesce-runs, RunsClient.list", count, () => read({}), works ? undefined : 1.05),
        complete("coalesce-runs, RunsClient.list, prefetch: false", count, () => read({ prefetch: false }))
      ],
      rounds: quick ? { warmUp: 1, measured: 3 } : { warmUp: 2, measured: 9 },
      dispose: simulator.dispose
    }
  }
})

export const listCases: ReadonlyArray<Case> = [
  ...[0, 5, 20].map((latency) => listCase(latency, false)),
  listCase(20, true)
]
