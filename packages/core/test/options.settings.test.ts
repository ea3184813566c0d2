/** Settings of a client that plain JavaScript, a typo or a variable can pass. Each is refused in a sentence, before any request. */
import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Connection, RunsClient, RunsError } from "../src/index.ts"
import * as node from "../src/node.ts"
import { noObjects, passed } from "./support/passed.ts"

describe("settings of a client", () => {
  const fails = (options: unknown) => {
    const requests: Array<string> = []
    const http = HttpClient.make((_, url) => {
      requests.push(`${url}`)
      return Effect.never
    })
    const client = Effect.andThen(
      RunsClient.make(passed(options)),
      (client) => client.listPage()
    )
    return Effect.map(Effect.flip(Effect.provideService(client, HttpClient.HttpClient, http)), (error) => {
      assert.deepStrictEqual(requests, [])
      assert.isTrue(Schema.is(RunsError.InvalidConnection)(error))
      return error
    })
  }

  const wrong: ReadonlyArray<readonly [field: string, options: object]> = [
    ["baseURL", { baseURL: "https://app.eu.coalescesoftware.io" }],
    ["timeOut", { timeOut: "5 seconds" }],
    ["baseUrl", { baseUrl: 5 }],
    ["baseUrl", { baseUrl: null }],
    ["baseUrl", { baseUrl: new URL("https://app.eu.coalescesoftware.io") }],
    ["region", { region: ["eu"] }],
    ["region", { region: null }],
    ["allowInsecureHost", { allowInsecureHost: true }],
    ["timeout", { timeout: null }],
    ["timeout", { timeout: new Map() }],
    ["retry", { retry: 3 }],
    ["retry", { retry: null }],
    ["userAgent", { userAgent: 5 }],
    ["userAgent", { userAgent: "a\r\nb: c" }],
    ["maxResponseBytes", { maxResponseBytes: "64 MB" }],
    ["maxResponseBytes", { maxResponseBytes: 0 }],
    ["maxResponseBytes", { maxResponseBytes: Infinity }],
    ["rateLimit", { rateLimit: 5 }],
    ["rateLimit", { rateLimit: { requests: 5 } }],
    ["rateLimit", { rateLimit: { requests: 5, per: undefined } }],
    ["rateLimit", { rateLimit: { requests: 0, per: "1 second" } }],
    ["rateLimit", { rateLimit: { requests: 5, per: "soon" } }],
    ["rateLimit", { rateLimit: { requests: 5, per: 0 } }],
    ["rateLimit", { rateLimit: { requests: 5, per: Infinity } }],
    ["rateLimit", { rateLimit: { requests: 5, per: "1 second", burst: 2 } }],
    ["maxConcurrency", { maxConcurrency: 0 }],
    ["maxConcurrency", { maxConcurrency: "4" }]
  ]
  it.effect.each(wrong)(
    "name %s where it is wrong: %j",
    ([field, options]) =>
      Effect.map(fails({ accessToken: "a-token-for-tests", ...options }), (error) => {
        assert.strictEqual(error._tag === "InvalidConnection" ? error.field : "", field)
        assert.notInclude(error.message, "a-token")
      })
  )

  it.effect.each(noObjects)(
    "that are %s fail in a sentence",
    ([, options]) =>
      Effect.map(fails(options), (error) => assert.include(error.message, "Expected an object of options, got "))
  )

  it.effect.each(noObjects)("of Connection.make that are %s fail in a sentence", ([, options]) =>
    Effect.map(
      Effect.flip(Connection.make(passed(options))),
      (error) => assert.include(error.message, "Expected an object of options, got ")
    ))

  it.effect("of Connection.make name one that does not exist", () =>
    Effect.map(
      Effect.flip(Connection.make(passed({ accessToken: "a-token-for-tests", baseURL: "eu" }))),
      (error) => assert.strictEqual(error.field, "baseURL")
    ))
})

describe("settings that are read", () => {
  const fails = (effect: Effect.Effect<unknown, unknown>) =>
    Effect.map(Effect.flip(effect), (error) => {
      assert.instanceOf(error, RunsError.InvalidConnection)
      return error
    })
  const layerConfig = (options: unknown) =>
    fails(Effect.scoped(Layer.build(Layer.provide(
      RunsClient.layerConfig(passed(options)),
      Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.never))
    ))))
  const configProvider = (options: unknown) => fails(node.configProvider(passed(options)))

  const wrong: ReadonlyArray<readonly [field: string, read: typeof layerConfig, options: object]> = [
    ["baseURL", layerConfig, { accessToken: Config.succeed("a-token"), baseURL: Config.succeed("eu") }],
    ["timeout", layerConfig, { timeout: "5 seconds" }],
    ["rateLimit", layerConfig, { rateLimit: { requests: 5, per: "1 second" } }],
    ["region", layerConfig, { region: null }],
    ["profil", configProvider, { profil: "eu" }],
    ["profile", configProvider, { profile: 5 }],
    ["file", configProvider, { file: null }],
    ["env", configProvider, { env: "COALESCE_PROFILE=eu" }]
  ]
  it.effect.each(wrong)(
    "name %s where it is wrong",
    ([field, read, options]) => Effect.map(read(options), (error) => assert.strictEqual(error.field, field))
  )

  it.effect.each(noObjects)("that are %s fail in a sentence", ([, options]) =>
    Effect.gen(function*() {
      for (const read of [layerConfig, configProvider]) {
        assert.include((yield* read(options)).message, "Expected an object of options, got ")
      }
    }))
})
