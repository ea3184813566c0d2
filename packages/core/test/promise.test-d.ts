import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import { describe, expectTypeOf, it } from "vitest"
import type {
  Report,
  Run,
  RunDiagnosis,
  RunHealth,
  RunInspection,
  RunResult,
  RunStatistics,
  RunTimeline
} from "../src/index.ts"
import {
  type CallOptions,
  type Client,
  createClient,
  type DeployRun,
  type Diagnosis,
  type ErrorOf,
  type ErrorTag,
  type Explained,
  type Health,
  type Inspection,
  isNetwork,
  isRunsError,
  isThrottled,
  type Page,
  type Plain,
  type RefreshRun,
  RunsError,
  type RunSummary,
  type Summary,
  type Timeline,
  type WatchEvent
} from "../src/promise.ts"
import * as errors from "../src/RunsError.ts"

declare const client: Client

type ElementOf<I> = I extends AsyncIterable<infer A> ? A : never

/** What is of Effect anywhere in a type: the path of keys to it. It has keys of its own, which are symbols or begin with `~`. */
type OfEffect<T, Path extends string = ""> = unknown extends T ? never
  : T extends string | boolean | bigint | symbol | null | undefined | Date | Error ? never
  : T extends number ? (T extends object ? Path : never)
  : T extends (...args: never) => unknown ? never
  : T extends ReadonlyArray<infer A> ? OfEffect<A, `${Path}[]`>
  : keyof T extends string | number
    ? (Extract<keyof T, `~${string}`> extends never
      ? { [K in keyof T]-?: OfEffect<T[K], `${Path}.${K & (string | number)}`> }[keyof T]
      : Path)
  : Path

describe("values without Effect", () => {
  it("are dates, milliseconds and numbers", () => {
    expectTypeOf<Plain<DateTime.Utc>>().toEqualTypeOf<Date>()
    expectTypeOf<Plain<DateTime.DateTime | undefined>>().toEqualTypeOf<Date | undefined>()
    expectTypeOf<Plain<Duration.Duration>>().toEqualTypeOf<number>()
    expectTypeOf<Plain<Run.RunId>>().toEqualTypeOf<number>()
    expectTypeOf<Plain<404>>().toEqualTypeOf<404>()
    expectTypeOf<Plain<unknown>>().toEqualTypeOf<unknown>()
  })

  it("of runs and facts are found where the library has Effect's", () => {
    expectTypeOf<OfEffect<Run.AnyRun>>().toEqualTypeOf<
      ".id" | ".reRunID" | ".runStartTime" | ".runEndTime" | ".runHistory[]"
    >()
    expectTypeOf<OfEffect<RunDiagnosis.Diagnosis>>().not.toBeNever()
    expectTypeOf<OfEffect<RunResult.RunResult>>().not.toBeNever()
  })

  it("are all that runs, events and facts hold", () => {
    expectTypeOf<OfEffect<RunSummary | DeployRun | RefreshRun>>().toBeNever()
    expectTypeOf<OfEffect<ElementOf<ReturnType<Client["watch"]>>>>().toBeNever()
    expectTypeOf<OfEffect<Awaited<ReturnType<Client["poll"]>>>>().toBeNever()
    expectTypeOf<OfEffect<Awaited<ReturnType<Client["results"]>>>>().toBeNever()
    expectTypeOf<OfEffect<Page<{ detail: true }>>>().toBeNever()
    expectTypeOf<OfEffect<Explained<Diagnosis>>>().toBeNever()
    expectTypeOf<OfEffect<Explained<Health>>>().toBeNever()
    expectTypeOf<OfEffect<Explained<Inspection>>>().toBeNever()
    expectTypeOf<OfEffect<Explained<Summary>>>().toBeNever()
    expectTypeOf<OfEffect<Explained<Timeline>>>().toBeNever()
    expectTypeOf<OfEffect<Omit<Report.Report, "nextSteps">>>().toBeNever()
  })

  it("are all that calls take", () => {
    expectTypeOf<OfEffect<Parameters<typeof createClient>>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["list"]>>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["listPage"]>>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["listWindow"]>>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["history"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Omit<NonNullable<Parameters<Client["history"]>[1]>, "signal">>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["watch"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Omit<NonNullable<Parameters<Client["watch"]>[1]>, "signal">>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["diagnose"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["check"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["inspect"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["summarize"]>[0]>>().toBeNever()
    expectTypeOf<OfEffect<Parameters<Client["timeline"]>[0]>>().toBeNever()
  })

  it("keep the keys of the library", () => {
    expectTypeOf<keyof Diagnosis>().toEqualTypeOf<keyof RunDiagnosis.Diagnosis>()
    expectTypeOf<keyof Health>().toEqualTypeOf<keyof RunHealth.Health>()
    expectTypeOf<keyof Inspection>().toEqualTypeOf<keyof RunInspection.Inspection>()
    expectTypeOf<keyof Summary>().toEqualTypeOf<keyof RunStatistics.Summary>()
    expectTypeOf<keyof Timeline>().toEqualTypeOf<keyof RunTimeline.Timeline>()
  })
})

describe("the element follows the query", () => {
  it("of a list", () => {
    const failed = client.list({ runStatus: "failed" })
    expectTypeOf<ElementOf<typeof failed>>().toEqualTypeOf<Plain<Run.RunSummary>>()
    expectTypeOf<ElementOf<typeof failed>["runStartTime"]>().toEqualTypeOf<Date | undefined>()
    expectTypeOf<ElementOf<typeof failed>["id"]>().toEqualTypeOf<number>()
    const refreshes = client.list({ detail: true, runType: "refresh", failureReasons: true })
    expectTypeOf<ElementOf<typeof refreshes>["runDetails"]["jobID"]>().toEqualTypeOf<number | undefined>()
    expectTypeOf<ElementOf<typeof refreshes>["runFailureReason"]>().toEqualTypeOf<string | undefined>()
    // @ts-expect-error misspelt
    client.list({ runStat: "failed" })
    // @ts-expect-error a time of Effect is no time of this client
    client.list({ startingFrom: null as unknown as DateTime.Utc })
  })

  it("of a window, a history, a page and a run", () => {
    const night = client.listWindow("last_night", { detail: true, runType: "deploy" })
    expectTypeOf<ElementOf<typeof night>>().toEqualTypeOf<Plain<Run.DeployRun>>()
    const history = client.history({ detail: true }, { concurrency: 2 })
    expectTypeOf<ElementOf<typeof history>>().toEqualTypeOf<Plain<Run.DeployRun | Run.RefreshRun>>()
    const page = client.listPage({ detail: true, runType: "deploy" })
    expectTypeOf<Awaited<typeof page>["runs"][number]>().toEqualTypeOf<Plain<Run.DeployRun>>()
    const run = client.get(7)
    expectTypeOf<Awaited<typeof run>>().toEqualTypeOf<Plain<Run.Run>>()
    const reported = client.get(7, { failureReasons: true })
    expectTypeOf<Awaited<typeof reported>>().toEqualTypeOf<Plain<Run.Reported>>()
  })

  it("of a watch and a poll", () => {
    const events = client.watch({ detail: true, runType: "refresh" }, { every: "1 minute" })
    type Ended = Extract<ElementOf<typeof events>, { readonly _tag: "Ended" }>
    expectTypeOf<Ended["run"]>().toEqualTypeOf<Plain<Run.RefreshRun>>()
    expectTypeOf<Ended["checkpoint"]>().toEqualTypeOf<string>()
    type Failed = Extract<WatchEvent, { readonly _tag: "PollFailed" }>
    expectTypeOf<Failed["retryIn"]>().toEqualTypeOf<number>()
    expectTypeOf<Failed["error"]>().toExtend<RunsError>()
    const poll = client.poll(undefined, { detail: true, runType: "deploy" })
    expectTypeOf<Extract<Awaited<typeof poll>["events"][number], { readonly _tag: "Appeared" }>["run"]>()
      .toEqualTypeOf<Plain<Run.DeployRun>>()
  })

  it("takes a signal, dates and windows with dates", () => {
    const call: CallOptions = { signal: new AbortController().signal }
    client.list({ startingFrom: new Date(), orderBy: "runStartTime" }, call)
    void client.diagnose({ since: new Date(), until: new Date() }, call)
    expectTypeOf<NonNullable<Diagnosis["window"]>["since"]>().toEqualTypeOf<Date>()
    client.listWindow(null as unknown as NonNullable<Diagnosis["window"]>)
    // @ts-expect-error a signal stands beside the options of a question
    void client.diagnose(call)
  })
})

describe("errors", () => {
  const caught: unknown = undefined

  it("are of the classes of RunsError", () => {
    expectTypeOf<typeof errors.RunsError.Type>().toExtend<RunsError>()
    expectTypeOf<errors.Unauthorized>().toExtend<ErrorOf<"Unauthorized">>()
    expectTypeOf<keyof typeof RunsError>().toEqualTypeOf<ErrorTag>()
    expectTypeOf<ErrorTag>().toEqualTypeOf<errors.RunsError["_tag"]>()
  })

  it("are narrowed by their class, their tag and their group", () => {
    if (caught instanceof RunsError.Unauthorized) {
      expectTypeOf(caught._tag).toEqualTypeOf<"Unauthorized">()
      expectTypeOf(caught.status).toEqualTypeOf<401>()
      expectTypeOf(caught.message).toEqualTypeOf<string>()
      expectTypeOf(caught.isRetryable).toEqualTypeOf<boolean>()
      expectTypeOf(caught.toJSON()).toEqualTypeOf<Record<string, unknown>>()
    }
    if (isRunsError(caught) && caught._tag === "InvalidQuery") {
      expectTypeOf(caught.violations[0]?.field).toEqualTypeOf<string | undefined>()
    }
    if (isThrottled(caught)) expectTypeOf(caught._tag).toEqualTypeOf<"TooManyRequests">()
    if (isNetwork(caught)) expectTypeOf(caught._tag).toEqualTypeOf<"TransportError" | "RequestTimeout">()
  })

  it("have fields without Effect", () => {
    expectTypeOf<keyof ErrorOf<"TooManyRequests">>().toEqualTypeOf<
      | keyof Error
      | "_tag"
      | "status"
      | "request"
      | "resumeFrom"
      | "attempts"
      | "errorString"
      | "errorDetail"
      | "isRetryable"
      | "toJSON"
    >()
    type Fields = Omit<RunsError & { readonly name: string }, keyof Error | "toJSON">
    expectTypeOf<OfEffect<Fields>>().toBeNever()
  })
})
