import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { maxErrorBytes } from "../../src/client/body.ts"
import type { RequestOptions } from "../../src/client/model.ts"
import { ProxyNotice } from "../../src/client/proxyNotice.ts"
import * as transport from "../../src/client/transport.ts"
import { RunsError } from "../../src/index.ts"
import { truncated } from "../support/responses.ts"

const connection = { origin: "https://coalesce.example", accessToken: Redacted.make("a-token-for-tests") }
const page: transport.Get = { endpoint: "runs", path: "/api/v1/runs" }

type Fetch = (url: string, init: RequestInit | undefined) => Response

/** A client on a `fetch` that a test writes out. */
const fetching = (fetch: Fetch) =>
  FetchHttpClient.layer.pipe(
    Layer.provide(
      Layer.succeed(FetchHttpClient.Fetch, (url, init) => Promise.resolve(fetch(new Request(url).url, init)))
    )
  )

/** Sends one request, and no second one. */
const send = (fetch: Fetch, options: RequestOptions = {}, get = page) =>
  transport.make(connection, { retry: Schedule.recurs(0), ...options }).pipe(
    Effect.flatMap((made) => made.get(get)),
    Effect.provide(fetching(fetch))
  )

const errorOf = (fetch: Fetch, options?: RequestOptions) => Effect.flip(send(fetch, options))

describe("a request", () => {
  it.effect("has the token, asks for JSON, follows no redirect, and keeps what the caller set for fetch", () =>
    Effect.gen(function*() {
      const seen: Array<RequestInit | undefined> = []
      const urls: Array<string> = []
      const answer: Fetch = (url, init) => {
        urls.push(url)
        seen.push(init)
        return Response.json({ data: [] })
      }
      yield* send(answer).pipe(
        Effect.provideService(FetchHttpClient.RequestInit, { redirect: "follow", keepalive: true }),
        Effect.withSpan("a caller")
      )
      assert.deepStrictEqual(urls, ["https://coalesce.example/api/v1/runs"])
      const headers = new Headers(seen[0]?.headers)
      assert.deepStrictEqual([...headers.keys()].sort(), ["accept", "authorization", "user-agent"])
      assert.strictEqual(headers.get("authorization"), "Bearer a-token-for-tests")
      assert.strictEqual(headers.get("accept"), "application/json")
      assert.match(headers.get("user-agent") ?? "", /^coalesce-runs\/\d/)
      assert.deepInclude(seen[0], { redirect: "manual", keepalive: true })
    }))

  it.effect("shows the text of a page before it is parsed, and of no error", () =>
    Effect.gen(function*() {
      const texts: Array<string> = []
      const get = { ...page, onText: (text: string) => Effect.sync(() => texts.push(text)) }
      yield* send(() => new Response("{\"data\": []}"), {}, get)
      yield* Effect.exit(send(() => new Response("{\"data\": [}"), {}, get))
      yield* Effect.exit(send(() => new Response("no", { status: 403 }), {}, get))
      assert.deepStrictEqual(texts, ["{\"data\": []}", "{\"data\": [}"])
    }))

  it.effect("is refused with a time-out that is no duration above zero", () =>
    Effect.gen(function*() {
      for (const timeout of ["soon", 0, -1]) {
        const given: object = { timeout }
        const error = yield* Effect.flip(transport.make(connection, given)).pipe(
          Effect.provide(fetching(() => new Response()))
        )
        assert.deepInclude({ ...error }, { field: "timeout", reason: "Expected a duration above zero" })
      }
    }))

  it.effect("may take its full time again where the caller says how to retry", () =>
    Effect.gen(function*() {
      let sent = 0
      const slow = HttpClient.make((request) =>
        Effect.as(
          Effect.sleep("15 seconds"),
          HttpClientResponse.fromWeb(
            request,
            ++sent < 3 ? new Response(null, { status: 503 }) : Response.json({ data: [] })
          )
        )
      )
      const made = yield* transport.make(connection, { retry: Schedule.recurs(2) }).pipe(
        Effect.provideService(HttpClient.HttpClient, slow)
      )
      const fiber = yield* Effect.forkChild(made.get(page))
      for (let seconds = 0; seconds < 50; seconds++) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual((yield* Fiber.join(fiber)).body, { data: [] })
    }))
})

describe("a response that fails", () => {
  it.effect("of a redirect names where it points, without its query, and of no other status", () =>
    Effect.gen(function*() {
      const headers = { location: "https://sign-in.example/a?token=x" }
      for (const status of [300, 302, 399]) {
        const error = yield* errorOf(() => new Response(null, { status, headers }))
        assert.instanceOf(error, RunsError.UnexpectedStatus)
        assert.strictEqual(error.location, "https://sign-in.example/a")
      }
      for (const status of [299, 418]) {
        assert.notProperty(yield* errorOf(() => new Response(null, { status, headers })), "location")
      }
    }))

  it.effect("says what the server says, the beginning of a long error, and nothing of a broken one", () =>
    Effect.gen(function*() {
      const said = (body: BodyInit) =>
        Effect.map(errorOf(() => new Response(body, { status: 403 })), (error) => {
          assert.instanceOf(error, RunsError.Forbidden)
          return error.errorString
        })
      const error = (errorString: string) => JSON.stringify({ error: { errorString } })
      assert.strictEqual(yield* said(error("No.")), "No.")
      assert.match((yield* said(error("x".repeat(2 * maxErrorBytes)))) ?? "", /^x+…/)
      assert.isUndefined(yield* said(truncated()))
    }))

  it.effect("by its size is told with the limit, whether it says its size or not", () =>
    Effect.gen(function*() {
      const body = JSON.stringify({ data: [] })
      const limited = (maxResponseBytes: number, headers: Record<string, string>) =>
        send(() => new Response(body, { headers }), { maxResponseBytes })
      const declared = { "content-length": String(body.length) }
      assert.deepStrictEqual((yield* limited(body.length, declared)).body, { data: [] })
      for (const headers of [declared, {}]) {
        const error = yield* Effect.flip(limited(body.length - 1, headers))
        assert.instanceOf(error, RunsError.ResponseTooLarge)
        assert.strictEqual(error.limit, body.length - 1)
      }
      const unread = yield* Effect.flip(
        send(() => new Response("{", { headers: { "content-length": "99" } }), { maxResponseBytes: 98 })
      )
      assert.instanceOf(unread, RunsError.ResponseTooLarge)
    }))

  it.effect("by an end that comes too early is a broken connection", () =>
    Effect.gen(function*() {
      for (const body of ["{\"data\": [", "{\"data\": []}"]) {
        const error = yield* errorOf(() => new Response(body, { headers: { "content-length": "99" } }))
        assert.instanceOf(error, RunsError.TransportError)
        assert.strictEqual(error.description, "the connection ended before the end of the body")
      }
    }))

  it.effect("by what a client throws is a broken connection, with a word on the proxy unless the caller chose the way", () =>
    Effect.gen(function*() {
      const broken = (init: object, fetch: Fetch) =>
        errorOf(fetch).pipe(
          Effect.provideService(FetchHttpClient.RequestInit, init),
          Effect.provideService(ProxyNotice, ({ host }) => `a proxy for ${host}`)
        )
      const refused: Fetch = () => {
        throw new Error("refused")
      }
      const error = yield* broken({}, refused)
      assert.instanceOf(error, RunsError.TransportError)
      assert.strictEqual(error.proxy, "a proxy for coalesce.example")
      assert.notProperty(yield* broken({ dispatcher: {} }, refused), "proxy")
      const defect = yield* transport.make(connection, { retry: Schedule.recurs(0) }).pipe(
        Effect.flatMap((made) => made.get(page)),
        Effect.provideService(HttpClient.HttpClient, HttpClient.make(() => Effect.die(new Error("boom")))),
        Effect.flip
      )
      assert.instanceOf(defect, RunsError.TransportError)
      assert.include(defect.description, "boom")
    }))
})
