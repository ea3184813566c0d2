// Checks the RequestInit of the fetch layer. A proxy's dispatcher must see every request: a request that bypassed it would send
// the token directly.
import { RunsClient } from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { RequestListener } from "node:http"
import { serve } from "./support/serve.ts"

const emptyPage: RequestListener = (_, response) => {
  response.setHeader("content-type", "application/json").end("{\"data\": []}")
}

interface Dispatcher {
  readonly dispatch: (options: object, handler: object) => boolean
}

const isDispatcher = (value: unknown): value is Dispatcher =>
  typeof value === "object" && value !== null && "dispatch" in value && typeof value.dispatch === "function"

/** Sends every request to another origin, as a proxy's dispatcher does. Node's fetch has its own, once it was used. */
const dispatcherTo = (origin: string) =>
  Effect.promise(async () => {
    await fetch("data:,")
    const own = Object.getOwnPropertySymbols(globalThis)
      .filter(({ description = "" }) => description.startsWith("undici.globalDispatcher"))
      .map((symbol) => Reflect.get(globalThis, symbol))
      .find(isDispatcher)
    if (own === undefined) throw new Error("This Node has no dispatcher.")
    return { dispatch: (options: object, handler: object) => own.dispatch({ ...options, origin }, handler) }
  })

const token = "a-token-for-the-proxy"

const pageThrough = (baseUrl: string, init: object, own?: object) =>
  RunsClient.listPage().pipe(
    own === undefined ? (effect) => effect : Effect.provideService(FetchHttpClient.RequestInit, own),
    Effect.provide(
      RunsClient.layer({ accessToken: token, baseUrl, retry: Schedule.recurs(0) }).pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, init))
      )
    )
  )

const sent = [`/api/v1/runs?limit=25&orderBy=id&orderByDirection=desc Bearer ${token}`]

describe("the RequestInit of FetchHttpClient.layer", () => {
  it.effect("sends every request through its dispatcher", () =>
    Effect.gen(function*() {
      const direct = yield* serve(emptyPage)
      const proxy = yield* serve(emptyPage)
      const dispatcher = yield* dispatcherTo(proxy.origin)
      const page = yield* pageThrough(direct.origin, { dispatcher })
      assert.deepStrictEqual(page.runs, [])
      assert.deepStrictEqual(proxy.requests, sent)
      assert.deepStrictEqual(direct.requests, [])
    }))

  it.effect("follows no redirect of the proxy", () =>
    Effect.gen(function*() {
      const direct = yield* serve(emptyPage)
      const proxy = yield* serve((_, response) => response.writeHead(302, { location: `${direct.origin}/login` }).end())
      const dispatcher = yield* dispatcherTo(proxy.origin)
      const error = yield* Effect.flip(pageThrough(direct.origin, { dispatcher, redirect: "follow" }))
      assert.deepInclude({ ...error }, { _tag: "UnexpectedStatus", status: 302, location: `${direct.origin}/login` })
      assert.lengthOf(proxy.requests, 1)
      assert.deepStrictEqual(direct.requests, [])
    }))

  it.effect("is replaced by the RequestInit of one effect", () =>
    Effect.gen(function*() {
      const direct = yield* serve(emptyPage)
      const proxy = yield* serve(emptyPage)
      const other = yield* serve(emptyPage)
      yield* pageThrough(direct.origin, { dispatcher: yield* dispatcherTo(proxy.origin) }, {
        dispatcher: yield* dispatcherTo(other.origin)
      })
      assert.deepStrictEqual(other.requests, sent)
      assert.deepStrictEqual([...direct.requests, ...proxy.requests], [])
    }))
})
