import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"
import { ListRunsQuery, Run, RunsClient, RunsError } from "../src/index.ts"

type ElementOf<S> = S extends Stream.Stream<infer A, infer _E, infer _R> ? A : never

describe("the element follows the query", () => {
  it("without detail it is a summary", () => {
    const all = RunsClient.list()
    expectTypeOf<ElementOf<typeof all>>().toEqualTypeOf<Run.RunSummary>()
    const list = RunsClient.list({ runStatus: "failed" })
    expectTypeOf<ElementOf<typeof list>>().toEqualTypeOf<Run.RunSummary>()
    const explicit = RunsClient.list({ detail: false })
    expectTypeOf<ElementOf<typeof explicit>>().toEqualTypeOf<Run.RunSummary>()
  })

  it("with detail it is a run, discriminated by its type", () => {
    const list = RunsClient.list({ detail: true })
    expectTypeOf<ElementOf<typeof list>>().toEqualTypeOf<Run.DeployRun | Run.RefreshRun>()
    type Deploy = Extract<ElementOf<typeof list>, { runType: "deploy" }>
    expectTypeOf<Deploy["runDetails"]>().toEqualTypeOf<Run.DeployRunDetails>()
  })

  it("a literal runType narrows it", () => {
    const refreshes = RunsClient.list({ detail: true, runType: "refresh" })
    expectTypeOf<ElementOf<typeof refreshes>>().toEqualTypeOf<Run.RefreshRun>()
    const deploys = RunsClient.list({ detail: true, runType: "deploy" })
    expectTypeOf<ElementOf<typeof deploys>>().toEqualTypeOf<Run.DeployRun>()
    const summaries = RunsClient.list({ runType: "deploy" })
    expectTypeOf<ElementOf<typeof summaries>["runType"]>().toEqualTypeOf<"deploy">()
  })

  it("is a union for values that are not literals", () => {
    const detail: boolean = Math.random() > 0.5
    const list = RunsClient.list({ detail })
    expectTypeOf<ElementOf<typeof list>>().toEqualTypeOf<Run.RunSummary | Run.DeployRun | Run.RefreshRun>()
    const runType: "deploy" | "refresh" = Math.random() > 0.5 ? "deploy" : "refresh"
    const either = RunsClient.list({ detail: true, runType: runType as "deploy" | "refresh" })
    expectTypeOf<ElementOf<typeof either>>().toEqualTypeOf<Run.DeployRun | Run.RefreshRun>()
  })

  it("is a union for optional values", () => {
    const one: { readonly detail: true; readonly runType?: "deploy" } = { detail: true }
    const typed = RunsClient.list(one)
    expectTypeOf<ElementOf<typeof typed>>().toEqualTypeOf<Run.DeployRun | Run.RefreshRun>()
    const spread = RunsClient.list({ detail: true, ...(Math.random() > 0.5 ? { runType: "deploy" as const } : {}) })
    expectTypeOf<ElementOf<typeof spread>>().toEqualTypeOf<Run.DeployRun | Run.RefreshRun>()
    const perhaps: { readonly detail?: true } = {}
    const either = RunsClient.list(perhaps)
    expectTypeOf<ElementOf<typeof either>>().toEqualTypeOf<Run.RunSummary | Run.DeployRun | Run.RefreshRun>()
  })

  it("failureReasons adds the reason", () => {
    const list = RunsClient.list({ detail: true, runType: "refresh", failureReasons: true })
    expectTypeOf<ElementOf<typeof list>["runFailureReason"]>().toEqualTypeOf<string | undefined>()
    const without = RunsClient.list({ detail: true, runType: "refresh" })
    expectTypeOf<ElementOf<typeof without>>().not.toHaveProperty("runFailureReason")
  })

  it("get follows its options", () => {
    const run = RunsClient.get(1)
    expectTypeOf<Effect.Success<typeof run>>().toEqualTypeOf<Run.Run>()
    const reported = RunsClient.get(1, { failureReasons: true })
    expectTypeOf<Effect.Success<typeof reported>>().toEqualTypeOf<Run.Reported>()
    const either = RunsClient.get(1, { failureReasons: Math.random() > 0.5 })
    expectTypeOf<Effect.Success<typeof either>>().toEqualTypeOf<Run.Reported>()
    // @ts-expect-error misspelt
    RunsClient.get(1, { failureReason: true })
  })

  it("pages and listPage follow it too", () => {
    const pages = RunsClient.pages({ detail: true, runType: "deploy" })
    expectTypeOf<ElementOf<typeof pages>["runs"]>().toEqualTypeOf<ReadonlyArray<Run.DeployRun>>()
    const page = RunsClient.listPage({ limit: 5, detail: true })
    expectTypeOf<Effect.Success<typeof page>["runs"]>().toEqualTypeOf<ReadonlyArray<Run.Run>>()
  })

  it("a stream takes no limit", () => {
    // @ts-expect-error limit belongs to listPage
    RunsClient.list({ limit: 5 })
    // @ts-expect-error misspelt
    RunsClient.list({ runstatus: "failed" })
    // @ts-expect-error not a status of the API
    RunsClient.list({ runStatus: "broken" })
  })
})

describe("a fake client", () => {
  const run: Run.RunSummary = { id: Run.RunId.make(7), runType: "refresh", runStatus: "failed" }
  const detailed: Run.Run = { ...run, runType: "refresh", runDetails: {} }

  it("is a Layer.mock of the methods that a test needs, without a cast", () => {
    const fake = Layer.mock(RunsClient.RunsClient, {
      origin: "https://fake.invalid",
      list: () => Stream.make(run),
      get: () => Effect.succeed(detailed),
      listPage: () =>
        Effect.fail(new RunsError.Unauthorized({ request: { method: "GET", url: "https://fake.invalid" } }))
    })
    expectTypeOf(fake).toEqualTypeOf<Layer.Layer<RunsClient.RunsClient>>()
    const list = RunsClient.list({ detail: true }).pipe(Stream.runCollect, Effect.provide(fake))
    expectTypeOf<Effect.Success<typeof list>>().toEqualTypeOf<Array<Run.Run>>()
  })

  it("gives runs, and nothing else", () => {
    Layer.mock(RunsClient.RunsClient, {
      origin: "https://fake.invalid",
      // @ts-expect-error no run
      list: () => Stream.make({ id: 7 })
    })
  })

  it("may be what RunsClient.make makes", () => {
    const made = Effect.map(RunsClient.make({ accessToken: "a-token" }), Layer.succeed(RunsClient.RunsClient))
    expectTypeOf<Effect.Success<typeof made>>().toEqualTypeOf<Layer.Layer<RunsClient.RunsClient>>()
  })

  it("keeps the types that follow a query behind RunsClient.client", () => {
    const page = Effect.flatMap(RunsClient.client, (client) => client.listPage({ detail: true, runType: "deploy" }))
    expectTypeOf<Effect.Success<typeof page>["runs"]>().toEqualTypeOf<ReadonlyArray<Run.DeployRun>>()
  })
})

describe("a query", () => {
  it("has the type that its schema decodes", () => {
    expectTypeOf<typeof ListRunsQuery.ListRunsQuery.Type>().toEqualTypeOf<
      { [K in keyof ListRunsQuery.ListRunsQuery]: ListRunsQuery.ListRunsQuery[K] }
    >()
    expectTypeOf<typeof ListRunsQuery.StreamRunsQuery.Type>().toEqualTypeOf<
      { [K in keyof ListRunsQuery.StreamRunsQuery]: ListRunsQuery.StreamRunsQuery[K] }
    >()
  })
})

describe("fields are decoded once", () => {
  it("to their own types", () => {
    expectTypeOf<Run.RunSummary["id"]>().toEqualTypeOf<Run.RunId>()
    expectTypeOf<Run.RunSummary["reRunID"]>().toEqualTypeOf<Run.RunId | undefined>()
    expectTypeOf<Run.RunSummary["runStartTime"]>().toEqualTypeOf<DateTime.Utc | undefined>()
    expectTypeOf<Run.RefreshRunDetails["jobID"]>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Run.DeployRun["runDetails"]>().not.toHaveProperty("jobID")
  })

  it("absent keys are absent, not undefined", () => {
    expectTypeOf<{ id: Run.RunId; runType: "deploy"; runStatus: "failed" }>().toExtend<Run.RunSummary>()
    expectTypeOf<{ id: Run.RunId; runType: "deploy"; runStatus: "failed"; reRunID: undefined }>()
      .not.toExtend<Run.RunSummary>()
  })
})

describe("the error channel", () => {
  it("names every error", () => {
    const list = RunsClient.list()
    expectTypeOf<Stream.Error<typeof list>>().toEqualTypeOf<RunsClient.ListError>()
    expectTypeOf<RunsClient.ListError["_tag"]>().toEqualTypeOf<
      | "BadRequest"
      | "Unauthorized"
      | "Forbidden"
      | "NotFound"
      | "TooManyRequests"
      | "InternalServerError"
      | "BadGateway"
      | "ServiceUnavailable"
      | "GatewayTimeout"
      | "UnexpectedStatus"
      | "TransportError"
      | "RequestTimeout"
      | "ResponseTooLarge"
      | "DecodeError"
      | "PaginationError"
      | "InvalidQuery"
    >()
    const one = RunsClient.get(1)
    expectTypeOf<Extract<Effect.Error<typeof one>, { _tag: "PaginationError" }>>().toBeNever()
  })

  it("loses what is caught by its tag", () => {
    const caught = RunsClient.listPage().pipe(Effect.catchTag("Unauthorized", (error) => Effect.succeed(error.status)))
    expectTypeOf<Extract<Effect.Error<typeof caught>, RunsError.Unauthorized>>().toBeNever()
    expectTypeOf<Effect.Success<typeof caught>>().toEqualTypeOf<RunsClient.RunPage<Run.RunSummary> | 401>()
  })

  it("loses what a group catches", () => {
    const caught = RunsClient.listPage().pipe(
      Effect.catchIf(RunsError.isServer, (error) => Effect.succeed(error.status))
    )
    expectTypeOf<Extract<Effect.Error<typeof caught>, { status: 500 | 502 | 503 | 504 }>>().toBeNever()
    expectTypeOf<Effect.Success<typeof caught>>().toEqualTypeOf<
      RunsClient.RunPage<Run.RunSummary> | 500 | 502 | 503 | 504
    >()
  })

  it("keeps HttpClient a requirement of the layer", () => {
    expectTypeOf<ReturnType<typeof RunsClient.layer>>()
      .toEqualTypeOf<Layer.Layer<RunsClient.RunsClient, RunsError.InvalidConnection, HttpClient>>()
  })
})
