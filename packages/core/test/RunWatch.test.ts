import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { type RunsError, RunWatch } from "../src/index.ts"
import { clientOver, type Server, type WireRun } from "./support/server.ts"

const run = (id: number, runStatus: string): WireRun => ({ id, runType: "refresh", runStatus, environmentID: "1" })
const ended = (count: number) => Array.from({ length: count }, (_, index) => run(index + 1, "completed"))

const show = (event: RunWatch.Event): string => {
  switch (event._tag) {
    case "Watching":
      return `watching ${event.unfinished.map(({ id }) => id).join(", ") || "nothing"}`
    case "Restarted":
      return `${event.run.id} restarted ${event.from} > ${event.to}`
    case "Appeared":
      return `${event.run.id} appeared`
    case "StatusChanged":
      return `${event.run.id} ${event.from} > ${event.to}`
    case "Ended":
      return `${event.run.id} ${event.from ?? ""} ended ${event.to}`
    case "Untracked":
      return `${event.runID} ${event.lastStatus} untracked: ${event.reason}`
    case "PollFailed":
      return `${event.error._tag}, retry in ${Duration.toSeconds(event.retryIn)} s`
  }
}

/** Responses are made of promises, which no test clock waits for. */
const settle = Effect.promise(async () => {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
})

/** A watch that is under way; `poll` lets time pass and returns the events of that time and how many requests were made. */
const watching = Effect.fnUntraced(function*(
  history: ReadonlyArray<WireRun>,
  options?: RunWatch.Options,
  spoil?: Server["spoil"]
) {
  let all = history
  const { layer, log } = clientOver(
    { history: () => all, ...(spoil === undefined ? {} : { spoil }) },
    { retry: Schedule.recurs(0) }
  )
  let events: Array<string> = []
  const fiber = yield* RunWatch.watch({}, options).pipe(
    Stream.runForEach((event) => Effect.sync(() => events.push(show(event)))),
    Effect.provide(layer),
    Effect.exit,
    Effect.forkChild
  )
  yield* settle
  return {
    fiber,
    first: events,
    log,
    poll: Effect.fnUntraced(function*(
      change: (runs: ReadonlyArray<WireRun>) => ReadonlyArray<WireRun> = (runs) => runs,
      after: RunWatch.Options["every"] = "30 seconds"
    ) {
      all = change(all)
      events = []
      const before = log.requests.length
      yield* TestClock.adjust(after)
      yield* settle
      return { events, requests: log.requests.length - before }
    })
  }
})

const set = (...changed: ReadonlyArray<WireRun>) => (runs: ReadonlyArray<WireRun>) =>
  [...runs.filter(({ id }) => !changed.some((run) => run.id === id)), ...changed].sort((a, b) => a.id - b.id)

const errorOf = (exit: Exit.Exit<void, RunsError.RunsError>) =>
  Exit.isFailure(exit) ? exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error._tag : undefined

describe("RunWatch.watch", () => {
  it.effect("reports each change once, with one request a poll, and nothing of what existed before", () =>
    Effect.gen(function*() {
      const { first, log, poll } = yield* watching([run(1, "completed"), run(2, "running"), run(3, "failed")])
      assert.deepStrictEqual(first, ["watching 2"])
      // The newest twice, one for each of 4 statuses, and one more behind the only run of one.
      assert.strictEqual(log.requests.length, 7)
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 1 })
      assert.deepStrictEqual(yield* poll(set(run(2, "completed"), run(4, "waitingToRun"))), {
        events: ["2 running ended completed", "4 appeared"],
        requests: 1
      })
      assert.deepStrictEqual((yield* poll(set(run(4, "paused"), run(5, "failed")))).events, [
        "4 waitingToRun > paused",
        "5 appeared",
        "5  ended failed"
      ])
      assert.deepStrictEqual((yield* poll(set(run(4, "canceled")))).events, ["4 paused ended canceled"])
      yield* poll(set(run(6, "running")), "2 minutes")
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 1 })
      assert.deepStrictEqual((yield* poll(set(run(5, "running")))).events, [])
      assert.deepStrictEqual((yield* poll()).events, ["5 restarted failed > running"])
      assert.deepStrictEqual(yield* poll(undefined, "29 seconds"), { events: [], requests: 0 })
    }))

  it.effect("polls slower while all runs have ended", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching([run(1, "running")], { every: "10 seconds", idleEvery: "1 minute" })
      assert.strictEqual((yield* poll(undefined, "30 seconds")).requests, 3)
      assert.deepStrictEqual((yield* poll(set(run(1, "failed")), "10 seconds")).events, ["1 running ended failed"])
      assert.strictEqual((yield* poll(undefined, "59 seconds")).requests, 0)
      assert.strictEqual((yield* poll(set(run(2, "running")), "1 second")).requests, 1)
      assert.strictEqual((yield* poll(undefined, "30 seconds")).requests, 3)
    }))

  it.effect("gives an end a name of its own, which a run with an end and an unknown status has too", () =>
    Effect.gen(function*() {
      const { layer } = clientOver({
        history: () => [{ ...run(7, "halted"), runEndTime: "2026-11-03T02:10:00Z" }]
      })
      const [event] = yield* RunWatch.ended({}, { since: 6 }).pipe(
        Stream.take(1),
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.strictEqual(event?.to, "halted")
      assert.match(event?.id ?? "", /^https?:\/\/.*\/runs\/7\/halted\/2026-11-03T02:10:00.000Z$/)
    }))

  it.effect("follows a run older than the newest 100, and reports a run that three polls lack as deleted", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching([run(1, "running"), run(2, "running")])
      const many = ended(350).slice(2)
      const appeared = yield* poll(set(...many))
      assert.deepStrictEqual(appeared.events, many.flatMap(({ id }) => [`${id} appeared`, `${id}  ended completed`]))
      yield* poll(undefined, "11 minutes")
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 2 })
      assert.deepStrictEqual((yield* poll(set(run(1, "failed")))).events, ["1 running ended failed"])
      const gone = [yield* poll((runs) => runs.filter(({ id }) => id !== 2)), yield* poll(), yield* poll()]
      assert.deepStrictEqual(gone.map(({ events }) => events), [[], [], ["2 running untracked: Deleted"]])
    }))

  it.effect("does not report an old run after a deletion, and does not miss an id that comes late", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching(ended(150).filter(({ id }) => id !== 140), { idleEvery: "30 seconds" })
      assert.deepStrictEqual((yield* poll((runs) => runs.filter(({ id }) => id !== 150))).events, [])
      assert.deepStrictEqual((yield* poll(set(run(140, "running")))).events, ["140 appeared"])
    }))

  it.effect("untracks the oldest run, once, where more than maxWatched have not ended", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching([run(1, "running"), run(2, "running")], { maxWatched: 2 })
      assert.deepStrictEqual((yield* poll(set(run(3, "running")))).events, [
        "1 running untracked: LimitReached",
        "3 appeared"
      ])
      assert.deepStrictEqual((yield* poll(set(run(1, "failed"), run(2, "failed")))).events, ["2 running ended failed"])
    }))

  it.effect("reports the runs after since as appeared, without waiting", () =>
    Effect.gen(function*() {
      const { first, poll } = yield* watching([run(1, "running"), run(2, "completed"), run(3, "running")], { since: 2 })
      assert.deepStrictEqual(first, ["watching 1", "3 appeared"])
      assert.deepStrictEqual((yield* poll(set(run(1, "failed")))).events, ["1 running ended failed"])
    }))

  it.effect("waits longer after retryable errors and loses no change, and fails with any other error", () =>
    Effect.gen(function*() {
      let status = 200
      const { fiber, poll } = yield* watching(
        [run(1, "running")],
        {},
        (response) => status === 200 ? response : new Response("", { status })
      )
      status = 503
      assert.deepStrictEqual((yield* poll()).events, ["ServiceUnavailable, retry in 30 s"])
      assert.deepStrictEqual((yield* poll()).events, ["ServiceUnavailable, retry in 60 s"])
      assert.deepStrictEqual(yield* poll(set(run(1, "failed"), run(2, "running"))), { events: [], requests: 0 })
      assert.deepStrictEqual((yield* poll()).events, ["ServiceUnavailable, retry in 120 s"])
      status = 200
      assert.deepStrictEqual((yield* poll(undefined, "2 minutes")).events, ["1 running ended failed", "2 appeared"])
      status = 403
      assert.deepStrictEqual((yield* poll()).events, [])
      assert.strictEqual(errorOf(yield* Fiber.join(fiber)), "Forbidden")
    }))

  it.effect("doubles the wait up to 10 times every, and waits as long as the server says if that is longer", () =>
    Effect.gen(function*() {
      let response = new Response("", { status: 503 })
      const { first, poll } = yield* watching([], {}, () => response.clone())
      assert.deepStrictEqual(first, ["ServiceUnavailable, retry in 30 s"])
      const waits = [30, 60, 120, 240, 300]
      const told = yield* Effect.forEach(waits, (seconds) => poll(undefined, seconds * 1000))
      assert.deepStrictEqual(
        told.flatMap(({ events }) => events),
        [60, 120, 240, 300, 300].map((wait) => `ServiceUnavailable, retry in ${wait} s`)
      )
      response = new Response("", { status: 429, headers: { "retry-after": "1800" } })
      assert.deepStrictEqual((yield* poll(undefined, "5 minutes")).events, ["TooManyRequests, retry in 1800 s"])
    }))

  it.effect("refuses wrong options before any request", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<RunWatch.Options> = [
        { every: 0 },
        { every: "Infinity" },
        { idleEvery: 0 },
        { lag: "Infinity" },
        { maxWatched: 0 },
        { since: -1 },
        { resume: "w1!no" }
      ]
      for (const options of wrong) {
        const { fiber, log } = yield* watching([], options)
        assert.strictEqual(errorOf(yield* Fiber.join(fiber)), "InvalidQuery")
        assert.strictEqual(log.requests.length, 0)
      }
    }))
})
