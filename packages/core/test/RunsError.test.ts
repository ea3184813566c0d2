import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Run, RunsClient, RunsError } from "../src/index.ts"

type Respond = (index: number) => Response | Promise<Response>

const clientOver = (respond: Respond, options?: Partial<RunsClient.Options>) => {
  const times: Array<number> = []
  const http = HttpClient.make((request) =>
    Effect.clockWith((clock) => {
      times.push(clock.currentTimeMillisUnsafe())
      return Effect.map(
        Effect.promise(async () => respond(times.length - 1)),
        (response) => HttpClientResponse.fromWeb(request, response)
      )
    })
  )
  const layer = RunsClient.layer({ accessToken: "a-token-for-tests", retry: Schedule.recurs(0), ...options }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
  )
  return { layer, times }
}

const truncated = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode("{\"error\": {\"errorStr"))
      controller.error(new Error("terminated"))
    }
  })

const bodies = [
  {
    kind: "the documented JSON",
    body: () => JSON.stringify({ error: { errorString: "It went wrong", errorDetail: "in the test" } }),
    said: { errorString: "It went wrong", errorDetail: "in the test" }
  },
  {
    kind: "JSON without detail",
    body: () => JSON.stringify({ error: { errorString: "It went wrong" } }),
    said: { errorString: "It went wrong" }
  },
  {
    kind: "a detail of another kind",
    body: () => JSON.stringify({ error: { errorString: "It went wrong", errorDetail: null } }),
    said: { errorString: "It went wrong" }
  },
  {
    kind: "a detail alone",
    body: () => JSON.stringify({ error: { errorString: "", errorDetail: "in the test" } }),
    said: { errorDetail: "in the test" }
  },
  { kind: "HTML", body: () => "<html><body><h1>Bad</h1></body></html>", said: {} },
  { kind: "nothing", body: () => null, said: {} },
  { kind: "JSON cut short", body: () => "{\"error\": {\"errorStr", said: {} },
  { kind: "a broken connection", body: truncated, said: {} },
  { kind: "JSON of another shape", body: () => JSON.stringify({ message: 42, error: "no" }), said: {} }
] as const

const statuses = [
  { status: 400, type: "BadRequest", retryable: false },
  { status: 401, type: "Unauthorized", retryable: false },
  { status: 403, type: "Forbidden", retryable: false },
  { status: 404, type: "NotFound", retryable: false },
  { status: 429, type: "TooManyRequests", retryable: true },
  { status: 500, type: "InternalServerError", retryable: true },
  { status: 502, type: "BadGateway", retryable: true },
  { status: 503, type: "ServiceUnavailable", retryable: true },
  { status: 504, type: "GatewayTimeout", retryable: true },
  { status: 204, type: "UnexpectedStatus", retryable: false },
  { status: 302, type: "UnexpectedStatus", retryable: false },
  { status: 402, type: "UnexpectedStatus", retryable: false },
  { status: 418, type: "UnexpectedStatus", retryable: false },
  { status: 501, type: "UnexpectedStatus", retryable: false },
  { status: 530, type: "UnexpectedStatus", retryable: false }
] as const

const cases = statuses.flatMap((status) => bodies.map((body) => ({ ...status, ...body })))
  .filter(({ kind, status }) => status !== 204 || kind === "nothing")

// An instance of one of the classes, not only something of their shape.
const isRunsError = Schema.is(RunsError.RunsError)

const url =
  "https://app.coalescesoftware.io/api/v1/runs?limit=25&startingFrom=10&orderBy=id&orderByDirection=desc&runType=refresh"

describe("every status by every kind of body", () => {
  it.effect.each(cases)("$status with $kind", ({ body, retryable, said, status, type }) =>
    Effect.gen(function*() {
      const { layer } = clientOver(() => new Response(body(), { status, headers: { "retry-after": "7" } }))
      const error = yield* RunsClient.listPage({ startingFrom: 10, runType: "refresh" }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.strictEqual(error._tag, type)
      assert.isTrue(isRunsError(error))
      if (!("status" in error)) return assert.fail("no status")
      const { errorDetail, errorString, ...fields } = error
      assert.deepStrictEqual(
        {
          ...(errorString === undefined ? {} : { errorString }),
          ...(errorDetail === undefined ? {} : { errorDetail })
        },
        said
      )
      assert.strictEqual(fields.status, status)
      assert.deepStrictEqual(fields.request, { method: "GET", url })
      assert.strictEqual(fields.resumeFrom?.value, 10)
      assert.strictEqual(error.isRetryable, retryable)
      assert.strictEqual(Duration.toMillis(fields.retryAfter ?? 0), 7000)
      assert.include(error.message, String(status))
      assert.include(error.message, url)

      const wire = JSON.parse(JSON.stringify(Schema.encodeSync(RunsError.RunsError)(error)))
      const back = Schema.decodeUnknownSync(RunsError.RunsError)(wire)
      assert.strictEqual(back._tag, type)
      assert.isTrue(isRunsError(back))
      assert.strictEqual(back.message, error.message)
      assert.strictEqual(back.isRetryable, error.isRetryable)
    }))
})

const row = { id: 7, runType: "refresh", runStatus: "completed", runDetails: {} }

describe("a response that is no list of runs", () => {
  it.effect.each([
    { name: "an empty body", body: "", path: "" },
    { name: "blank", body: " \n ", path: "" },
    { name: "HTML", body: "<!doctype html>", path: "" },
    { name: "JSON cut short", body: "{\"data\": [", path: "" },
    { name: "null", body: "null", path: "data" },
    { name: "a list", body: "[]", path: "data" },
    { name: "no data", body: "{\"limit\": 25}", path: "data" },
    { name: "data of another kind", body: "{\"data\": {}}", path: "data" }
  ])("200 with $name is a DecodeError, never an empty list", ({ body, path }) =>
    Effect.gen(function*() {
      const { layer } = clientOver(() => new Response(body, { status: 200 }))
      const error = yield* RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.DecodeError)
      assert.strictEqual(error.path, path)
      assert.isUndefined(error.index)
    }))

  it.effect("a 200 whose connection breaks is a TransportError", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() => new Response(truncated(), { status: 200 }))
      const error = yield* RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.TransportError)
      assert.isTrue(error.isRetryable)
    }))

  it.effect("an undecodable row ends the stream after the good rows before it, with its id, path and a cursor", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() =>
        Response.json({ data: [{ ...row, id: 9 }, { ...row, id: 8, runDetails: { nodesInRun: "many" } }, row] })
      )
      const ids: Array<number> = []
      const error = yield* RunsClient.list({ detail: true }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.provide(layer),
        Effect.flip
      )
      assert.deepStrictEqual(ids, [9])
      assert.instanceOf(error, RunsError.DecodeError)
      assert.deepInclude({ ...error }, { runID: 8, index: 1, path: "runDetails.nodesInRun" })
      assert.strictEqual(error.resumeFrom?.value, 9)
    }))

  it.effect("a skipped row is reported beside the good rows of its page", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() =>
        Response.json({ data: [{ ...row, id: 9 }, { ...row, id: 8, runDetails: 5 }, row, { ...row, id: "x" }] })
      )
      const page = yield* RunsClient.listPage({ detail: true, undecodableRows: "skip" }).pipe(Effect.provide(layer))
      assert.deepStrictEqual(page.runs.map((run) => run.id as number), [9, 7])
      assert.deepStrictEqual(page.undecodable.map(({ id, index, path }) => [id, index, path]), [
        [Run.RunId.make(8), 1, "runDetails"],
        [undefined, 3, "id"]
      ])
      assert.isFalse(page.hasMore)
    }))

  it.effect("a skipped row at the end of a page does not come again", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver((index) =>
        Response.json({ data: index === 0 ? [{ ...row, id: 9 }, { id: 8 }] : [row] })
      )
      const pages = yield* RunsClient.pages({ undecodableRows: "skip", pageSize: 2 }).pipe(
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.deepStrictEqual(pages.map((page) => page.undecodable.length), [1, 0])
      assert.strictEqual(pages[0]?.cursor.value, 8)
      assert.strictEqual(times.length, 2)
    }))

  it.effect("listPage returns a whole page, or an error that resumes at its start", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() =>
        Response.json({ data: [{ ...row, id: 9 }, { id: 8, runType: "refresh" }, row] })
      )
      const first = yield* RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip)
      assert.deepInclude({ ...first }, { _tag: "DecodeError", runID: 8 })
      assert.notProperty(first, "resumeFrom")
      const later = yield* RunsClient.listPage({ startingFrom: 10 }).pipe(Effect.provide(layer), Effect.flip)
      assert.instanceOf(later, RunsError.DecodeError)
      assert.strictEqual(later.resumeFrom?.value, 10)
    }))

  it.effect("listPage returns no more runs than its limit", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() =>
        Response.json({ data: Array.from({ length: 30 }, (_, index) => ({ ...row, id: 30 - index })) })
      )
      const page = yield* RunsClient.listPage({ limit: 20 }).pipe(Effect.provide(layer))
      assert.strictEqual(page.runs.length, 20)
      assert.strictEqual(page.cursor.value, 11)
      assert.isTrue(page.hasMore)
    }))

  it.effect("a failure reason is read from a row that is undecodable otherwise", () =>
    Effect.gen(function*() {
      const { layer } = clientOver((index) =>
        Response.json({
          data: index === 0
            ? [{ ...row, runStatus: "failed" }]
            : [{ ...row, runStatus: "failed", runStartTime: "soon", runFailureReason: "It went wrong" }]
        })
      )
      const page = yield* RunsClient.listPage({ detail: true, failureReasons: true }).pipe(Effect.provide(layer))
      assert.deepStrictEqual(page.runs.map((run) => run.runFailureReason), ["It went wrong"])
    }))

  it.effect("an opaque cursor is sent with the query that it came from, and no other", () =>
    Effect.gen(function*() {
      const urls: Array<URLSearchParams> = []
      const http = HttpClient.make((request, url) =>
        Effect.sync(() => {
          urls.push(url.searchParams)
          return HttpClientResponse.fromWeb(
            request,
            Response.json(
              urls.length === 1
                ? { data: [{ ...row, id: 9 }], next: "a-token" }
                : { data: [{ ...row, id: 8, runStatus: "failed", runFailureReason: "It went wrong" }] }
            )
          )
        })
      )
      const found = yield* RunsClient.list({ detail: true, failureReasons: true, pageSize: 1 }).pipe(
        Stream.take(2),
        Stream.runCollect,
        Effect.provide(
          RunsClient.layer({ accessToken: "a-token-for-tests" }).pipe(
            Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
          )
        )
      )
      assert.strictEqual(found[1]?.runFailureReason, "It went wrong")
      assert.deepStrictEqual(
        urls.map((params) => [params.get("detail"), params.get("startingFrom")]),
        [["true", null], ["true", "a-token"], [null, "9"]]
      )
    }))

  it.effect("a row of another type than the query's is undecodable", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(() => Response.json({ data: [row] }))
      const error = yield* RunsClient.listPage({ detail: true, runType: "deploy" }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.instanceOf(error, RunsError.DecodeError)
      assert.strictEqual(error.path, "runType")
    }))
})

describe("an invalid query sends no request", () => {
  it.effect.each([
    { query: { limit: 0 }, fields: ["limit"] },
    { query: { limit: 1001, orderBy: "date", runStatus: "broken" }, fields: ["limit", "orderBy", "runStatus"] },
    { query: { limt: 5 }, fields: ["limt"] },
    {
      query: { limit: 0, startingFrom: "abc", failureReasons: true },
      fields: ["failureReasons", "limit", "startingFrom"]
    },
    { query: { orderBy: "date", startingFrom: "abc" }, fields: ["orderBy"] },
    { query: { limit: "25", detail: "yes", startingFrom: null }, fields: ["detail", "limit", "startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "2026-02-30T00:00:00Z" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "2026-02-28T00:00:00.122350Z" }, fields: ["startingFrom"] },
    { query: { startingFrom: "c1.runStartTime.desc.2gm8ex6vwg0" }, fields: ["startingFrom"] },
    { query: { startingFrom: "c1.id.desc.-5" }, fields: ["startingFrom"] },
    { query: { startingFrom: "2026-01-01T00:00:00Z" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: 17 }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "Fri Oct 30 2026" }, fields: ["startingFrom"] },
    { query: { orderBy: "runStartTime", startingFrom: "c1.id.desc.8" }, fields: ["startingFrom"] },
    { query: { failureReasons: true }, fields: ["failureReasons"] },
    { query: { environmentID: "" }, fields: ["environmentID"] }
  ])("$query", ({ fields, query }) =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => Response.json({ data: [] }))
      // A caller without types: the check is there for that.
      const error = yield* RunsClient.listPage(query as {}).pipe(Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.InvalidQuery)
      assert.deepStrictEqual(error.violations.map((violation) => violation.field).sort(), fields.sort())
      assert.strictEqual(times.length, 0)
    }))

  it.effect("a stream with a limit is invalid: limit belongs to listPage", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => Response.json({ data: [] }))
      // A caller without types: with them it does not compile.
      const error = yield* RunsClient.list(JSON.parse("{\"limit\": 5, \"pageSize\": 0}")).pipe(
        Stream.runCollect,
        Effect.provide(layer),
        Effect.flip
      )
      assert.instanceOf(error, RunsError.InvalidQuery)
      assert.include(error.message, "Stream.take")
      assert.sameMembers(error.violations.map((violation) => violation.field), ["limit", "pageSize"])
      assert.strictEqual(times.length, 0)
    }))

  it.effect.each([-1, 1.5, Number.NaN])("the id %s", (id) =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => Response.json(row))
      assert.instanceOf(yield* RunsClient.get(id).pipe(Effect.provide(layer), Effect.flip), RunsError.InvalidQuery)
      assert.instanceOf(yield* RunsClient.results(id).pipe(Effect.provide(layer), Effect.flip), RunsError.InvalidQuery)
      assert.strictEqual(times.length, 0)
    }))
})

/** Runs an effect to its end, however long it sleeps. */
const inTestTime = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let minutes = 0; minutes < 90; minutes++) {
      // Promises of the fake transport settle in real time, between steps of the test's clock.
      for (let step = 0; step < 60; step++) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        if (fiber.pollUnsafe() !== undefined) return yield* Effect.flatten(Fiber.join(fiber))
        yield* TestClock.adjust("1 second")
      }
    }
    return yield* Effect.die("did not end within 90 minutes")
  })

describe("retries", () => {
  const fail = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers })

  it.effect.each([429, 500, 502, 503, 504])(
    "a %s is retried, and the page comes once",
    (status) =>
      Effect.gen(function*() {
        const { layer, times } = clientOver(
          (index) => index < 2 ? fail(status) : Response.json({ data: [row] }),
          { retry: undefined }
        )
        const found = yield* inTestTime(RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer)))
        assert.deepStrictEqual(found.map((run) => run.id as number), [7])
        assert.strictEqual(times.length, 3)
      })
  )

  it.effect.each([400, 401, 403, 404, 418])("a %s is not retried", (status) =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => fail(status), { retry: undefined })
      yield* inTestTime(RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip))
      assert.strictEqual(times.length, 1)
    }))

  it.effect("end after four, with growing waits", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => fail(503), { retry: undefined })
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.ServiceUnavailable)
      assert.strictEqual(times.length, 5)
      assert.strictEqual(error.attempts, 5)
      assert.include(error.message, "after 5 attempts")
    }))

  it.effect.each([
    { header: "3", wait: 3000 },
    { header: new Date(12_000).toUTCString(), wait: 12_000 }
  ])("Retry-After $header is obeyed", ({ header, wait }) =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(
        (index) => index === 0 ? fail(429, { "retry-after": header }) : Response.json({ data: [] }),
        { retry: undefined }
      )
      yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer)))
      assert.strictEqual(times.length, 2)
      assert.isAtLeast((times[1] ?? 0) - (times[0] ?? 0), wait)
    }))

  it.effect("a Retry-After beyond the 30 seconds fails at once", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => fail(429, { "retry-after": "3600" }), { retry: undefined })
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.TooManyRequests)
      assert.strictEqual(Duration.toMinutes(error.retryAfter ?? 0), 60)
      assert.strictEqual(times.length, 1)
    }))

  it.effect("an attempt without a complete response ends after its time, all attempts after 30 seconds", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => new Promise<Response>(() => {}), { retry: undefined })
      const started = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      const ended = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.isAtLeast(times.length, 2)
      assert.isAtMost(ended - started, 31_000)
    }))

  it.effect("the time of an attempt covers the body", () =>
    Effect.gen(function*() {
      const { layer } = clientOver(
        () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) })),
        { timeout: "5 seconds" }
      )
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.strictEqual(Duration.toSeconds(error.timeout), 5)
    }))

  it.effect("an attempt can take longer than the 30 seconds if its timeout is longer", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => new Promise<Response>(() => {}), {
        retry: undefined,
        timeout: "50 seconds"
      })
      const error = yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.instanceOf(error, RunsError.RequestTimeout)
      assert.strictEqual(Duration.toSeconds(error.timeout), 50)
      assert.strictEqual(times.length, 1)
    }))

  it.effect.each([0, -5, Number.NaN])("a timeout of %s is invalid", (timeout) =>
    Effect.gen(function*() {
      const { layer } = clientOver(() => fail(500), { timeout })
      const error = yield* RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip)
      assert.deepInclude({ ...error }, { _tag: "InvalidConnection", field: "timeout" })
    }))

  it.effect("a schedule replaces the default policy", () =>
    Effect.gen(function*() {
      const { layer, times } = clientOver(() => fail(503), { retry: Schedule.recurs(7) })
      yield* inTestTime(RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip))
      assert.strictEqual(times.length, 8)
    }))

  it.effect("a page that fails for good leaves the runs before it, and the cursor to continue from", () =>
    Effect.gen(function*() {
      const { layer } = clientOver((index) =>
        index === 0 ? Response.json({ data: [{ ...row, id: 9 }, { ...row, id: 8 }] }) : fail(500)
      )
      const ids: Array<number> = []
      const error = yield* RunsClient.list({ pageSize: 2 }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.provide(layer),
        Effect.flip
      )
      assert.deepStrictEqual(ids, [9, 8])
      assert.instanceOf(error, RunsError.InternalServerError)
      assert.strictEqual(error.resumeFrom?.value, 8)
      assert.include(error.message, "resumeFrom")
      assert.notInclude(error.message, "attempts")
    }))
})
