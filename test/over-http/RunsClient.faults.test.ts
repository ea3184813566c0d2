import { RunsClient, RunsError } from "@coalesce-runs/core"
import { Faults, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { clientOf, listRequests } from "./support/client.ts"

const runs: ReadonlyArray<SimulatedRun.SimulatedRun> = Array.from({ length: 9 }, (_, index) => ({
  id: index + 1,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "1",
  runStartTime: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString()
}))

interface Case {
  readonly name: string
  readonly faults: Faults.Faults
  /** The ids of the runs that the stream emits, newest first. */
  readonly ids: ReadonlyArray<number>
  readonly error?: RunsClient.ListError["_tag"]
  readonly requests: number
  /** Time-out of an attempt, where the case is about it. Default: long enough for a busy machine. */
  readonly timeout?: "400 millis"
}

const all = [9, 8, 7, 6, 5, 4, 3, 2, 1]
const healed = { ids: all, requests: 5 }
const second = (fault: Faults.Fault) => [Faults.nth(2, fault)]

const cases: ReadonlyArray<Case> = [
  { name: "no fault", faults: [], ids: all, requests: 4 },
  ...[429, 500, 502, 503, 504].flatMap((status) =>
    (["json", "html", "empty"] as const).map((body) => ({
      name: `one ${status} with ${body}`,
      faults: second(Faults.status(status, { body })),
      ...healed
    }))
  ),
  { name: "one reset", faults: second(Faults.reset), ...healed },
  { name: "one truncated body", faults: second(Faults.truncated()), ...healed },
  { name: "one request without a response", faults: second(Faults.hang()), ...healed, timeout: "400 millis" },
  {
    name: "one response that stops after its headers",
    faults: second(Faults.hang("headers")),
    ...healed,
    timeout: "400 millis"
  },
  {
    name: "one response slower than the time-out",
    faults: second(Faults.drip({ pieces: 10, pause: "100 millis" })),
    ...healed,
    timeout: "400 millis"
  },
  { name: "duplicate rows", faults: [Faults.always(Faults.duplicateRows(2))], ids: all, requests: 4 },
  {
    name: "an endless 503",
    faults: [Faults.after(1, Faults.status(503))],
    ids: [9, 8, 7],
    error: "ServiceUnavailable",
    requests: 4
  },
  ...([[400, "BadRequest"], [401, "Unauthorized"], [403, "Forbidden"], [404, "NotFound"]] as const).map(
    ([status, error]): Case => ({
      name: `a ${status}`,
      faults: second(Faults.status(status)),
      ids: [9, 8, 7],
      error,
      requests: 2
    })
  ),
  {
    name: "a redirect",
    faults: second(Faults.redirect("https://elsewhere.example/api/v1/runs")),
    ids: [9, 8, 7],
    error: "UnexpectedStatus",
    requests: 2
  },
  {
    name: "a 200 with an empty body",
    faults: second(Faults.emptyBody),
    ids: [9, 8, 7],
    error: "DecodeError",
    requests: 2
  },
  { name: "a 200 with HTML", faults: second(Faults.notJson), ids: [9, 8, 7], error: "DecodeError", requests: 2 },
  {
    name: "a body of another shape",
    faults: second(Faults.wrongShape()),
    ids: [9, 8, 7],
    error: "DecodeError",
    requests: 2
  },
  {
    name: "an undecodable row",
    faults: second(Faults.malformedRow((row) => ({ ...row, runStatus: 7 }), 1)),
    ids: [9, 8, 7, 6],
    error: "DecodeError",
    requests: 2
  },
  {
    name: "a repeated next",
    faults: second(Faults.repeatedNext),
    ids: [9, 8, 7, 6, 5, 4],
    error: "PaginationError",
    requests: 2
  },
  {
    name: "a backward next",
    faults: second(Faults.backwardNext),
    ids: [9, 8, 7, 6, 5, 4],
    error: "PaginationError",
    requests: 2
  }
]

describe("RunsClient.list over real HTTP", () => {
  it.live.each(cases)("lists all runs despite $name, or the runs before it", (test) =>
    Effect.gen(function*() {
      const ids: Array<number> = []
      const exit = yield* RunsClient.list({ pageSize: 3 }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.flip,
        Effect.exit
      )
      assert.deepStrictEqual(ids, [...test.ids])
      assert.strictEqual(Exit.isSuccess(exit) ? exit.value._tag : undefined, test.error)
      if (Exit.isSuccess(exit) && "resumeFrom" in exit.value) {
        assert.strictEqual(exit.value.resumeFrom?.value, test.ids.at(-1))
      }
      assert.strictEqual((yield* listRequests).length, test.requests)
    }).pipe(
      Effect.provide(
        clientOf({ runs, faults: test.faults }, { retry: Schedule.recurs(2), timeout: test.timeout ?? "10 seconds" })
      )
    ))

  it.live("waits as long as Retry-After says", () =>
    Effect.gen(function*() {
      yield* RunsClient.listPage()
      const [first, second] = yield* listRequests
      const waited = (second?.receivedAt.epochMilliseconds ?? 0) - (first?.endedAt?.epochMilliseconds ?? 0)
      assert.isAtLeast(waited, 990)
    }).pipe(Effect.provide(clientOf({ runs, faults: [Faults.first(1, Faults.status(429, { retryAfter: 1 }))] }))))

  it.live("fails with a TransportError that names ECONNREFUSED where no server listens", () =>
    Effect.gen(function*() {
      const { url } = yield* Effect.scoped(Simulator.make({ runs }))
      const error = yield* RunsClient.listPage().pipe(
        Effect.flip,
        Effect.provide(
          RunsClient.layer({ accessToken: "a-token-for-tests", baseUrl: url, retry: Schedule.recurs(0) })
            .pipe(Layer.provide(FetchHttpClient.layer))
        )
      )
      assert.instanceOf(error, RunsError.TransportError)
      assert.match(error.message, /ECONNREFUSED/)
    }))

  it.live("fails with Unauthorized and the API's text for a wrong token", () =>
    Effect.gen(function*() {
      const error = yield* RunsClient.listPage().pipe(Effect.flip)
      assert.instanceOf(error, RunsError.Unauthorized)
      assert.include(error.message, "Unable to authenticate")
    }).pipe(Effect.provide(clientOf({ runs }, { accessToken: "not-the-token" }))))
})

describe("RunsClient over real HTTP sends the token to the configured host alone", () => {
  it.live.each([301, 302, 303, 307, 308] as const)("does not follow a %s", (status) =>
    Effect.gen(function*() {
      const elsewhere = yield* Simulator.make({ runs })
      const error = yield* RunsClient.listPage().pipe(
        Effect.flip,
        Effect.provide(
          clientOf({ runs, faults: [Faults.always(Faults.redirect(`${elsewhere.url}/api/v1/runs?limit=1`, status))] })
        )
      )
      assert.instanceOf(error, RunsError.UnexpectedStatus)
      assert.strictEqual(error.status, status)
      assert.strictEqual(error.location, `${elsewhere.url}/api/v1/runs`)
      assert.deepStrictEqual(yield* elsewhere.requests, [])
    }).pipe(Effect.scoped))

  it.live("keeps the caller's RequestInit, except for redirects", () =>
    Effect.gen(function*() {
      const error = yield* RunsClient.listPage().pipe(Effect.flip)
      assert.instanceOf(error, RunsError.UnexpectedStatus)
      const [request] = yield* listRequests
      assert.strictEqual(request?.headers["x-team"], "data")
    }).pipe(
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "follow", headers: { "x-team": "data" } }),
      Effect.provide(clientOf({ runs, faults: [Faults.always(Faults.redirect("/elsewhere"))] }))
    ))

  it.live("sends no trace headers, and a user agent with a version", () =>
    Effect.gen(function*() {
      yield* Effect.withSpan(RunsClient.listPage(), "caller")
      const [request] = yield* listRequests
      assert.notProperty(request?.headers, "traceparent")
      assert.notProperty(request?.headers, "b3")
      assert.match(request?.headers["user-agent"] ?? "", /^coalesce-runs\/\d+\.\d+\.\d+/)
      assert.strictEqual(request?.authorization, "valid")
    }).pipe(Effect.provide(clientOf({ runs }))))
})

describe("interrupting RunsClient.list closes the socket", () => {
  it.live.each([
    { name: "before the response", fault: Faults.hang() },
    { name: "after the headers", fault: Faults.hang("headers") },
    { name: "in the middle of the body", fault: Faults.drip({ pieces: 500, pause: "20 millis" }) }
  ])("$name", ({ fault }) =>
    Effect.gen(function*() {
      const simulator = yield* Simulator.Simulator
      const fiber = yield* Effect.forkChild(Stream.runDrain(RunsClient.list()))
      yield* simulator.waitForRequest((request) => request.path === "/api/v1/runs")
      yield* Effect.sleep("100 millis")
      yield* Fiber.interrupt(fiber)
      const request = yield* simulator.waitForRequest((request) => request.closedEarly).pipe(
        Effect.timeout("2 seconds")
      )
      assert.isTrue(request.closedEarly)
    }).pipe(Effect.provide(clientOf({ runs, faults: [Faults.always(fault)] }))))
})
