/** Options that plain JavaScript, a typo or a form can pass. Each is refused in a sentence, before any request. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import {
  Report,
  RunBaseline,
  RunCheckpoint,
  RunDiagnosis,
  RunHealth,
  RunHistory,
  RunInspection,
  RunList,
  RunsClient,
  RunsError,
  RunsInMemory,
  RunStatistics,
  RunTimeline,
  RunWatch,
  RunWindow
} from "../src/index.ts"
import * as core from "../src/index.ts"
import * as node from "../src/node.ts"
import { noObjects, passed } from "./support/passed.ts"
import { clientOf } from "./support/responses.ts"
import { takersOf } from "./support/takersOf.ts"

type Call = (options: never) => Effect.Effect<unknown, RunsError.RunsError, RunsClient.RunsClient>

/** A function that returns no effect, and throws what is wrong. */
const thrown = (call: (options: never) => unknown): Call => (options) =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(call(options))
    } catch (error) {
      return Schema.is(RunsError.InvalidQuery)(error) ? Effect.fail(error) : Effect.die(error)
    }
  })

const stored = <A>(
  watching: Effect.Effect<A, RunWatch.RunForEachError, RunCheckpoint.RunCheckpoint | RunsClient.RunsClient>
) => watching.pipe(Effect.catchTag("CheckpointStoreError", Effect.die), Effect.provide(RunCheckpoint.layerMemory))

const report: Report.Report = { headline: ["Nothing failed."], lines: [], sections: [], nextSteps: [] }
const zoneOnly = [["timezone", { timezone: "UTC" }], ["timeZone", { timeZone: 5 }], ["timeZone", {
  timeZone: null
}]] as const
const ends = [...zoneOnly, ["since", { since: 5 }], ["until", { since: "1h", until: {} }], ["from", {
  since: "1h",
  from: "1h"
}]] as const
const counts = [
  ["group", { group: "job" }],
  ["groupBy", { groupBy: "jobs" }],
  ["groupBy", { groupBy: null }],
  ["timeZone", { timeZone: "UTC" }],
  ["maxGroups", { maxGroups: "5" }],
  ["maxCauses", { maxCauses: null }]
] as const
const folds = [["day", { day: 7 }], ["days", { days: "7" }], ["timeZone", { timeZone: 5 }], ["previous", {
  previous: null
}]] as const
const reportOptions = [
  ["timezone", { timezone: "UTC" }],
  ["timeZone", { timeZone: 5 }],
  ["bounds", { bounds: { row: 5 } }],
  ["bounds", { bounds: { rows: "5" } }],
  ["names", { names: null }],
  ["now", { now: 1_772_000_000_000 }],
  ["now", { now: new Date("yesterday") }],
  ["clean", { clean: true }]
] as const
const list: RunList.RunList = {
  query: {},
  timeZone: "UTC",
  orderBy: "id",
  orderByDirection: "desc",
  runs: [],
  rows: 0,
  truncated: false
}

const streams = [
  ["limit", { limit: 5 }],
  ["Limit", { Limit: 5 }],
  ["pageSize", { pageSize: null }],
  ["prefetch", { prefetch: "no" }],
  ["detail", { detail: "yes" }]
] as const

const besideUsual = [
  ["runType", { runType: "deploy" }],
  ["jobID", { jobID: null }],
  ["jobID", { jobID: " " }],
  ["baseline", { baseline: "usual" }],
  ["baseline", { baseline: null }],
  ["partTimeout", { partTimeout: null }]
] as const

const calls: ReadonlyArray<readonly [name: string, call: Call, wrong: ReadonlyArray<readonly [string, object]>]> = [
  ["RunsClient.get", (options) => RunsClient.get(7, options), [
    ["failureReason", { failureReason: true }],
    ["failureReasons", { failureReasons: "yes" }]
  ]],
  ["RunsClient.list", (options) => Stream.runDrain(RunsClient.list(options)), streams],
  ["RunsClient.pages", (options) => Stream.runDrain(RunsClient.pages(options)), streams],
  ["RunsClient.startCursor", (options) => RunsClient.startCursor(options), streams],
  ["RunsClient.listPage", (options) => RunsClient.listPage(options), [["Limit", { Limit: 5 }], ["limit", {
    limit: null
  }]]],
  ["RunWindow.make", (options) => RunWindow.make(options), ends],
  ["RunWindow.resolve", (options) => RunWindow.resolve(options), [...ends, ["window", { window: {} }]]],
  ["RunWindow.lastNight", (options) => RunWindow.lastNight(options), zoneOnly],
  ["RunWindow.today", (options) => RunWindow.today(options), zoneOnly],
  ["RunWindow.yesterday", (options) => RunWindow.yesterday(options), zoneOnly],
  ["RunWindow.last", (options) => RunWindow.last("1 hour", options), zoneOnly],
  ["RunWindow.named", (options) => RunWindow.named("today", options), zoneOnly],
  ["RunWindow.list", (query) => Stream.runDrain(RunWindow.list("today", query)), [["limit", { limit: 5 }]]],
  ["RunHistory.list of a query", (query) => Stream.runDrain(RunHistory.list(query)), [["limit", { limit: 5 }]]],
  ["RunWatch.watch of a query", (query) => Stream.runDrain(RunWatch.watch(query)), [["runStatus", {
    runStatus: "failed"
  }]]],
  ["RunHealth.check", (options) => RunHealth.check(options), [["timezone", { timezone: "UTC" }], ...besideUsual]],
  ["RunTimeline.read", (options) => RunTimeline.read(options), [...ends, ...besideUsual]],
  ["RunBaseline.current", (options) => RunBaseline.current(options), folds.slice(0, 3)],
  ["RunBaseline.learn", (options) => RunBaseline.learn(options), [...folds, ["maxRows", { maxRows: 0 }]]],
  ["RunBaseline.fromRuns", thrown((options) => RunBaseline.fromRuns([], options)), folds],
  ["RunBaseline.sink", thrown((options) => RunBaseline.sink(options)), folds],
  ["RunBaseline.makeCache", thrown((options) => RunBaseline.makeCache(options)), [["ttl", { ttl: 5 }], ["timeToLive", {
    timeToLive: null
  }]]],
  ["RunStatistics.fromRuns", thrown((options) => RunStatistics.fromRuns([], options)), counts],
  ["RunStatistics.sink", thrown((options) => RunStatistics.sink(options)), counts],
  ["RunsInMemory.layer", thrown((options) => RunsInMemory.layer(options)), [
    ["runs", {}],
    ["runs", { runs: null }],
    ["run", { runs: [], run: [] }],
    ["results", { runs: [], results: new Map() }]
  ]],
  ["RunsInMemory.make", thrown((options) => RunsInMemory.make([], options)), [
    ["untimed", { untimed: "first" }],
    ["tie", { tie: 5 }],
    ["order", { order: "id" }]
  ]],
  ["Report.toText", thrown((options) => Report.toText(report, options)), [["calls", { calls: 5 }], ["nameCall", {
    nameCall: "diagnose"
  }]]],
  ["Report.toMarkdown", thrown((options) => Report.toMarkdown(report, options)), [["nameCall", { nameCall: null }]]],
  ["Report.toTerminal", thrown((options) => Report.toTerminal(report, options)), [
    ["colour", { colour: true }],
    ["color", { color: "yes" }],
    ["width", { width: "80" }]
  ]],
  ["RunList.report", thrown((options) => RunList.report(list, options)), reportOptions],
  ["RunHistory.list", (options) => Stream.runDrain(RunHistory.list({}, options)), [
    ["concurency", { concurency: 2 }],
    ["concurrency", { concurrency: null }],
    ["maxRows", { maxRows: "10" }]
  ]],
  ["RunWatch.watch", (options) => Stream.runDrain(RunWatch.watch({}, options)), [
    ["interval", { interval: "1 minute" }],
    ["every", { every: null }],
    ["every", { every: new Map() }],
    ["every", { every: "soon" }],
    ["every", { every: Infinity }],
    ["idleEvery", { idleEvery: "soon" }],
    ["maxWatched", { maxWatched: "5" }]
  ]],
  ["RunWatch.ended", (options) => Stream.runDrain(RunWatch.ended({}, options)), [["evry", { evry: "1 minute" }]]],
  ["RunWatch.poll", (options) => RunWatch.poll(undefined, {}, options), [
    ["evry", { evry: "1 minute" }],
    ["every", { every: "1 minute" }],
    ["idleEvery", { idleEvery: 5 }],
    ["resume", { resume: "a checkpoint" }],
    ["maxWatched", { maxWatched: "5" }]
  ]],
  ["RunWatch.runForEach", (options) => stored(RunWatch.runForEach({}, options, () => Effect.void)), [
    ["key", {}],
    ["key", { key: 5 }],
    ["resume", { key: "nightly", resume: "a checkpoint" }],
    ["every", { key: "nightly", every: "soon" }]
  ]],
  ["RunWatch.pollForEach", (options) => stored(RunWatch.pollForEach({}, options, () => Effect.void)), [
    ["key", { key: null }],
    ["every", { key: "nightly", every: "1 minute" }],
    ["idleEvery", { key: "nightly", idleEvery: "1 minute" }]
  ]],
  ["node.layerCheckpointFile", thrown((options) => node.layerCheckpointFile(options)), [
    ["directory", {}],
    ["directory", { directory: 5 }],
    ["folder", { directory: "runs.state", folder: "runs.state" }]
  ]],
  ["node.layerProxyNotice", thrown((options) => node.layerProxyNotice(options)), [["env", { env: "HTTPS_PROXY" }], [
    "file",
    { file: "config" }
  ]]],
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
  ["RunList.nameRun", thrown((options) => RunList.nameRun(options)), [["timezone", { timezone: "UTC" }]]],
  ["RunInspection.inspect", (options) => RunInspection.inspect(options), [
    ["runId", { runId: 7 }],
    ["runID", { runID: null }],
    ["compareWith", { compareWith: "first" }],
    ["partTimeout", { partTimeout: null }]
  ]],
  ["RunDiagnosis.diagnose", (options) => RunDiagnosis.diagnose(options), [
    ["runId", { runId: 7 }],
    ["runID", { runID: null }],
    ["environmentID", { environmentID: new Map() }],
    ["partTimeout", { partTimeout: null }]
  ]],
  ["RunStatistics.summarize", (options) => RunStatistics.summarize(options), [
    ["group", { group: "job" }],
    ["groupBy", { groupBy: "jobs" }],
    ["timeZone", { timeZone: 5 }],
    ["since", { since: {} }],
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

/** Functions with options that have their rows elsewhere. */
const elsewhere: ReadonlyArray<readonly [name: RegExp, where: string]> = [
  [
    /^Connection\.make$|^RunsClient\.(make|layer|layerConfig)$|^node\.(configProvider|layerConfigProvider)$/,
    "options.settings.test.ts: settings are an InvalidConnection"
  ],
  [/\.report$/, "RunList.report: the options of every report are checked by one function"],
  [/^RunTimeline\.words$/, "RunTimeline.report, whose words it makes"]
]

describe("the table of options", () => {
  const names = [
    ...takersOf(new URL("../dist/", import.meta.url), core),
    ...takersOf(new URL("../dist/", import.meta.url), { node })
  ]

  it("finds the functions that take options", () => {
    assert.includeMembers(names, ["RunsClient.list", "RunHealth.check", "RunWatch.runForEach", "RunWindow.make"])
    assert.includeMembers(names, ["node.configProvider", "node.layerCheckpointFile"])
    assert.isAbove(names.length, 30)
  })

  it.each(names)("has a row for %s, which takes options", (name) => {
    assert.isTrue(
      calls.some(([row]) => row === name) || elsewhere.some(([pattern]) => pattern.test(name)),
      `${name} takes options: add it to the table above, so that wrong ones are refused`
    )
  })
})
