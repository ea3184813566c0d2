import { assert, describe, it } from "@effect/vitest"
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
    case "Appeared":
      return `${event.run.id} appeared`
    case "StatusChanged":
      return `${event.run.id} ${event.from} > ${event.to}`
    case "Ended":
      return `${event.run.id} ${event.from ?? ""} ended ${event.to}`
    case "Untracked":
      return `${event.runID} ${event.lastStatus} untracked: ${event.reason}`
    case "PollFailed":
      return `${event.error._tag}`
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
      const { first, poll } = yield* watching([run(1, "completed"), run(2, "running"), run(3, "failed")])
      assert.deepStrictEqual(first, [])
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
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 1 })
      assert.deepStrictEqual((yield* poll(set(run(5, "running")))).events, ["5 failed > running"])
      assert.deepStrictEqual(yield* poll(undefined, "29 seconds"), { events: [], requests: 0 })
    }))

  it.effect("follows a run older than the newest 100, and reports a run that was deleted", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching([run(1, "running"), run(2, "running")])
      const many = ended(350).slice(2)
      const appeared = yield* poll(set(...many))
      assert.deepStrictEqual(appeared.events, many.flatMap(({ id }) => [`${id} appeared`, `${id}  ended completed`]))
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 2 })
      assert.deepStrictEqual((yield* poll(set(run(1, "failed")))).events, ["1 running ended failed"])
      assert.deepStrictEqual((yield* poll((runs) => runs.filter(({ id }) => id !== 2))).events, [
        "2 running untracked: Deleted"
      ])
      assert.deepStrictEqual(yield* poll(), { events: [], requests: 1 })
    }))

  it.effect("does not report an old run after a deletion, and does not miss an id that comes late", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching(ended(150).filter(({ id }) => id !== 140))
      assert.deepStrictEqual((yield* poll((runs) => runs.filter(({ id }) => id !== 150))).events, [])
      assert.deepStrictEqual((yield* poll(set(run(140, "running")))).events, ["140 appeared"])
    }))

  it.effect("reads at most 10 pages of older runs a poll, and the others in the next polls", () =>
    Effect.gen(function*() {
      const runs = ended(5000).map((run) => run.id % 200 === 0 ? { ...run, runStatus: "running" } : run)
      const running = runs.filter(({ id, runStatus }) => runStatus === "running" && id !== 200)
      const { poll } = yield* watching(runs, { since: 0 })
      yield* poll()
      // The oldest, while all before it go on.
      const oldest = [yield* poll(set(run(200, "failed"))), yield* poll(), yield* poll()]
      assert.deepStrictEqual(oldest.flatMap(({ events }) => events), ["200 running ended failed"])
      const finish = set(...running.map(({ id }) => run(id, "completed")))
      const polls = [yield* poll(finish), yield* poll(), yield* poll(), yield* poll()]
      assert.isAtMost(Math.max(...polls.map(({ requests }) => requests)), 11)
      assert.deepStrictEqual(
        polls.flatMap(({ events }) => events).toSorted(),
        running.map(({ id }) => `${id} running ended completed`).toSorted()
      )
    }))

  it.effect("untracks the oldest run, once, where more than maxWatched have not ended", () =>
    Effect.gen(function*() {
      const { poll } = yield* watching([run(1, "running"), run(2, "running")], { maxWatched: 2 })
      assert.deepStrictEqual((yield* poll(set(run(3, "running")))).events, [
        "3 appeared",
        "1 running untracked: LimitReached"
      ])
      assert.deepStrictEqual((yield* poll(set(run(1, "failed"), run(2, "failed")))).events, ["2 running ended failed"])
    }))

  it.effect("reports the runs after since as appeared, without waiting", () =>
    Effect.gen(function*() {
      const { first, poll } = yield* watching([run(1, "running"), run(2, "completed"), run(3, "running")], { since: 2 })
      assert.deepStrictEqual(first, ["3 appeared"])
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
      assert.deepStrictEqual((yield* poll()).events, ["ServiceUnavailable"])
      assert.deepStrictEqual((yield* poll()).events, ["ServiceUnavailable"])
      assert.deepStrictEqual(yield* poll(set(run(1, "failed"), run(2, "running"))), { events: [], requests: 0 })
      status = 200
      assert.deepStrictEqual((yield* poll()).events, ["1 running ended failed", "2 appeared"])
      status = 403
      assert.deepStrictEqual((yield* poll()).events, [])
      assert.strictEqual(errorOf(yield* Fiber.join(fiber)), "Forbidden")
    }))

  it.effect("refuses wrong options before any request", () =>
    Effect.gen(function*() {
      for (const options of [{ every: 0 }, { every: "Infinity" as const }, { maxWatched: 0 }, { since: -1 }]) {
        const { fiber, log } = yield* watching([], options)
        assert.strictEqual(errorOf(yield* Fiber.join(fiber)), "InvalidQuery")
        assert.strictEqual(log.requests.length, 0)
      }
    }))
})
