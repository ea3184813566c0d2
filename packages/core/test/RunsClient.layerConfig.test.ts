import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { RunsClient } from "../src/index.ts"

type Options = Parameters<typeof RunsClient.layerConfig>[0]

/** What a client with this configuration sends to list runs. */
const sent = (env: Record<string, string>, options?: Options, status = 200) =>
  Effect.gen(function*() {
    const requests: Array<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> = []
    const http = HttpClient.make((request, url) =>
      Effect.sync(() => {
        requests.push({ url: url.origin, headers: request.headers })
        return HttpClientResponse.fromWeb(request, Response.json({ data: [] }, { status }))
      })
    )
    yield* Effect.ignore(RunsClient.listPage()).pipe(
      Effect.provide(RunsClient.layerConfig(options).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, http)))),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))
    )
    return requests
  })

describe("layerConfig", () => {
  it.effect("reads COALESCE_ACCESS_TOKEN and COALESCE_BASE_URL unless set otherwise", () =>
    Effect.gen(function*() {
      const [request] = yield* sent({ COALESCE_ACCESS_TOKEN: "t1", COALESCE_BASE_URL: "coalesce.example.com" })
      assert.strictEqual(request?.url, "https://coalesce.example.com")
      assert.strictEqual(request?.headers["authorization"], "Bearer t1")
    }))

  it.effect("takes each option as a Config, and leaves the others to the variables", () =>
    Effect.gen(function*() {
      const env = { EU_TOKEN: "t2", COALESCE_ACCESS_TOKEN: "t1", COALESCE_BASE_URL: "coalesce.example.com" }
      const [request] = yield* sent(env, {
        accessToken: Config.Redacted("EU_TOKEN"),
        userAgent: Config.succeed("me/1")
      })
      assert.strictEqual(request?.url, "https://coalesce.example.com")
      assert.strictEqual(request?.headers["authorization"], "Bearer t2")
      assert.strictEqual(request?.headers["user-agent"], "me/1")
    }))

  it.effect("prefers a region that is set to COALESCE_BASE_URL", () =>
    Effect.gen(function*() {
      const env = { COALESCE_ACCESS_TOKEN: "t1", COALESCE_BASE_URL: "coalesce.example.com" }
      const [request] = yield* sent(env, { region: Config.succeed("eu") })
      assert.strictEqual(request?.url, "https://app.eu.coalescesoftware.io")
    }))

  it.effect("takes one Config of all options too", () =>
    Effect.gen(function*() {
      const options = Config.map(Config.String("TOKEN"), (accessToken) => ({ accessToken, retry: Schedule.recurs(2) }))
      assert.lengthOf(yield* sent({ TOKEN: "t3" }, options, 503), 3)
    }))

  it.effect("allows http: to the host in COALESCE_ALLOW_INSECURE_HOST", () =>
    Effect.gen(function*() {
      const env = { COALESCE_ACCESS_TOKEN: "t1", COALESCE_BASE_URL: "http://simulator:4010" }
      const refused = yield* Effect.flip(sent(env))
      assert.deepInclude({ ...refused }, { _tag: "InvalidConnection", field: "baseUrl" })
      const [request] = yield* sent({ ...env, COALESCE_ALLOW_INSECURE_HOST: "simulator" })
      assert.strictEqual(request?.url, "http://simulator:4010")
    }))

  it.effect.each([{}, { COALESCE_ACCESS_TOKEN: "" }, { COALESCE_ACCESS_TOKEN: " " }])(
    "fails with one InvalidConnection for a missing token: %j",
    (env) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(sent(env))
        assert.deepInclude({ ...error }, { _tag: "InvalidConnection", field: "accessToken" })
        assert.include(error.message, "COALESCE_ACCESS_TOKEN")
        assert.include(error.message, "Deploy tab")
        assert.notInclude(error.message, "\n")
      })
  )
})
