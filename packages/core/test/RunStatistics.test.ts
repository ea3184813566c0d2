import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { Run, RunStatistics } from "../src/index.ts"
import { detailed, grouped, naive, type Sample, sample, samples, summary } from "./support/statistics.ts"

const statisticsOf = (runs: Iterable<Run.AnyRun>, options?: Omit<RunStatistics.Options, "groupBy">) =>
  RunStatistics.fromRuns(runs, options)

/** What the naive implementation computes, in its form. */
const comparable = (statistics: Omit<RunStatistics.Group, "key">) => ({
  runs: statistics.runs,
  statusCounts: statistics.statusCounts,
  successRate: statistics.successRate,
  durations: statistics.durations,
  causes: statistics.causes.map(({ failures, firstRun, key, lastRun }) => ({
    key,
    failures,
    first: firstRun.id,
    last: lastRun.id
  })),
  current: statistics.streaks.current,
  longestFailing: statistics.streaks.longestFailing
})

const close = (a: number, b: number) => assert.closeTo(a, b, 1e-6 * Math.max(1, b))

const assertSame = (actual: ReturnType<typeof comparable>, expected: ReturnType<typeof naive>) => {
  // The two interpolate in different ways, which differ in the last bit.
  if (actual.durations !== undefined && expected.durations !== undefined) {
    close(actual.durations.p50Millis, expected.durations.p50Millis)
    close(actual.durations.p95Millis, expected.durations.p95Millis)
    const { p50Millis, p95Millis } = expected.durations
    actual = { ...actual, durations: { ...actual.durations, p50Millis, p95Millis } }
  }
  assert.deepStrictEqual<unknown>(actual, expected)
}

describe("RunStatistics.fromRuns", () => {
  it("equals a computation over an array of the runs, in either order and form", () => {
    FastCheck.assert(FastCheck.property(samples(), (all) => {
      const expected = naive(all)
      assertSame(comparable(statisticsOf(all.map(summary))), expected)
      assertSame(comparable(statisticsOf(all.map(detailed))), expected)
      assertSame(comparable(statisticsOf(all.toReversed().map(summary))), expected)
    }))
  })

  it("counts each group as its runs alone", () => {
    FastCheck.assert(
      FastCheck.property(samples(), FastCheck.constantFrom("job", "environment", "type"), (all, groupBy) => {
        const keyOf = ({ deploy, environment, job }: Sample): string => {
          const where = environment === undefined ? "no environment" : `environment ${environment}`
          if (groupBy === "type") return deploy === true ? "deploy" : "refresh"
          if (groupBy === "environment") return where
          return `${
            deploy === true ? "deploys" : job === undefined ? "refreshes of everything" : `job ${job}`
          } in ${where}`
        }
        const { groups = [] } = RunStatistics.fromRuns(all.map(detailed), { groupBy })
        const expected = grouped(all, keyOf)
        assert.deepStrictEqual(groups.map(({ key }) => key).toSorted(), [...expected.keys()].toSorted())
        for (const group of groups) assertSame(comparable(group), naive(expected.get(group.key) ?? []))
        // Jobs that fail now come first; the streak of several jobs means nothing.
        const worst = groups.map(({ statusCounts, streaks: { current } }) =>
          [
            groupBy === "job" && current?.runStatus === "failed" ? current.runs : 0,
            statusCounts.failed
          ] as const
        )
        assert.deepStrictEqual(worst, worst.toSorted((a, b) => b[0] - a[0] || b[1] - a[1]))
      })
    )
  })

  it("encodes to JSON and back", () => {
    FastCheck.assert(FastCheck.property(samples(20), (all) => {
      const result = RunStatistics.fromRuns(all.map(detailed), { groupBy: "job" })
      const json = JSON.stringify(Schema.encodeSync(RunStatistics.RunStatistics)(result))
      assert.deepStrictEqual(Schema.decodeUnknownSync(RunStatistics.RunStatistics)(JSON.parse(json)), result)
    }))
  })

  it("returns no rate, durations or causes of no runs", () => {
    const none = statisticsOf([])
    assert.strictEqual(none.runs, 0)
    for (const key of ["successRate", "durations", "otherCauses", "groups", "groupBy"]) assert.notProperty(none, key)
    assert.deepStrictEqual(none.streaks, { inOrder: true })
  })

  it("names the latest of runs that took equally long, in either order", () => {
    const runs = [
      sample(1, "completed", { millis: 9 }),
      sample(2, "completed", { millis: 9 }),
      sample(3, "completed", { millis: 8 })
    ]
    for (const all of [runs, runs.toReversed()]) {
      assert.deepStrictEqual<unknown>(statisticsOf(all.map(summary)).durations?.longest, { runID: 2, millis: 9 })
    }
  })

  it("names a job as its latest run does, in either order", () => {
    const named = (id: number, jobName: string): Run.Run => ({
      id: Run.RunId.make(id),
      runType: "refresh",
      runStatus: "completed",
      runDetails: { environmentID: "1", jobID: 7, jobName }
    })
    for (const all of [[named(1, "Old"), named(2, "New")], [named(2, "New"), named(1, "Old")]]) {
      const { groups } = RunStatistics.fromRuns(all, { groupBy: "job" })
      assert.deepStrictEqual(groups?.map(({ jobName }) => jobName), ["New"])
    }
  })

  it("names the statuses that are not documented", () => {
    const { statusCounts, unknownStatuses } = statisticsOf(
      ["paused", "__proto__", "paused"].map((status, id) => summary(sample(id, status)))
    )
    assert.strictEqual(statusCounts.unknown, 3)
    assert.deepStrictEqual(unknownStatuses, ["paused", "__proto__"])
  })
})

describe("RunStatistics.fromRuns by job", () => {
  it("groups refreshes without a job by both selectors", () => {
    const refresh = (id: number, selectors: Run.RefreshRun["runDetails"]): Run.Run => ({
      id: Run.RunId.make(id),
      runType: "refresh",
      runStatus: "completed",
      runDetails: { environmentID: "1", ...selectors }
    })
    const { groups } = RunStatistics.fromRuns([
      refresh(1, { includeNodesSelector: "{ STG }" }),
      refresh(2, { includeNodesSelector: "{ STG }", excludeNodesSelector: "{ TMP }" }),
      refresh(3, { excludeNodesSelector: "{ TMP }" }),
      refresh(4, { includeNodesSelector: "{ STG }" })
    ], { groupBy: "job" })
    assert.deepStrictEqual(
      groups?.map(({ excludeNodesSelector, includeNodesSelector, key, runs }) => ({
        key,
        runs,
        includeNodesSelector,
        excludeNodesSelector
      })),
      [
        {
          key: "refreshes of { STG } in environment 1",
          runs: 2,
          includeNodesSelector: "{ STG }",
          excludeNodesSelector: undefined
        },
        {
          key: "refreshes of everything but { TMP } in environment 1",
          runs: 1,
          includeNodesSelector: undefined,
          excludeNodesSelector: "{ TMP }"
        },
        {
          key: "refreshes of { STG } but { TMP } in environment 1",
          runs: 1,
          includeNodesSelector: "{ STG }",
          excludeNodesSelector: "{ TMP }"
        }
      ]
    )
  })
})

describe("failures by cause", () => {
  it("counts failures without a reason as a cause of their own", () => {
    const { causes } = statisticsOf([
      summary(sample(1, "failed")),
      summary(sample(2, "failed", { reason: "Division by zero" })),
      summary(sample(3, "failed"))
    ])
    assert.deepStrictEqual(causes.map(({ class: of, failures, key, message }) => ({ of, failures, key, message })), [
      { of: "unknown", failures: 2, key: "", message: undefined },
      { of: "divisionByZero", failures: 1, key: "division by zero", message: "Division by zero" }
    ])
    assert.deepStrictEqual<unknown>(causes[0]?.firstRun, { id: 1, runStartTime: DateTime.makeUnsafe(1000) })
  })

  it("ignores the reason of a run that did not fail", () => {
    assert.deepStrictEqual(statisticsOf([summary(sample(1, "canceled", { reason: "canceled by a user" }))]).causes, [])
  })

  it("sums up the causes that are not listed", () => {
    const letters = ["a", "a", "b", "b", "c", "d"]
    const runs = letters.map((letter, id) => summary(sample(id, "failed", { reason: `reason ${letter.repeat(3)}` })))
    const { causes, otherCauses } = statisticsOf(runs, { maxCauses: 2 })
    assert.deepStrictEqual(causes.map(({ failures, message }) => [message, failures]), [["reason bbb", 2], [
      "reason aaa",
      2
    ]])
    assert.deepStrictEqual(otherCauses, { causes: 2, atLeast: false, failures: 2 })
  })
})

describe("RunStatistics.sink", () => {
  const all = [sample(1, "completed", { job: 7 }), sample(2, "failed", { job: 8, reason: "Division by zero" })]

  it.effect("counts what fromRuns counts, and starts anew each time it is run", () =>
    Effect.gen(function*() {
      const sink = RunStatistics.sink()
      const stream = Stream.fromIterable(all.map(summary))
      const [first, second] = [yield* Stream.run(stream, sink), yield* Stream.run(stream, sink)]
      assert.deepStrictEqual(first, statisticsOf(all.map(summary)))
      assert.deepStrictEqual(second, first)
    }))

  it.effect("takes summaries and detailed rows together, and joined reasons", () =>
    Effect.gen(function*() {
      const mixed: Stream.Stream<Run.AnyRun> = Stream.make(
        ...all.map((each) => each.id === 1 ? summary(each) : detailed(each))
      )
      assert.deepStrictEqual(yield* Stream.run(mixed, RunStatistics.sink()), statisticsOf(all.map(summary)))
    }))
})
