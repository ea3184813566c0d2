import { RunWatch } from "@coalesce-runs/core"
import { Faults, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { clientOf, listRequests } from "./support/client.ts"

const run = (id: number, runStatus: string) => ({ id, runType: "refresh", runStatus, environmentID: "3" })

describe("RunWatch over real HTTP", () => {
  it.live("reports a run that starts and fails while requests fail, and stops requesting once the stream is left", () =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const watch = yield* RunWatch.watch({ detail: true, failureReasons: true }, { every: "10 millis" }).pipe(
        Stream.filter((event) => event._tag === "Appeared" || event._tag === "Ended"),
        Stream.map(({ _tag, run }) => [_tag, run.id, run.runDetails.environmentID, run.runFailureReason]),
        Stream.tap(() =>
          simulator.update((runs) =>
            runs.map((run) =>
              run.id === 8 ? { ...run, runStatus: "failed", runFailureReason: "Division by zero" } : run
            )
          )
        ),
        Stream.take(2),
        Stream.runCollect,
        Effect.forkChild
      )
      // The second poll: the first has learned with 6 requests which runs exist.
      yield* simulator.waitForRequest((request) => request.number === 7)
      yield* simulator.setFaults([Faults.every(2, Faults.status(503))])
      yield* simulator.append(run(8, "running"))
      assert.deepStrictEqual(yield* Fiber.join(watch), [
        ["Appeared", 8, "3", undefined],
        ["Ended", 8, "3", "Division by zero"]
      ])
      const { length } = yield* listRequests
      yield* Effect.sleep("100 millis")
      assert.strictEqual((yield* listRequests).length, length)
    }).pipe(Effect.provide(clientOf({ runs: [run(7, "completed")] }))))
})
