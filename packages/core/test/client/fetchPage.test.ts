import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Run, RunsClient, RunsError } from "../../src/index.ts"
import { clientOf, row, truncated } from "../support/responses.ts"

const undecodable = { id: 7, runType: "refresh", runStatus: 5 }

const serverOf = (data: ReadonlyArray<unknown>) => clientOf(() => Response.json({ data })).layer

describe("RunsClient.listPage", () => {
  it.effect.each(["fail", "skip"] as const)(
    "does not read an undecodable row beyond its limit (undecodableRows: %s)",
    (undecodableRows) =>
      Effect.gen(function*() {
        const page = yield* RunsClient.listPage({ limit: 2, undecodableRows })
        assert.deepStrictEqual(page.runs.map(({ id }) => Number(id)), [9, 8])
        assert.deepStrictEqual(page.undecodable, [])
        assert.strictEqual(page.cursor.value, 8)
        assert.isTrue(page.hasMore)
      }).pipe(Effect.provide(serverOf([{ ...row, id: 9 }, { ...row, id: 8 }, undecodable])))
  )

  it.effect("counts skipped rows towards its limit", () =>
    Effect.gen(function*() {
      const page = yield* RunsClient.listPage({ limit: 2, undecodableRows: "skip" })
      assert.deepStrictEqual(page.runs.map(({ id }) => Number(id)), [8])
      assert.deepStrictEqual(page.undecodable.map(({ id }) => Number(id)), [7])
      assert.isTrue(page.hasMore)
    }).pipe(Effect.provide(serverOf([{ ...row, id: 8 }, undecodable, { ...row, id: 6 }]))))

  it.effect("fails with NoProgress on a full page whose rows have no readable id, since its cursor cannot advance", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(RunsClient.listPage({ limit: 2, undecodableRows: "skip" }))
      assert.instanceOf(error, RunsError.PaginationError)
      assert.strictEqual(error.reason, "NoProgress")
    }).pipe(Effect.provide(serverOf([{ ...row, id: "x" }, { ...row, id: "y" }]))))
})

describe("a response that is not the documented page of runs", () => {
  it.effect.each([
    { name: "an empty body", body: "", path: "" },
    { name: "blank", body: " \n ", path: "" },
    { name: "HTML", body: "<!doctype html>", path: "" },
    { name: "null", body: "null", path: "data" },
    { name: "a list", body: "[]", path: "data" },
    { name: "no data", body: "{\"limit\": 25}", path: "data" },
    { name: "data of another kind", body: "{\"data\": {}}", path: "data" }
  ])("200 with $name is a DecodeError, never an empty list", ({ body, path }) =>
    Effect.gen(function*() {
      const { layer } = clientOf(() => new Response(body, { status: 200 }))
      const error = yield* RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.DecodeError)
      assert.strictEqual(error.path, path)
      assert.isUndefined(error.index)
    }))

  const errorsIn200: ReadonlyArray<readonly [error: unknown, issue: string]> = [
    [
      { errorString: "The token has expired.", errorDetail: "AUTH-7" },
      "the body is an error: The token has expired. AUTH-7"
    ],
    ["Maintenance until 03:00.", "the body is an error: Maintenance until 03:00."],
    [{ errorString: { deep: true } }, "the body is an error"]
  ]
  it.effect.each(errorsIn200)(
    "a 200 with the error %j passes on what the server said",
    ([error, issue]) =>
      Effect.gen(function*() {
        const { layer } = clientOf(() => Response.json({ error }))
        const fails = <A, E>(request: Effect.Effect<A, E, RunsClient.RunsClient>) =>
          Effect.flip(Effect.provide(request, layer))
        const failures = [
          yield* fails(RunsClient.listPage()),
          yield* fails(RunsClient.get(7)),
          yield* fails(RunsClient.results(7)),
          yield* fails(RunsClient.schedulerStatus(7))
        ]
        for (const failure of failures) {
          assert.instanceOf(failure, RunsError.DecodeError)
          assert.strictEqual(failure.issue, `the status is 200, but ${issue}`)
          assert.include(failure.message, `the status is 200, but ${issue}`)
        }
      })
  )

  it.effect("a 200 with JSON cut short is a TransportError", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(() => new Response("{\"data\": ["))
      const error = yield* RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.TransportError)
      assert.isTrue(error.isRetryable)
    }))

  it.effect("a 200 whose connection breaks is a TransportError", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(() => new Response(truncated(), { status: 200 }))
      const error = yield* RunsClient.list().pipe(Stream.runCollect, Effect.provide(layer), Effect.flip)
      assert.instanceOf(error, RunsError.TransportError)
      assert.isTrue(error.isRetryable)
    }))

  it.effect("an undecodable row ends the stream after the rows before it, with its id, path and a cursor", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(() =>
        Response.json({ data: [{ ...row, id: 9 }, { ...row, id: 8, runDetails: ["many"] }, row] })
      )
      const ids: Array<number> = []
      const error = yield* RunsClient.list({ detail: true }).pipe(
        Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
        Effect.provide(layer),
        Effect.flip
      )
      assert.deepStrictEqual(ids, [9])
      assert.instanceOf(error, RunsError.DecodeError)
      assert.deepInclude({ ...error }, { runID: 8, index: 1, path: "runDetails" })
      assert.strictEqual(error.resumeFrom?.value, 9)
    }))

  it.effect("a skipped row is reported beside the other rows of its page", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(() =>
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
      const { layer, times } = clientOf((index) =>
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
      const { layer } = clientOf(() => Response.json({ data: [{ ...row, id: 9 }, { id: 8, runType: "refresh" }, row] }))
      const first = yield* RunsClient.listPage().pipe(Effect.provide(layer), Effect.flip)
      assert.deepInclude({ ...first }, { _tag: "DecodeError", runID: 8 })
      assert.notProperty(first, "resumeFrom")
      const later = yield* RunsClient.listPage({ startingFrom: 10 }).pipe(Effect.provide(layer), Effect.flip)
      assert.instanceOf(later, RunsError.DecodeError)
      assert.strictEqual(later.resumeFrom?.value, 10)
    }))

  it.effect("listPage returns no more runs than its limit", () =>
    Effect.gen(function*() {
      const { layer } = clientOf(() =>
        Response.json({ data: Array.from({ length: 30 }, (_, index) => ({ ...row, id: 30 - index })) })
      )
      const page = yield* RunsClient.listPage({ limit: 20 }).pipe(Effect.provide(layer))
      assert.strictEqual(page.runs.length, 20)
      assert.strictEqual(page.cursor.value, 11)
      assert.isTrue(page.hasMore)
    }))

  it.effect("a failure reason is read from a row that is undecodable otherwise", () =>
    Effect.gen(function*() {
      const { layer } = clientOf((index) =>
        Response.json({
          data: index === 0
            ? [{ ...row, runStatus: "failed" }]
            : [{ ...row, runStatus: "failed", runType: 5, runFailureReason: "It went wrong" }]
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
      const found = yield* RunsClient.list({ detail: true, failureReasons: true, pageSize: 1, prefetch: false }).pipe(
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
      const { layer } = clientOf(() => Response.json({ data: [row] }))
      const error = yield* RunsClient.listPage({ detail: true, runType: "deploy" }).pipe(
        Effect.provide(layer),
        Effect.flip
      )
      assert.instanceOf(error, RunsError.DecodeError)
      assert.strictEqual(error.path, "runType")
    }))
})
