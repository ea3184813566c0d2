// A project is a filter that no row confirms: whether it was sent is seen in the requests alone.
import {
  Connection,
  FailureCause,
  Report,
  RunDiagnosis,
  RunHistory,
  RunList,
  RunsClient,
  RunStatistics,
  RunWatch,
  RunWindow
} from "@coalesce-runs/core"
import { configProvider } from "@coalesce-runs/core/node"
import {
  BigQueryError,
  DatabricksError,
  DiagnosisScenarios,
  FabricError,
  Scenario,
  Simulator,
  SnowflakeError
} from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { clientOf, listRequests } from "./support/client.ts"

const now = "2026-03-10T08:00:00Z"
const timeZone = "Europe/London"

/** What each platform says, and the classes that it stands for. */
const said: Readonly<Record<Scenario.Platform, ReadonlyArray<readonly [Scenario.DatabaseError, string]>>> = {
  snowflake: [
    [SnowflakeError.missingObject("RAW.SHOP.ORDERS"), "missingObjectOrGrant"],
    [SnowflakeError.invalidIdentifier("CUST_ID"), "invalidIdentifier"],
    [SnowflakeError.duplicateRow("7"), "duplicateRow"],
    [SnowflakeError.quotaExceeded("TRANSFORM_WH", "MONTHLY"), "warehouseOrQuota"],
    [SnowflakeError.internalError("12345"), "internal"]
  ],
  databricks: [
    [DatabricksError.missingTable("raw.shop.orders"), "missingObjectOrGrant"],
    [DatabricksError.missingColumn("cust_id"), "invalidIdentifier"],
    [DatabricksError.ambiguousMerge, "duplicateRow"],
    [DatabricksError.badCast("n/a"), "dataConversion"],
    [DatabricksError.insufficientPermissions("raw.shop.orders"), "privilege"]
  ],
  bigquery: [
    [BigQueryError.missingTable("acme-dw:raw.orders"), "missingObjectOrGrant"],
    [BigQueryError.missingColumn("cust_id"), "invalidIdentifier"],
    [BigQueryError.ambiguousMerge, "duplicateRow"],
    [BigQueryError.quotaExceeded, "warehouseOrQuota"],
    [BigQueryError.accessDenied("acme-dw:raw.orders"), "privilege"]
  ],
  fabric: [
    [FabricError.missingTable("stg.orders"), "missingObjectOrGrant"],
    [FabricError.missingColumn("cust_id"), "invalidIdentifier"]
  ]
}

const platforms: ReadonlyArray<Scenario.Platform> = ["snowflake", "databricks", "bigquery", "fabric"]

/** A job for each message, which failed of it last night. */
const history = (platform: Scenario.Platform) =>
  said[platform].reduce(
    (scenario, [error], index) =>
      scenario.pipe(
        Scenario.job({ name: `Job ${index}`, jobID: index + 1, environmentID: "11", at: `0${index + 1}:00`, days: 4 }),
        Scenario.failure({ of: `Job ${index}`, error, nodes: "STG_ORDERS", blocked: 2 })
      ),
    Scenario.make({ now, timeZone }).pipe(
      Scenario.project({ projectID: "7", platform, environmentIDs: ["11"] })
    )
  )

const inHistory = <A, E, R>(scenario: Scenario.Scenario, effect: Effect.Effect<A, E, R>) =>
  Effect.andThen(TestClock.setTime(DateTime.toEpochMillis(scenario.now)), effect).pipe(
    Effect.provide(clientOf({ scenario }))
  )

const night = { window: "last_night", timeZone } as const

describe("a project on a platform", () => {
  it.effect.each(platforms)("%s: lists, diagnoses and statistics read its runs, and name the platform's own causes", (
    platform
  ) =>
    inHistory(
      history(platform),
      Effect.gen(function*() {
        const expected = said[platform].map(([, cause]) => cause)
        const runs = yield* Stream.runCollect(
          RunsClient.list({ detail: true, failureReasons: true, runStatus: "failed", orderByDirection: "asc" })
        )
        expect(runs.map(({ runFailureReason = "" }) => FailureCause.classify(runFailureReason)?.class)).toEqual(
          expected
        )
        for (const { userCredentials } of runs) {
          expect(userCredentials?.snowflakeAccount).toBe(platform === "snowflake" ? "acme-analytics" : undefined)
        }
        const list = yield* RunList.list({ ...night, detail: true })
        const summary = yield* RunStatistics.summarize({ ...night, groupBy: "job", compare: true })
        expect(summary.statistics.causes.map((cause) => cause.class).sort()).toEqual([...expected].sort())
        const texts = [Report.toText(RunList.report(list)), Report.toText(RunStatistics.report(summary))]
        for (const [index, run] of runs.entries()) {
          const diagnosis = yield* RunDiagnosis.diagnose({ runID: run.id, timeZone })
          expect(diagnosis.unavailable).toEqual([])
          const group = diagnosis.nodes?.groups.listed[0]
          expect(group?.class).toBe(expected[index])
          expect(group?.first.queryID === undefined).toBe(platform !== "snowflake")
          const codec = Schema.toCodecJson(RunDiagnosis.Diagnosis)
          const json = JSON.parse(JSON.stringify(Schema.encodeSync(codec)(diagnosis)))
          expect(Schema.decodeUnknownSync(codec)(json)).toEqual(diagnosis)
          texts.push(Report.toText(RunDiagnosis.report(diagnosis)))
        }
        // The words hold on every platform, Snowflake's own texts aside.
        for (const text of texts) expect(text).not.toMatch(/snowflake/i)
      })
    ))

  it.effect.each(DiagnosisScenarios.all().filter(({ question }) => question.projectID !== undefined))(
    "$name: nothing of another project is told",
    ({ history, question: { projectID } }) =>
      inHistory(
        history,
        Effect.gen(function*() {
          const ids = Scenario.runs(history).filter((run) => run.projectID === projectID).map(({ id }) => id)
          const list = yield* RunList.list({ ...night, projectID })
          expect(list.runs.length).toBeGreaterThan(0)
          expect(list.runs.filter(({ id }) => !ids.includes(id))).toEqual([])
          const summary = yield* RunStatistics.summarize({ ...night, projectID, compare: true })
          expect(summary.statistics.runs).toBe(list.runs.length)
          const diagnosis = yield* RunDiagnosis.diagnose({ ...night, projectID })
          expect(ids).toContain(diagnosis.run?.id)
          for (
            const report of [RunList.report(list), RunStatistics.report(summary), RunDiagnosis.report(diagnosis)]
          ) {
            expect(Report.toText(report)).toContain(`projectID ${projectID}, unchecked`)
          }
        })
      )
  )
})

const two = [
  { id: 1, runType: "refresh", runStatus: "completed", runStartTime: "2026-03-10T01:00:00Z", projectID: "1" },
  { id: 2, runType: "refresh", runStatus: "completed", runStartTime: "2026-03-10T02:00:00Z", projectID: "2" }
]

const query = { projectID: "2" }
const window = { since: "2026-03-10T00:00:00Z", until: "2026-03-10T05:00:00Z", timeZone: "UTC" }
const ids = Stream.map(({ id }: { readonly id: number }) => id)
const idsOf = (page: { readonly runs: ReadonlyArray<{ readonly id: number }> }) => page.runs.map(({ id }) => id)

const ways: ReadonlyArray<
  readonly [
    string,
    (query: { projectID?: string }) => Effect.Effect<
      ReadonlyArray<number>,
      RunsClient.ListError,
      RunsClient.RunsClient
    >
  ]
> = [
  ["list", (query) => Stream.runCollect(ids(RunsClient.list(query)))],
  ["pages", (query) => Effect.map(Stream.runCollect(RunsClient.pages(query)), (pages) => pages.flatMap(idsOf))],
  ["listPage", (query) => Effect.map(RunsClient.listPage(query), idsOf)],
  ["a window", (query) => Stream.runCollect(ids(RunWindow.list(window, query)))],
  ["a history", (query) => Stream.runCollect(ids(RunHistory.list(query)))],
  [
    "a watch",
    (query) =>
      Stream.runCollect(
        RunWatch.watch(query, { since: 0 }).pipe(Stream.filter((event) => "run" in event), Stream.take(1))
      ).pipe(
        Effect.map((events) => events.flatMap((event) => "run" in event ? [event.run.id] : []))
      )
  ],
  ["RunList.list", (query) => Effect.map(RunList.list({ ...window, ...query }), idsOf)],
  [
    "RunStatistics.summarize",
    (query) =>
      Effect.map(RunStatistics.summarize({ ...window, ...query }), ({ statistics }) => statistics.runs === 1 ? [2] : [])
  ],
  ["RunDiagnosis.diagnose", (query) =>
    Effect.map(
      RunDiagnosis.diagnose({ ...window, ...query }),
      ({ noFailure }) => noFailure?.ran.listed.map(({ id }) => id) ?? []
    )]
]

const projectsSent = Effect.map(listRequests, (requests) => [...new Set(requests.map(({ query }) => query.projectID))])

describe("projectID", () => {
  for (const [way, read] of ways) {
    it.live(`of ${way} is sent with each of its requests`, () =>
      Effect.gen(function*() {
        expect(yield* read(query)).toEqual([2])
        expect(yield* projectsSent).toEqual(["2"])
      }).pipe(Effect.provide(clientOf({ runs: two }))))

    it.live(`of the client is that of ${way} without one`, () =>
      Effect.gen(function*() {
        expect(yield* read({})).toEqual([2])
        expect(yield* projectsSent).toEqual(["2"])
      }).pipe(Effect.provide(clientOf({ runs: two }, { projectID: "2" }))))
  }

  it.live("of a query replaces that of the client, and is not sent where none is set", () =>
    Effect.gen(function*() {
      expect(yield* Stream.runCollect(ids(RunsClient.list({ projectID: "1" })))).toEqual([1])
      expect(yield* projectsSent).toEqual(["1"])
      const { clearRequests } = yield* Simulator.Simulator
      yield* clearRequests
      const all = RunsClient.list().pipe(ids, Stream.runCollect)
      expect(yield* Effect.provide(all, clientOf({ runs: two }))).toEqual([2, 1])
      expect(yield* all).toEqual([2])
      expect(idsOf(yield* RunList.list({ projectID: "1" }))).toEqual([1])
    }).pipe(Effect.provide(clientOf({ runs: two }, { projectID: "2" }))))

  it.live("leaves queries that are no object of parameters to be refused", () =>
    Effect.gen(function*() {
      const { listPage } = yield* RunsClient.RunsClient
      for (const wrong of ["null", "[]", "\"2\"", "{\"projectID\":2}", "{\"projectID\":\"\"}"]) {
        expect((yield* Effect.flip(listPage(JSON.parse(wrong))))._tag).toBe("InvalidQuery")
      }
      expect(yield* listRequests).toEqual([])
    }).pipe(Effect.provide(clientOf({ runs: two }, { projectID: "2" }))))
})

describe("COALESCE_PROJECT_ID", () => {
  const sent = (env: Record<string, string>, file = "/nowhere/config") =>
    Effect.gen(function*() {
      const { token, url } = yield* Simulator.Simulator
      const provider = yield* configProvider({
        env: { ...env, COALESCE_ACCESS_TOKEN: Redacted.value(token), COALESCE_BASE_URL: url },
        file
      })
      yield* Effect.provide(
        RunsClient.listPage(),
        RunsClient.layerConfig().pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(ConfigProvider.layer(provider))
        )
      )
      return yield* projectsSent
    }).pipe(Effect.provide(Simulator.layer({ runs: two })))

  it.live.each<[string, Record<string, string>, ReadonlyArray<string | undefined>]>([
    ["is the project of every list", { COALESCE_PROJECT_ID: " 2 " }, ["2"]],
    ["that is blank counts as not set", { COALESCE_PROJECT_ID: " " }, [undefined]],
    ["that a client did not fill in counts as not set", { COALESCE_PROJECT_ID: "${user_config.project_id}" }, [
      undefined
    ]],
    ["that is not set sends nothing", {}, [undefined]]
  ])("%s", ([, env, expected]) => Effect.map(sent(env), (projects) => expect(projects).toEqual(expected)))

  it("is checked in code too: a placeholder counts as not set, a number is refused", () => {
    const made = (projectID: string) =>
      Effect.runSync(Effect.result(Connection.make({ accessToken: "a-token", projectID })))
    expect(made("2")).toMatchObject({ success: { projectID: "2" } })
    expect(made("%PROJECT%")).not.toHaveProperty(["success", "projectID"])
    expect(made(JSON.parse("2"))).toMatchObject({ failure: { _tag: "InvalidConnection", field: "projectID" } })
  })
})
