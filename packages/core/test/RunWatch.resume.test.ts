import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Run, RunCheckpoint, RunWatch } from "../src/index.ts"
import { clientOver, type WireRun } from "./support/server.ts"

const run = (id: number, runStatus: string): WireRun => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "1",
  ...(runStatus === "failed" ? { runEndTime: `2026-11-03T02:00:${String(id % 60).padStart(2, "0")}Z` } : {})
})

const violationOf = (resume: RunWatch.Checkpoint | string, query: RunWatch.WatchQuery = {}) => {
  const { layer } = clientOver({ history: () => [] })
  return RunWatch.poll(resume, query).pipe(
    Effect.flip,
    Effect.map((error) => error._tag === "InvalidQuery" ? error.violations : []),
    Effect.provide(layer)
  )
}

const nameOf = (event: RunWatch.Event): string =>
  event._tag === "Ended" ? `${event.run.id} ended ${event.to}` : event._tag

describe("RunWatch.poll", () => {
  it.effect("reports what happened between two calls, and resumes from the checkpoint of any event", () =>
    Effect.gen(function*() {
      let history = [run(1, "running"), run(2, "failed")]
      const { layer } = clientOver({ history: () => history })
      const poll = (from?: RunWatch.Checkpoint | string) => Effect.provide(RunWatch.poll(from), layer)
      const first = yield* poll()
      assert.deepStrictEqual(first.events.map(nameOf), ["Watching"])
      history = [run(1, "failed"), run(2, "failed"), run(3, "failed"), run(4, "running")]
      const second = yield* poll(RunWatch.encodeCheckpoint(first.checkpoint))
      assert.deepStrictEqual(second.events.map(nameOf), ["1 ended failed", "Appeared", "3 ended failed", "Appeared"])
      for (const [index, event] of second.events.entries()) {
        const again = yield* poll(event.checkpoint)
        const rest = second.events.slice(index + 1)
        assert.deepStrictEqual(again.events.map(nameOf), rest.map(nameOf))
        const ids = (events: ReadonlyArray<RunWatch.Event>) =>
          events.flatMap((event) => event._tag === "Ended" ? [event.id] : [])
        assert.deepStrictEqual(ids(again.events), ids(rest))
      }
    }))

  it.effect("refuses the checkpoint of another project, be it the query's or the client's", () =>
    Effect.gen(function*() {
      const of = (projectID: string | undefined) => clientOver({ history: () => [] }, { projectID }).layer
      const { checkpoint } = yield* Effect.provide(RunWatch.poll(undefined), of("7"))
      assert.strictEqual(checkpoint.watches["projectID"], "7")
      const reason = (client: string | undefined, query?: RunWatch.WatchQuery) =>
        RunWatch.poll(checkpoint, query).pipe(
          Effect.provide(of(client)),
          Effect.match({ onFailure: ({ message }) => message, onSuccess: () => "continues" })
        )
      assert.strictEqual(yield* reason("7"), "continues")
      assert.strictEqual(yield* reason(undefined, { projectID: "7" }), "continues")
      for (const other of [reason("8"), reason(undefined), reason("7", { projectID: "8" })]) {
        assert.match(yield* other, /`resume`: This checkpoint watches other runs: .*projectID 7/)
      }
    }))

  it.effect("refuses the checkpoint of other runs, of a newer version, and what is none", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({ history: () => [] })
      const { checkpoint } = yield* Effect.provide(RunWatch.poll(undefined, { runType: "deploy" }), layer)
      const [other] = yield* violationOf(checkpoint, { runType: "refresh" })
      assert.strictEqual(other?.field, "resume")
      assert.match(
        other?.reason ?? "",
        /^This checkpoint watches other runs: .*runType deploy, and not .*runType refresh$/
      )
      const elsewhere = { ...checkpoint, watches: { ...checkpoint.watches, origin: "https://other.example" } }
      assert.match((yield* violationOf(elsewhere, { runType: "deploy" }))[0]?.reason ?? "", /watches other runs/)
      const text = RunWatch.encodeCheckpoint(checkpoint)
      assert.match((yield* violationOf(text.replace("w1", "w2")))[0]?.reason ?? "", /has version 2.*reads up to 1/)
      for (const wrong of ["", "c1.id.desc.rs", text.slice(0, 10), "w1!!!!!!"]) {
        assert.match((yield* violationOf(wrong))[0]?.reason ?? "", /^Expected a checkpoint/)
      }
    }))

  it.effect("refuses the checkpoint of another project, whether a query or the client names it", () =>
    Effect.gen(function*() {
      const poll = (client: string | undefined, resume?: RunWatch.Checkpoint, query: RunWatch.WatchQuery = {}) =>
        Effect.provide(
          RunWatch.poll(resume, query),
          clientOver({ history: () => [] }, { projectID: client }).layer
        )
      const { checkpoint } = yield* poll("2")
      assert.strictEqual(checkpoint.watches["projectID"], "2")
      yield* poll("2", checkpoint)
      yield* poll("3", checkpoint, { projectID: "2" })
      for (const [client, query] of [["3", {}], [undefined, {}], ["2", { projectID: "3" }]] as const) {
        const error = yield* Effect.flip(poll(client, checkpoint, query))
        assert.match(error.message, /`resume`: This checkpoint watches other runs: .*projectID 2, and not /)
      }
    }))

  it("encodes 100 unfinished runs in 4 kB and 2,000 in 32 kB, and decodes them as they were", () => {
    const statuses = ["running", "waitingToRun", "paused"]
    for (const [count, most] of [[100, 4096], [2000, 32_768]] as const) {
      const end = DateTime.makeUnsafe("2026-11-03T02:00:00Z")
      const checkpoint: RunWatch.Checkpoint = {
        version: 1,
        watches: { origin: "https://abcompany.app.australia-southeast1.gcp.coalescesoftware.io", environmentID: "12" },
        newestID: 91_000_000,
        settledUpTo: 90_000_000,
        seen: Array.from({ length: 200 }, (_, n) => [90_000_001 + n * 5000, 90_000_002 + n * 5000]),
        unfinished: Array.from({ length: count }, (_, n) => ({
          id: Run.RunId.make(1000 + n * 45_000),
          runStatus: statuses[n % 3] ?? "",
          ...(n % 7 === 0 ? { missing: 2 } : {})
        })),
        ended: Array.from({ length: 64 }, (_, n) => ({
          id: Run.RunId.make(90_000_000 + n * 15_000),
          runStatus: "failed",
          runEndTime: DateTime.add(end, { milliseconds: n * 1_234_567 }),
          ...(n === 3 ? { goingOn: 1 } : {})
        })),
        marks: Array.from(
          { length: 20 },
          (_, n) => ({ at: DateTime.add(end, { minutes: n }), newestID: 90_900_000 + n })
        ),
        olderThan: 7
      }
      const text = RunWatch.encodeCheckpoint(checkpoint)
      assert.isBelow(text.length, most)
      assert.deepStrictEqual(Result.getOrThrow(RunWatch.decodeCheckpoint(text)), checkpoint)
      const json = Schema.encodeSync(RunWatch.Checkpoint)(checkpoint)
      assert.deepStrictEqual(
        Schema.decodeUnknownSync(RunWatch.Checkpoint)(JSON.parse(JSON.stringify(json))),
        checkpoint
      )
    }
  })
})

describe("RunWatch.runForEach", () => {
  const history = Array.from({ length: 5 }, (_, n) => run(n + 1, "failed"))
  /** Saves the checkpoint of a first poll, as a watch that saw no end so far. */
  const begun = Effect.gen(function*() {
    const store = yield* RunCheckpoint.RunCheckpoint
    const { checkpoint } = yield* RunWatch.poll()
    yield* store.save("nightly", RunWatch.encodeCheckpoint(checkpoint), 0)
    return checkpoint
  })

  /** Handles events until it dies, before or after the event of this number is saved, or at the last end. */
  const service = (handled: Array<string>, count: number, dies: "beforeSaving" | "afterSaving") => {
    let number = 0
    return Effect.flip(RunWatch.runForEach({}, { key: "nightly" }, (event) =>
      Effect.suspend(() => {
        number++
        if (dies === "afterSaving" && number === count + 1) return Effect.fail("killed")
        handled.push(nameOf(event))
        const isLast = dies === "beforeSaving" && number === count
        return isLast || handled.at(-1) === "5 ended failed" ? Effect.fail("killed") : Effect.void
      })))
  }

  it.effect("handles every end, whichever event the process dies at, before or after it was saved", () =>
    Effect.gen(function*() {
      for (const dies of ["beforeSaving", "afterSaving"] as const) {
        for (let count = 1; count <= 10; count++) {
          let runs = [run(0, "running")]
          const handled: Array<string> = []
          const { layer } = clientOver({ history: () => runs })
          yield* Effect.gen(function*() {
            yield* begun
            runs = [run(0, "failed"), ...history]
            yield* service(handled, count, dies)
            yield* service(handled, 100, dies)
          }).pipe(Effect.provide(Layer.merge(layer, RunCheckpoint.layerMemory)))
          const ends = handled.filter((name) => name !== "Appeared")
          assert.deepStrictEqual([...new Set(ends)], runs.map(({ id }) => `${id} ended failed`))
          assert.isAtMost(handled.length, dies === "beforeSaving" ? 12 : 11)
        }
      }
    }))

  it.live("goes on from what another watch saved first, and reports its ends under the same ids", () =>
    Effect.gen(function*() {
      const runs = [run(1, "running")]
      const { layer } = clientOver({ history: () => runs })
      yield* Effect.gen(function*() {
        const store = yield* RunCheckpoint.RunCheckpoint
        const checkpoint = yield* begun
        runs[0] = run(1, "failed")
        const ids: Array<string> = []
        const service = RunWatch.runForEach(
          {},
          { key: "nightly", every: "1 millis" },
          (event) =>
            Effect.gen(function*() {
              if (event._tag !== "Ended") return
              ids.push(event.id)
              // Another watch handles and saves the same end meanwhile.
              const { events } = yield* RunWatch.poll(checkpoint)
              assert.deepStrictEqual(events.map((event) => event._tag === "Ended" ? event.id : ""), [event.id])
              yield* store.save("nightly", RunWatch.encodeCheckpoint(event.checkpoint), 1)
            })
        )
        yield* Effect.raceFirst(service, Effect.sleep("100 millis"))
        assert.strictEqual(ids.length, 1)
        assert.strictEqual(Option.getOrThrow(yield* store.load("nightly")).version, 2)
      }).pipe(Effect.provide(Layer.merge(layer, RunCheckpoint.layerMemory)))
    }))
})

describe("RunWatch.pollForEach", () => {
  it.effect("polls once from where the last call stopped, and handles each end once", () =>
    Effect.gen(function*() {
      let runs = [run(1, "running"), run(2, "running")]
      const { layer } = clientOver({ history: () => runs })
      const handled: Array<string> = []
      const job = RunWatch.pollForEach(
        {},
        { key: "nightly" },
        (event) => Effect.sync(() => handled.push(nameOf(event)))
      )
      yield* Effect.gen(function*() {
        yield* job
        runs = [run(1, "failed"), run(2, "running"), run(3, "completed")]
        yield* job
        yield* job
        // Polls without events count too: three that lack a run tell that it was deleted.
        runs = [run(1, "failed"), run(3, "completed")]
        for (let polls = 0; polls < 4; polls++) yield* job
      }).pipe(Effect.provide(Layer.merge(layer, RunCheckpoint.layerMemory)))
      assert.deepStrictEqual(handled, ["Watching", "1 ended failed", "Appeared", "3 ended completed", "Untracked"])
    }))

  it.effect("handles an end again where the handler failed, and polls again where another watch saved first", () =>
    Effect.gen(function*() {
      let runs = [run(1, "running")]
      const { layer } = clientOver({ history: () => runs })
      yield* Effect.gen(function*() {
        const store = yield* RunCheckpoint.RunCheckpoint
        yield* RunWatch.pollForEach({}, { key: "nightly" }, () => Effect.void)
        runs = [run(1, "failed"), run(2, "failed")]
        const handled: Array<string> = []
        const jobThat = (handler: (event: RunWatch.Event) => Effect.Effect<unknown, unknown>) =>
          RunWatch.pollForEach({}, { key: "nightly" }, (event) => {
            handled.push(nameOf(event))
            return handler(event)
          })
        assert.strictEqual(yield* Effect.flip(jobThat(() => Effect.fail("the chat is away"))), "the chat is away")
        yield* jobThat((event) =>
          // Another watch handles and saves the first end meanwhile.
          event._tag === "Ended" && event.run.id === 1
            ? store.save("nightly", RunWatch.encodeCheckpoint(event.checkpoint), 1)
            : Effect.void
        )
        assert.deepStrictEqual(handled, ["1 ended failed", "1 ended failed", "Appeared", "2 ended failed"])
      }).pipe(Effect.provide(Layer.merge(layer, RunCheckpoint.layerMemory)))
    }))
})
