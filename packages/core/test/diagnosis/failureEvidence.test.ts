// The evidence on why a run failed: what is read, what each part says, and what is named where it is unavailable.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { RunDiagnosis, RunsInMemory } from "../../src/index.ts"
import {
  type Change,
  diagnose,
  forbidden,
  idsOf,
  kindOf,
  logged,
  refusing,
  rowsOf,
  withoutResults
} from "../support/diagnosed.ts"
import { deploy, failing, messages } from "../support/failedNight.ts"
import { divided, quota, run } from "../support/health.ts"
import { many } from "../support/quietNight.ts"

/** A success, and a streak of two failures of one cause. */
const streak = {
  runs: [run(1, { job: 7, start: -50 }), failing(2, 7, -26), failing(3, 7, 1), run(4, { job: 8, start: 2 })],
  results: messages([2, divided], [3, divided])
}

const partsOf = ({ unavailable }: RunDiagnosis.Diagnosis) =>
  unavailable.map(({ error, part, runID }) => [part, runID, error])

describe("the evidence on a failed run", () => {
  it.effect("is read with one request for each part", () =>
    Effect.gen(function*() {
      const { change, log } = logged()
      const diagnosis = yield* diagnose(streak, { runID: 3 }, change)
      expect(diagnosis.unavailable).toEqual([])
      expect(diagnosis.run).toMatchObject({ id: 3, jobID: 7, runLink: "https://runs.invalid/runs/3" })
      expect(diagnosis.history).toMatchObject({
        streakLength: 2,
        firstFailure: { id: 2 },
        lastSuccess: { id: 1 },
        comparedWithFirst: { cause: "same", by: "nodes" }
      })
      for (const absent of ["roots", "seenBefore", "deploysSince"]) expect(diagnosis).not.toHaveProperty(absent)
      expect(log.toSorted()).toEqual(
        ["failed runs", "history", "later runs", "reasons", "results 2", "results 3", "run 3", "summary"]
      )
    }))

  it.effect("names each part that is unavailable, and holds without it", () =>
    Effect.gen(function*() {
      const noRow: Change = () => ({ get: () => forbidden })
      const noPage: Change = () => ({ schedulerStatus: () => forbidden })
      const cases: ReadonlyArray<
        readonly [ReadonlyArray<Change>, parts: ReadonlyArray<unknown>, check: (found: RunDiagnosis.Diagnosis) => void]
      > = [
        [[noRow], [], ({ run }) => expect(run?.jobID).toBe(7)],
        [[refusing("summary")], [], ({ run }) => expect(run?.runFailureReason).toMatch("GraphExecutor")],
        [
          [refusing("summary", "reasons")],
          [["runFailureReason", 3], ["runFailureReasons", 3]],
          ({ run }) => expect(run).not.toHaveProperty("runFailureReason")
        ],
        [[refusing("reasons")], [["runFailureReasons", 3]], ({ run }) => expect(run?.runFailureReason).toBeDefined()],
        [[refusing("history")], [["history", 3]], ({ history, suspects }) => {
          expect(history).toBeUndefined()
          expect(suspects).toEqual({ listed: [], more: 0 })
        }],
        [[refusing("history"), noRow], [["details", 3], ["history", 3]], ({ run }) => expect(run?.id).toBe(3)],
        [[refusing("failed runs")], [["earlierFailures", 3]], ({ history }) => expect(history?.streakLength).toBe(2)],
        [[refusing("later runs")], [["laterRuns", 3]], (found) => expect(found).not.toHaveProperty("recovery")],
        [[withoutResults(3)], [["results", 3]], (found) => expect(found).not.toHaveProperty("nodes")],
        [[withoutResults(2)], [["firstFailure", 2]], ({ history }) =>
          expect(history?.comparedWithFirst?.cause).toBe("notKnown")],
        [[noPage], [["runLink", 3]], ({ run }) =>
          expect(run).not.toHaveProperty("runLink")]
      ]
      for (const [changes, parts, check] of cases) {
        const found = yield* diagnose(streak, { runID: 3 }, ...changes)
        expect(found.unavailable.map(({ part, runID }) => [part, runID])).toEqual(parts)
        expect(found.unavailable.every(({ status }) =>
          status === 403
        )).toBe(true)
        check(found)
      }
    }))

  it.effect("has no history where nothing says of which job the run is", () =>
    Effect.gen(function*() {
      const found = yield* diagnose(
        {
          runs: [...many(300, -60, 0), failing(1002, 7, -26), failing(1003, 7, 1)],
          results: messages([1002, divided], [1003, divided])
        },
        { runID: 1003 },
        () => ({ get: () => forbidden }),
        rowsOf("history", (rows) => rows.filter(({ id }) => id !== 1003))
      )
      expect(partsOf(found)).toEqual([
        ["details", 1003, "Forbidden"],
        ["history", 1003, "NoDetails"]
      ])
      expect(found.unavailable[1]?.message).toBe("The run's job is not known, since its details are unavailable.")
      expect(found.run).toMatchObject({ id: 1003, runStatus: "failed" })
      expect(found.nodes?.failed).toBe(1)
      expect(found.suspects).toEqual({ listed: [], more: 0 })
      for (const absent of ["history", "seenBefore", "deploysSince"]) expect(found).not.toHaveProperty(absent)
    }))

  it.effect("compares no run with itself", () =>
    Effect.gen(function*() {
      const { history } = yield* diagnose({ runs: [run(1, { job: 7, start: -5 }), failing(2, 7, 1)] })
      expect(history?.streakLength).toBe(1)
      expect(history).not.toHaveProperty("comparedWithFirst")
    }))
})

describe("the search for the last success", () => {
  const behind = (others: number) => ({
    runs: [run(1000, { job: 7, start: -50 }), ...many(others, 0.5, 2000), failing(9000, 7, 1), failing(9001, 7, 2)]
  })
  const history = (
    night: RunsInMemory.TestOptions,
    options: RunDiagnosis.Options,
    ...changes: ReadonlyArray<Change>
  ) => {
    const { change, log } = logged()
    return Effect.map(diagnose(night, { runID: 9001, ...options }, ...changes, change), ({ history }) => [
      history?.lastSuccess?.id,
      history?.searched.ended,
      history?.searched.rows,
      log.filter((one) => one === "history").length
    ])
  }

  it.effect("ends at the page that shows it, and goes on behind one that does not", () =>
    Effect.gen(function*() {
      const runs = many(300, -60, 0)
      expect(yield* history({ runs: [...behind(5).runs, ...runs] }, {})).toEqual([1000, "found", 250, 1])
      expect(yield* history({ runs: [...behind(300).runs, ...runs] }, {})).toEqual([1000, "found", 603, 2])
      expect(yield* history(behind(5), { historyLimit: 4 })).toEqual([undefined, "limit", 4, 1])
      expect(yield* history(behind(300), { historyLimit: 260 })).toEqual([undefined, "limit", 260, 2])
      expect(yield* history({ runs: behind(300).runs.slice(1) }, {})).toEqual([undefined, "all", 302, 2])
    }))

  it.effect("keeps what it has read where the next page is unavailable", () =>
    Effect.gen(function*() {
      const second: Change = ({ listPage }) => ({
        listPage: (query) =>
          kindOf(query) === "history" && typeof query?.startingFrom !== "number" ? forbidden : listPage(query)
      })
      expect(yield* history(behind(300), {}, second)).toEqual([undefined, "unavailable", 250, 2])
      const { unavailable } = yield* diagnose(behind(300), { runID: 9001 }, second)
      expect(unavailable.map(({ part, runID }) => [part, runID])).toEqual([["history", 9001]])
    }))
})

describe("the original of a re-run", () => {
  const reason = divided
  const night = {
    runs: [
      run(1, { job: 7, start: -50 }),
      failing(2, 7, 1, { reason }),
      failing(3, 7, 2, { of: 2, reason }),
      failing(4, 7, 3, { of: 3, reason }),
      failing(5, 7, 4, { of: 99, reason }),
      failing(6, 7, 5, { reason })
    ],
    results: messages([2, divided], [3, divided], [4, divided])
  }
  const originalOf = (runID: number, ...changes: ReadonlyArray<Change>) =>
    Effect.map(
      diagnose(night, { runID }, ...changes),
      ({ run }) => run?.original && [run.original.run.id, run.original.run.runFailureReason, run.original.compared]
    )

  it.effect("is compared with it, by their nodes if those were read", () =>
    Effect.gen(function*() {
      expect(yield* originalOf(3)).toEqual([2, reason, { cause: "same", by: "nodes" }])
      expect(yield* originalOf(3, withoutResults(2))).toEqual([2, reason, { cause: "same", by: "runFailureReason" }])
      // It is not the first of the streak, whose nodes were read.
      expect(yield* originalOf(4)).toEqual([3, reason, { cause: "same", by: "runFailureReason" }])
    }))

  it.effect("is none if it is not among the rows, or if the run is no re-run", () =>
    Effect.gen(function*() {
      expect(yield* originalOf(5)).toBeUndefined()
      expect(yield* originalOf(3, refusing("history"))).toBeUndefined()
      expect(yield* originalOf(6)).toBeUndefined()
    }))
})

describe("a streak that began with another cause", () => {
  const night = {
    runs: [
      run(1, { job: 7, start: -80 }),
      deploy(2, -60, "First"),
      failing(3, 7, -50),
      deploy(4, -40, "Second"),
      failing(5, 7, -26),
      deploy(6, -20, "Third"),
      failing(7, 7, -10),
      failing(8, 7, 1),
      deploy(9, 3, "Fix")
    ],
    results: messages([3, quota], [5, divided], [7, divided], [8, divided])
  }

  it.effect("has its cause since a later run, and the deploys before that as suspects", () =>
    Effect.gen(function*() {
      const { deploysSince, history, suspects } = yield* diagnose(night)
      expect(history?.causeSince).toMatchObject({ run: { id: 5 }, failures: 3, isAtLeast: false })
      expect(suspects.listed.flatMap((one) => one.kind === "deploy" ? [one.run.id] : [])).toEqual([4, 2])
      expect(deploysSince && idsOf({ listed: deploysSince.listed.map(({ run }) => run) })).toEqual([9])
    }))

  it.effect("has it at least since then where the nodes of the first failure are unavailable", () =>
    Effect.gen(function*() {
      const found = yield* diagnose(night, {}, withoutResults(3))
      expect(found.history?.causeSince).toMatchObject({ run: { id: 5 }, failures: 3, isAtLeast: true })
      const unread = yield* diagnose(night, {}, withoutResults(5))
      expect(unread.unavailable.map(({ part, runID }) => [part, runID])).toEqual([["earlierFailures", 5]])
      expect(unread.history?.causeSince).toMatchObject({ run: { id: 7 }, failures: 2, isAtLeast: true })
    }))
})

describe("what changed before a failure", () => {
  it.effect("touches what the run's reason names, where its nodes are unavailable", () =>
    Effect.gen(function*() {
      const reason = "002003 (42S02): SQL compilation error:\nObject 'RAW.ORDERS' does not exist or not authorized."
      const runs = [run(1, { job: 7, start: -20 }), deploy(2, -10, "Rename RAW.ORDERS"), failing(3, 7, 1, { reason })]
      const { suspects } = yield* diagnose({ runs }, {}, withoutResults(3))
      expect(suspects.listed).toMatchObject([{ kind: "deploy", run: { id: 2 }, touches: ["ORDERS"] }])
    }))
})
