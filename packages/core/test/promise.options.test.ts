/** Options and settings of the client without Effect. Each that is wrong is refused in a sentence, before any request. */
import { afterEach, assert, describe, expect, it } from "@effect/vitest"
import { createClient, RunsError } from "../src/promise.ts"
import * as errors from "../src/RunsError.ts"
import { noObjects, passed } from "./support/passed.ts"
import { clientOf, first, page, rejection } from "./support/promise.ts"

describe("options of the client", () => {
  const { client, requests } = clientOf(() => page())
  afterEach(() => assert.deepStrictEqual(requests, []))
  const calls: ReadonlyArray<
    readonly [name: string, call: (options: never) => Promise<unknown>, wrong: ReadonlyArray<readonly [string, object]>]
  > = [
    ["list", (options) => first(client.list(options)), [["limit", { limit: 5 }], ["startingFrom", {
      startingFrom: new Date(NaN)
    }]]],
    ["list, of the call", (options) => first(client.list({}, options)), [["sginal", { sginal: 5 }], ["signal", {
      signal: 5
    }]]],
    ["listPage", (options) => client.listPage(options), [["pageSize", { pageSize: 5 }]]],
    ["listPage, of the call", (options) => client.listPage({}, options), [["signal", { signal: {} }]]],
    ["listWindow", (options) => first(client.listWindow("today", options)), [["limit", { limit: 5 }]]],
    ["listWindow, of the window", (options) => first(client.listWindow(options)), [["window", { window: {} }], [
      "since",
      { since: new Date(NaN) }
    ]]],
    ["history", (options) => first(client.history(options)), [["orderBy", { orderBy: "runStartTime" }]]],
    ["history, its options", (options) => first(client.history({}, options)), [["concurency", { concurency: 2 }], [
      "signal",
      { signal: 5 }
    ]]],
    ["watch", (options) => first(client.watch(options)), [["runStatus", { runStatus: "failed" }]]],
    ["watch, its options", (options) => first(client.watch({}, options)), [["every", { every: null }], ["resume", {
      resume: 5
    }], ["signal", { signal: null }]]],
    ["poll", (options) => client.poll(undefined, options), [["runStatus", { runStatus: "failed" }]]],
    ["poll, its options", (options) => client.poll(undefined, {}, options), [["maxWatched", { maxWatched: "5" }]]],
    ["get", (options) => client.get(7, options), [["failureReason", { failureReason: true }], ["signal", {
      signal: 5
    }]]],
    ["results", (options) => client.results(7, options), [["signal", { signal: 5 }]]],
    ["diagnose", (options) => client.diagnose(options), [["runId", { runId: 7 }], ["window", {
      window: { since: new Date() }
    }], ["signal", { signal: 5 }]]],
    ["check", (options) => client.check(options), [["timezone", { timezone: "UTC" }], ["baseline", {
      baseline: "all"
    }]]],
    ["inspect", (options) => client.inspect(options), [["limit", { limit: 0 }]]],
    ["summarize", (options) => client.summarize(options), [["groupBy", { groupBy: "jobs" }]]],
    ["timeline", (options) => client.timeline(options), [["baseline", { baseline: "all" }], ["runType", {
      runType: "deploy"
    }]]],
    ["summarize, of the call", (options) => client.summarize({}, options), [["timeZone", { timeZone: "UTC" }]]]
  ]

  describe.each(calls)("of %s", (_, call, wrong) => {
    it.each(wrong)("name %s where it is wrong", async (field, options) => {
      const error = await rejection(call(passed(options)))
      assert.deepStrictEqual(
        error instanceof RunsError.InvalidQuery ? error.violations.map((one) => one.field) : error,
        [field]
      )
    })

    it.each(noObjects)("that are %s fail in a sentence", async (_, options) => {
      expect(await rejection(call(passed(options)))).toBeInstanceOf(errors.InvalidQuery)
    })
  })
})

describe("settings of the client", () => {
  const thrown = (options: unknown): unknown => {
    try {
      return createClient(passed(options))
    } catch (error) {
      return error
    }
  }

  it.each([
    ["accessToken", {}],
    ["accessToken", { accessToken: "Bearer a-token" }],
    ["baseURL", { accessToken: "a-token", baseURL: "eu" }],
    ["region", { accessToken: "a-token", region: "mars" }],
    ["timeout", { accessToken: "a-token", timeout: "soon" }],
    ["retry", { accessToken: "a-token", retry: 3 }],
    ["fetch", { accessToken: "a-token", fetch: {} }]
  ])("name %s where it is wrong: %j", (field, options) => {
    const error = thrown(options)
    assert.isTrue(error instanceof RunsError.InvalidConnection)
    assert.strictEqual(error instanceof RunsError.InvalidConnection ? error.field : "", field)
    assert.notInclude(String(error), "a-token")
  })

  it.each(noObjects)("that are %s fail in a sentence", (_, options) => {
    const error = thrown(options)
    assert.include(
      error instanceof RunsError.InvalidConnection ? error.message : "",
      "Expected an object of options, got "
    )
  })

  it("are the host of a region, and one project", async () => {
    const { client, requests } = clientOf(() => page(), { region: "eu", projectID: "p-1" })
    assert.strictEqual(client.origin, "https://app.eu.coalescesoftware.io")
    await first(client.list())
    assert.include(requests[0], "projectID=p-1")
  })
})
