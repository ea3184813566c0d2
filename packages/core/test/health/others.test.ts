import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { check, completed, divided, failed, quota, run } from "../support/health.ts"

const kindsOf = ({ health }: Effect.Success<ReturnType<typeof check>>) => health.findings.map(({ kind }) => kind)

describe("what needs attention beside failures of the window", () => {
  it.effect("a job whose latest run failed before the window and that has not run since", () =>
    Effect.gen(function*() {
      const runs = [run(1, { job: 1, status: "failed", start: -60 }), run(2, { job: 1, status: "failed", start: -36 })]
      const found = yield* check({ runs: [...runs, run(3, { job: 1, status: "canceled", start: 1 })] })
      expect(found.health.findings).toMatchObject([{
        kind: "failedBefore",
        run: { id: 2 },
        failures: 2,
        truncated: true
      }])
      expect(found.text).toMatch(/^1 thing needs attention: 1 job that failed before and has not run since\.\n/)
      expect(kindsOf(yield* check({ runs: [...runs, run(3, { job: 1, start: 1 })] }))).toEqual([])
      // It is not used any more.
      expect(kindsOf(yield* check({ runs: [run(1, { job: 1, status: "failed", start: -24 * 30 })] }))).toEqual([])
      expect(kindsOf(yield* check({ runs: [...runs, run(3, { job: 1, start: 1, status: "running" })] }))).toEqual([])
    }))

  it.effect("a failed deploy is a failure, over with the next deploy of its environment", () =>
    Effect.gen(function*() {
      const deploy = (id: number, start: number, status: string) => ({
        ...run(id, { status, start, reason: "RunPhasedDeploy encountered failures: add phase - 1" }),
        runType: "deploy",
        runDetails: { environmentID: "3", deployCommit: "52ffe770cb64f", deployCommitMessage: "Add orders" }
      })
      const broken = yield* check({ runs: [deploy(1, -1, "failed")], results: { 1: [failed(divided)] } })
      expect(broken.text).toMatch(/^1 thing needs attention: 1 failed deploy of one cause\.\n/)
      expect(broken.text).toContain(
        "- 1, deploy of 52ffe770cb64 \"Add orders\" in env 3 (2026-11-02 23:00): has not run again"
      )
      const mended = yield* check({
        runs: [deploy(1, -1, "failed"), deploy(2, 1, "completed")],
        results: { 1: [failed(divided)] }
      })
      expect(mended.text).toMatch(/^Nothing needs attention\. 1 failed deploy of one cause has recovered\. /)
    }))

  it.effect("a running and a canceled run in which a node has failed already", () =>
    Effect.gen(function*() {
      const found = yield* check({
        runs: [
          run(1, { job: 1, status: "running", start: -30 }),
          run(2, { job: 2, status: "canceled", start: 1 }),
          run(3, { job: 3, status: "running", start: 2 })
        ],
        results: { 1: [failed(divided), completed("B")], 2: [failed(quota)], 3: [completed()] }
      })
      expect(found.health.findings).toMatchObject([
        { kind: "failedNodes", run: { id: 1 }, failed: 1, nodes: 2, node: { name: "ORDERS" } },
        { kind: "failedNodes", run: { id: 2 } },
        { kind: "stuck", run: { id: 1 } }
      ])
      expect(found.text).toContain(
        "- 1, refresh \"Job 1\" (job 1) in env 3 (2026-11-01 18:00): running, 1 of 2 nodes failed: ORDERS: \"Division by zero\""
      )
    }))

  it.effect("a run with an end and a status that is not known", () =>
    Effect.gen(function*() {
      const found = yield* check({ runs: [run(1, { job: 1, status: "paused", start: 1, took: 1 })] })
      expect(found.health.findings).toMatchObject([{ kind: "otherStatus", run: { id: 1 } }])
      expect(found.text).toContain(
        "Ended in a status that is not known:\n- 1, refresh \"Job 1\" (job 1) in env 3 (2026-11-03 01:00): status paused"
      )
    }))

  it.effect("failed data tests of a completed run", () =>
    Effect.gen(function*() {
      const found = yield* check({
        runs: [run(1, { job: 1, start: 1 })],
        results: {
          1: [{ ...failed("Test failed: 3 rows", "DIM"), runState: "complete", hasTestFailures: true }]
        }
      })
      expect(found.health.findings).toMatchObject([{
        kind: "failedTests",
        run: { id: 1 },
        failedTests: { listed: [{ node: "DIM" }], more: 0 }
      }])
      expect(found.text).toContain("Completed, but data tests failed:\n- 1, ")
    }))

  it.effect("nodes without rows, where both runs before had many", () =>
    Effect.gen(function*() {
      const night = (before: number) => ({
        runs: [run(1, { job: 1, start: -47 }), run(2, { job: 1, start: -23 }), run(3, { job: 1, start: 1 })],
        results: { 1: [completed("A", before)], 2: [completed("A", 900)], 3: [completed("A", 0), completed("B", 5)] }
      })
      const found = yield* check(night(500))
      expect(found.health.findings).toMatchObject([
        {
          kind: "noRows",
          run: { id: 3 },
          nodes: { listed: [{ node: "A", rowsBefore: 500 }], more: 0 },
          comparedWith: [2, 1]
        }
      ])
      expect(found.text).toContain("no row in A (at least 500 rows before), compared with runs 2 and 1")
      // One of the two runs before had none either.
      expect(kindsOf(yield* check(night(0)))).toEqual([])
    }))

  it.effect("nothing on a night on which all is well, in one paragraph", () =>
    Effect.gen(function*() {
      const found = yield* check({
        runs: [
          run(1, { job: 1, start: -23 }),
          run(2, { job: 1, start: 1 }),
          run(3, { job: 2, start: 8.9, status: "running" })
        ],
        results: { 1: [completed()], 2: [completed()], 3: [completed()] }
      })
      expect(found.health.findings).toEqual([])
      expect(found.text).toBe(
        "Nothing needs attention. 2 runs of 2 jobs started since 2026-11-02 18:00: 1 running, 1 completed.\nWindow: 2026-11-02 18:00 – 2026-11-03 09:00 UTC"
      )
    }))

  it.effect("says that nothing ran", () =>
    Effect.gen(function*() {
      const found = yield* check({ runs: [] })
      expect(found.text).toMatch(/^Nothing needs attention\. No run started since 2026-11-02 18:00\./)
    }))

  it.effect("a job, an environment and a window narrow it", () =>
    Effect.gen(function*() {
      const night = {
        runs: [
          run(1, { job: 1, status: "failed", start: 1 }),
          run(2, { job: 2, env: "4", status: "failed", start: 2 }),
          run(3, { job: 2, env: "4", start: 3 })
        ],
        results: { 1: [failed(divided)], 2: [failed(quota)], 3: [completed()] }
      }
      const ids = ({ health }: Effect.Success<ReturnType<typeof check>>) =>
        health.findings.map((finding) => finding.kind === "failures" ? finding.runIDs : finding.kind)
      expect(ids(yield* check(night, { jobID: 1 }))).toEqual([[1]])
      expect(ids(yield* check(night, { environmentID: "4" }))).toEqual([[2]])
      // The recovery lies after the window.
      const early = yield* check(night, {
        environmentID: "4",
        since: "2026-11-03T01:45Z",
        until: "2026-11-03T02:30Z"
      })
      expect(early.health.findings).toMatchObject([{ runIDs: [2], recovered: 1 }])
    }))

  it.effect("refuses options that are wrong, before any request", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(check({ runs: [] }, { jobID: 1.5, window: "today", since: "1h" }))
      expect(error).toMatchObject({ _tag: "InvalidQuery", violations: [{ field: "since" }, { field: "jobID" }] })
    }))
})
