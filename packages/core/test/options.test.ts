/** Options that plain JavaScript, a typo or a form can pass. Each is refused in a sentence, before any request. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Connection,
  RunDiagnosis,
  RunHistory,
  RunList,
  RunsClient,
  RunsError,
  RunStatistics,
  RunWatch
} from "../src/index.ts"
import { clientOf } from "./support/responses.ts"

/** What no compiler has checked. */
const passed = (options: unknown): never => options as never

const noObjects: ReadonlyArray<readonly [name: string, options: unknown]> = [
  ["null", null],
  ["a number", 5],
  ["a string", "eu"],
  ["an array", [{ limit: 5 }]],
  ["a Map", new Map([["limit", 5]])]
]

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

type Call = (options: never) => Effect.Effect<unknown, RunsError.RunsError, RunsClient.RunsClient>

const calls: ReadonlyArray<readonly [name: string, call: Call, wrong: ReadonlyArray<readonly [string, object]>]> = [
  ["RunsClient.get", (options) => RunsClient.get(7, options), [
    ["failureReason", { failureReason: true }],
    ["failureReasons", { failureReasons: "yes" }]
  ]],
  ["RunsClient.listPage", (options) => RunsClient.listPage(options), [["Limit", { Limit: 5 }], ["limit", {
    limit: null
  }]]],
  ["RunHistory.list", (options) => Stream.runDrain(RunHistory.list({}, options)), [
    ["concurency", { concurency: 2 }],
    ["concurrency", { concurrency: null }]
  ]],
  ["RunWatch.watch", (options) => Stream.runDrain(RunWatch.watch({}, options)), [
    ["interval", { interval: "1 minute" }],
    ["every", { every: null }],
    ["every", { every: new Map() }],
    ["maxWatched", { maxWatched: "5" }]
  ]],
  ["RunList.list", (options) => RunList.list(options), [
    ["timezone", { timezone: "Europe/London" }],
    ["environmentID", { environmentID: 3 }],
    ["environmentID", { environmentID: null }],
    ["jobID", { jobID: null }],
    ["runStatus", { runStatus: 5 }],
    ["detail", { detail: "yes" }],
    ["limit", { limit: null }],
    ["window", { window: null }],
    ["window", { window: "lastnight" }]
  ]],
  ["RunDiagnosis.diagnose", (options) => RunDiagnosis.diagnose(options), [
    ["runId", { runId: 7 }],
    ["runID", { runID: null }],
    ["environmentID", { environmentID: new Map() }],
    ["partTimeout", { partTimeout: null }]
  ]],
  ["RunStatistics.summarize", (options) => RunStatistics.summarize(options), [
    ["group", { group: "job" }],
    ["compare", { compare: "true" }],
    ["environmentID", { environmentID: 3 }]
  ]]
]

describe.each(calls)("options of %s", (_, call, wrong) => {
  const fails = (options: unknown) =>
    Effect.gen(function*() {
      const { layer, times } = clientOf(() => Response.json({ data: [] }))
      const error = yield* Effect.flip(Effect.provide(call(passed(options)), layer))
      assert.deepStrictEqual(times, [])
      return error
    })

  it.effect.each(wrong)("name %s where it is wrong: %j", ([field, options]) =>
    Effect.map(fails(options), (error) => {
      assert.strictEqual(error._tag, "InvalidQuery")
      assert.deepStrictEqual(error._tag === "InvalidQuery" ? error.violations.map((one) => one.field) : [], [field])
    }))

  it.effect.each(noObjects)(
    "that are %s fail in a sentence",
    ([, options]) => Effect.map(fails(options), (error) => assert.strictEqual(error._tag, "InvalidQuery"))
  )
})
