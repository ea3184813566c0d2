/**
 * Runs in memory, listed as the API lists them: filtered, ordered, and cut into pages; and a client of them, for tests. The
 * simulator shares this code.
 *
 * @since 0.1.0
 */
import * as Layer from "effect/Layer"
import { makeService } from "./client/makeService.ts"
import * as transport from "./inMemory/transport.ts"
import { RunsClient } from "./RunsClient.ts"

export { type ListedRun, make, type Options, type Page, type PageQuery, type RunsInMemory } from "./inMemory/list.ts"
export type { TestOptions, TestResults, TestRun } from "./inMemory/transport.ts"

/**
 * Provides a client of runs in memory, for tests of your own code. It filters, orders and pages as the API does, so that
 * everything which reads runs works on it: streams, windows, histories, watches, diagnoses. No HTTP, no token, no clock.
 *
 * **Details**
 *
 * A run that is not there fails with `NotFound`, and a wrong option throws an `InvalidQuery`. For outages, slow responses and other faults use the simulator.
 *
 * **Example** (Code that counts failures, and its test)
 *
 * ```ts
 * import { RunsClient, RunsInMemory } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 *
 * const failures = RunsClient.list({ runStatus: "failed" }).pipe(Stream.runCount)
 *
 * const Runs = RunsInMemory.layer({
 *   runs: [
 *     { id: 1, runType: "refresh", runStatus: "completed" },
 *     { id: 2, runType: "refresh", runStatus: "failed" }
 *   ]
 * })
 *
 * Effect.runSync(failures.pipe(Effect.provide(Runs))) // => 1
 * ```
 */
export const layer = (options: transport.TestOptions): Layer.Layer<RunsClient> => {
  const client = makeService(transport.origin, transport.make(options))
  return Layer.succeed(RunsClient, client)
}
