/** A night of four jobs, and timelines of it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { RunBaseline, RunsClient, RunsError, RunsInMemory, RunTimeline } from "../../src/index.ts"

export const now = "2026-03-10T08:00:00Z"

type TestRun = RunsInMemory.TestRun

const time = (minutes: number, day = "2026-03-10"): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000).toISOString()

/** A refresh of a job in environment 3, from a minute of 10 March 2026 in UTC. It completed after ten minutes. */
export const run = (id: number, jobID: number, minute: number, fields: Partial<TestRun> = {}): TestRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: time(minute),
  ...(fields.runStatus === "running" ? {} : { runEndTime: time(minute + 10) }),
  ...fields,
  runDetails: { jobID, refreshDescription: `Job ${jobID}`, ...fields.runDetails }
})

/** Four weeks in which job 7 started at 02:00 and job 8 at 03:00. */
export const weeks: ReadonlyArray<TestRun> = Array.from({ length: 28 }, (_, index) => {
  const day = time(-(28 - index) * 1440)
  return [7, 8].map((jobID, each) => ({
    ...run(2 * index + each + 1, jobID, 0),
    runStartTime: new Date(Date.parse(day) + (2 + each) * 3_600_000).toISOString(),
    runEndTime: new Date(Date.parse(day) + (2 + each) * 3_600_000 + 600_000).toISOString()
  }))
}).flat()

export const night: ReadonlyArray<TestRun> = [
  ...weeks,
  run(100, 9, -1000, { runStatus: "running" }),
  {
    id: 101,
    runType: "deploy",
    runStatus: "completed",
    environmentID: "3",
    runStartTime: time(60),
    runEndTime: time(63),
    runDetails: { deployCommit: "0a1b2c3d4e5f6a7b", deployCommitMessage: "Add orders" }
  },
  run(102, 7, 120, { runStatus: "failed", runFailureReason: "1 node failed" }),
  run(103, 7, 125, { reRunID: 102 }),
  run(104, 12, 200, { runStatus: "canceled", environmentID: "4", runDetails: {} }),
  {
    id: 105,
    runType: "refresh",
    runStatus: "waitingToRun",
    environmentID: "3",
    runDetails: { jobID: 7, refreshDescription: "Job 7" }
  }
]

export const read = (options: RunTimeline.Options = {}, runs = night) =>
  TestClock.setTime(Date.parse(now)).pipe(
    Effect.andThen(RunTimeline.read({ timeZone: "UTC", ...options })),
    Effect.provide(RunsInMemory.layer({ runs })),
    Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache())
  )

/** The same, from a client with other ways to read. */
export const readOver = (
  change: (client: RunsClient.Shape) => Partial<RunsClient.Shape>,
  options: RunTimeline.Options = {},
  runs = night
) =>
  TestClock.setTime(Date.parse(now)).pipe(
    Effect.andThen(RunTimeline.read({ timeZone: "UTC", ...options })),
    Effect.provide(
      Layer.effect(RunsClient.RunsClient)(Effect.map(RunsClient.RunsClient, (client): RunsClient.Shape => ({
        ...client,
        ...change(client)
      }))).pipe(Layer.provide(RunsInMemory.layer({ runs })))
    ),
    Effect.provideService(RunBaseline.Cache, RunBaseline.makeCache())
  )

export const forbidden = Effect.fail(
  new RunsError.Forbidden({ request: { method: "GET", url: "https://runs.invalid" } })
)

/** Whether pages are those that show what is usual. */
export const learns = (query: Parameters<RunsClient.Shape["pages"]>[0]): boolean => query?.orderBy !== "runStartTime"

export const ids = (timeline: RunTimeline.Timeline) =>
  timeline.jobs.map(({ jobID, runs }) => [jobID, runs.map(({ id }) => Number(id))] as const)
