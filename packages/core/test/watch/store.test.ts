import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import { Run, RunCheckpoint, RunsError, RunWatch } from "../../src/index.ts"
import { handleAndSave, load } from "../../src/watch/store.ts"
import { clientOver } from "../support/server.ts"

const begun = RunWatch.poll().pipe(
  Effect.map(({ checkpoint }) => checkpoint),
  Effect.provide(clientOver({ history: () => [] }).layer)
)

describe("the checkpoint of a watch in a store", () => {
  it.effect("is saved again and again, until another watch saves first, which is logged", () =>
    Effect.gen(function*() {
      const logged: Array<unknown> = []
      const logger = Logger.make(({ logLevel, message }) => {
        logged.push([logLevel, message])
      })
      const checkpoint = yield* begun
      yield* Effect.gen(function*() {
        const first = yield* load("nightly")
        assert.isUndefined(first.resume)
        assert.deepStrictEqual([yield* first.save(checkpoint), yield* first.save(checkpoint)], [true, true])
        const second = yield* load("nightly")
        assert.strictEqual(second.resume, RunWatch.encodeCheckpoint(checkpoint))
        assert.deepStrictEqual([yield* second.save(checkpoint), yield* first.save(checkpoint)], [true, false])
        const store = yield* RunCheckpoint.RunCheckpoint
        assert.strictEqual(Option.getOrThrow(yield* store.load("nightly")).version, 3)
      }).pipe(Effect.provide(RunCheckpoint.layerMemory), Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(logged, [["Info", ["Another watch saved \"nightly\" first"]]])
    }))

  it.effect("is saved behind each event but a poll that failed, which changes nothing", () =>
    Effect.gen(function*() {
      const checkpoint = yield* begun
      const did: Array<string> = []
      const handled = (event: RunWatch.Event) =>
        handleAndSave(
          event,
          ({ _tag }) => Effect.sync(() => did.push(_tag)),
          () => Effect.sync(() => did.push("saved") === 0)
        )
      const error = new RunsError.TransportError({
        request: { method: "GET", url: "https://coalesce.example/api/v1/runs" },
        attempts: 1,
        description: "the connection was reset"
      })
      const retryIn = Duration.seconds(30)
      assert.isTrue(yield* handled({ _tag: "PollFailed", checkpoint, error, retryIn }))
      const lost = { runID: Run.RunId.make(7), lastStatus: "running", reason: "Deleted" } as const
      assert.isFalse(yield* handled({ _tag: "Untracked", checkpoint, ...lost }))
      assert.deepStrictEqual(did, ["PollFailed", "Untracked", "saved"])
    }))
})
