/** Runs made up for statistics, and the statistics of an array of them, computed as one would by hand. */
import * as DateTime from "effect/DateTime"
import * as FastCheck from "fast-check"
import { FailureCause, Run } from "../../src/index.ts"

export interface Sample {
  readonly id: number
  readonly status: string
  readonly start?: number
  readonly millis?: number
  readonly reason?: string
  readonly environment?: string
  readonly job?: number
  readonly deploy?: boolean
}

const times = ({ millis, start }: Sample) => ({
  ...(start === undefined ? {} : { runStartTime: DateTime.makeUnsafe(start) }),
  ...(start === undefined || millis === undefined ? {} : { runEndTime: DateTime.makeUnsafe(start + millis) })
})

export const summary = (sample: Sample): Run.RunSummary => ({
  id: Run.RunId.make(sample.id),
  runType: sample.deploy === true ? "deploy" : "refresh",
  runStatus: sample.status,
  ...times(sample),
  ...(sample.environment === undefined ? {} : { environmentID: sample.environment }),
  ...(sample.reason === undefined ? {} : { runFailureReason: sample.reason })
})

export const detailed = (sample: Sample): Run.Reported => {
  const environment = sample.environment === undefined ? {} : { environmentID: sample.environment }
  const common = {
    id: Run.RunId.make(sample.id),
    runStatus: sample.status,
    ...times(sample),
    ...(sample.reason === undefined ? {} : { runFailureReason: sample.reason })
  }
  return sample.deploy === true
    ? { ...common, runType: "deploy", runDetails: environment }
    : {
      ...common,
      runType: "refresh",
      runDetails: {
        ...environment,
        ...(sample.job === undefined ? {} : { jobID: sample.job, jobName: `Job ${sample.job}` })
      }
    }
}

const epoch = Date.UTC(2026, 9, 20)

const reasons = [
  "100038 (22018): Numeric value '3W' is not recognized",
  "Numeric value 'n/a' is not recognized",
  "002003 (42S02): SQL compilation error:\nObject 'RAW.A' does not exist or not authorized.",
  "Division by zero",
  undefined
]

/** Samples with the ids 1, 2, 3, …, each started after the one before, over some ten days. */
export const samples = (maxLength = 60): FastCheck.Arbitrary<ReadonlyArray<Sample>> =>
  FastCheck.array(
    FastCheck.record({
      status: FastCheck.constantFrom("completed", "completed", "failed", "failed", "canceled", "running", "paused"),
      after: FastCheck.integer({ min: 1, max: 14_400_000 }),
      millis: FastCheck.option(FastCheck.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
      reason: FastCheck.constantFrom(...reasons),
      environment: FastCheck.constantFrom("1", "2", undefined),
      job: FastCheck.constantFrom(7, 8, undefined),
      deploy: FastCheck.boolean()
    }),
    { maxLength }
  ).map((drawn) => {
    let start = epoch
    return drawn.map(({ after, deploy, environment, job, millis, reason, status }, index) => ({
      id: index + 1,
      status,
      start: start += after,
      deploy,
      ...(millis === undefined ? {} : { millis }),
      ...(reason === undefined || status !== "failed" ? {} : { reason }),
      ...(environment === undefined ? {} : { environment }),
      ...(job === undefined || deploy ? {} : { job })
    }))
  })

/** The samples of each key, in their order. */
export const grouped = (
  all: ReadonlyArray<Sample>,
  keyOf: (sample: Sample) => string
): ReadonlyMap<string, ReadonlyArray<Sample>> => {
  const groups = new Map<string, Array<Sample>>()
  for (const sample of all) groups.set(keyOf(sample), [...groups.get(keyOf(sample)) ?? [], sample])
  return groups
}

/** Linear interpolation between the nearest ranks. */
export const quantile = (values: ReadonlyArray<number>, part: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return low + (high - low) * (place - Math.floor(place))
}

const count = (all: ReadonlyArray<Sample>, status: string) => all.filter((sample) => sample.status === status).length

/** The statistics of samples in the order of their ids. */
export const naive = (all: ReadonlyArray<Sample>) => {
  const completed = count(all, "completed")
  const failed = count(all, "failed")
  const timed = all.filter(({ millis, start, status }) =>
    status === "completed" && start !== undefined && millis !== undefined
  )
  const durations = timed.map((sample) => sample.millis ?? 0)
  const longest = timed.filter((sample) => sample.millis === Math.max(...durations)).at(-1)

  const failures = grouped(
    all.filter((sample) => sample.status === "failed"),
    (sample) => sample.reason === undefined ? "" : FailureCause.classify(sample.reason)?.key ?? ""
  )
  const decided = all.filter(({ status }) => status === "completed" || status === "failed")
  const streaks: Array<Array<Sample>> = []
  for (const sample of decided) {
    const current = streaks.at(-1)
    if (current?.[0]?.status === sample.status) current.push(sample)
    else streaks.push([sample])
  }
  const streakOf = (runs: ReadonlyArray<Sample> | undefined) =>
    runs === undefined
      ? undefined
      : { runStatus: runs[0]?.status, runs: runs.length, firstRunID: runs[0]?.id, lastRunID: runs.at(-1)?.id }
  const failing = streaks.filter(([first]) => first?.status === "failed")
  const longestFailing = failing.filter((runs) => runs.length === Math.max(...failing.map((other) => other.length))).at(
    -1
  )

  return {
    runs: all.length,
    statusCounts: {
      completed,
      failed,
      canceled: count(all, "canceled"),
      running: count(all, "running"),
      rendering: 0,
      initializing: 0,
      waitingToRun: 0,
      unknown: count(all, "paused")
    },
    successRate: completed + failed === 0 ? undefined : completed / (completed + failed),
    durations: longest === undefined
      ? undefined
      : {
        runs: timed.length,
        exact: true,
        p50Millis: quantile(durations, 0.5),
        p95Millis: quantile(durations, 0.95),
        longest: { runID: longest.id, millis: longest.millis }
      },
    causes: [...failures].map(([key, failed]) => ({
      key,
      failures: failed.length,
      first: failed[0]?.id,
      last: failed.at(-1)?.id
    })).sort((a, b) => b.failures - a.failures || (b.last ?? 0) - (a.last ?? 0)),
    current: streakOf(streaks.at(-1)),
    longestFailing: streakOf(longestFailing)
  }
}

/** One run, a second after the run with the id before it. */
export const sample = (id: number, status: string, more: Partial<Sample> = {}): Sample => ({
  id,
  status,
  start: id * 1000,
  ...more
})
