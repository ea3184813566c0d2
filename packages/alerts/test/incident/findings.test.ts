// Which incident a finding of a check belongs to, and when one is over, as tables of calls.
import type { Incident } from "@coalesce-runs/alerts"
import { Run, type RunHealth, type RunList } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { addFindings } from "../../src/incident/findings.ts"
import { openedByRun1, time } from "../support/incidents.ts"

const run = (id: number, end: string, job = 15): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  jobID: job,
  runStartTime: DateTime.subtract(time(end), { minutes: 10 }),
  runEndTime: time(end)
})

const failedTests = (id: number, end: string, job?: number): RunHealth.Finding => ({
  kind: "failedTests",
  run: run(id, end, job),
  failedTests: { listed: [], more: 0 }
})

const unusual = (kind: RunHealth.Unusual["kind"], more: Partial<RunHealth.Unusual> = {}): RunHealth.Unusual => ({
  kind,
  key: "job 15",
  runType: "refresh",
  environmentID: "3",
  jobID: 15,
  ...more
})

const checkAt = (
  at: string,
  findings: ReadonlyArray<RunHealth.Finding>,
  more: Partial<RunHealth.Health> = {}
): RunHealth.Health => ({
  checkedAt: time(at),
  window: {
    since: DateTime.subtract(time(at), { hours: 12 }),
    until: time(at),
    timeZone: "UTC",
    timeZoneSource: "given"
  },
  filter: {},
  findings,
  ran: { runs: 1, jobs: 1, deploys: 0, statuses: [], truncated: false },
  read: {
    rows: 1,
    failuresTruncated: false,
    failed: { read: 0, notRead: 0 },
    unfinished: { read: 0, notRead: 0 },
    completed: { read: 0, notRead: 0 }
  },
  unavailable: [],
  ...more
})

const first = (health: RunHealth.Health): Incident.Incident => {
  const [incident] = addFindings([], health)
  if (incident === undefined) throw new Error("a finding opens an incident")
  return incident
}

const told = (incident: Incident.Incident): Incident.Incident => {
  const { pending: _, ...rest } = incident
  return { ...rest, messages: 1, toldAt: incident.since }
}

describe("a finding that opens an incident", () => {
  it("is of its job and its environment, and began when its run ended", () => {
    const opened = first(checkAt("3:00", [failedTests(1, "2:00")], { filter: { jobID: 15 } }))
    expect(opened).toEqual({
      ...openedByRun1(opened),
      kind: "failedTests",
      severity: "warning",
      pending: { why: "first", notBefore: time("3:00") },
      filter: { jobID: 15 }
    })
  })

  it("began when it was expected, since when nothing runs or, if neither is known, when its run started or it was checked", () => {
    const since = (finding: RunHealth.Finding) => first(checkAt("3:00", [finding])).since
    const expected = { expectedAt: time("1:00"), since: time("0:30") }
    expect(since(unusual("missing", expected))).toEqual(time("1:00"))
    expect(since(unusual("stopped", { since: time("0:30") }))).toEqual(time("0:30"))
    const { runEndTime: _, ...running } = run(1, "2:00")
    expect(since(unusual("stuck", { run: running }))).toEqual(time("1:50"))
    expect(since(unusual("stuck"))).toEqual(time("3:00"))
    expect(since({ kind: "otherStatus", run: running })).toEqual(time("1:50"))
  })

  it("says no environment and no run where there is none", () => {
    const { environmentID: _, ...noEnvironment } = unusual("missing", { expectedAt: time("1:00") })
    const opened = first(checkAt("3:00", [noEnvironment]))
    expect(Object.keys(opened)).not.toContain("environmentID")
    expect(opened.jobs.map((job) => Object.keys(job))).toEqual([
      ["key", "runType", "jobID", "failures", "succession", "at", "over"]
    ])
  })

  it("is not about a job that was late and has started, nor about failures", () => {
    const started = unusual("late", { expectedAt: time("1:00"), run: run(1, "2:00") })
    const before: RunHealth.Finding = { kind: "failedBefore", run: run(1, "2:00"), failures: 1, truncated: false }
    const failures: RunHealth.Failures = {
      kind: "failures",
      causeFrom: "none",
      runIDs: [run(1, "2:00").id],
      openRuns: 1,
      runTypes: ["refresh"],
      jobs: 1,
      environments: ["3"],
      since: time("2:00"),
      until: time("2:00"),
      recovered: 0,
      notYet: 1,
      affected: { listed: [], more: 0 }
    }
    expect(addFindings([], checkAt("3:00", [started, before, failures]))).toEqual([])
    expect(addFindings([], checkAt("3:00", [unusual("late", { expectedAt: time("1:00") })]))).toHaveLength(1)
  })

  it("has a severity of its kind", () => {
    const of = (...kinds: ReadonlyArray<RunHealth.Unusual["kind"]>) =>
      kinds.map((kind) =>
        first(checkAt(
          "3:00",
          [unusual(kind, { run: run(1, "2:00"), expectedAt: time("1:00") })].map(
            (finding) => {
              const { run: _, ...late } = finding
              return kind === "late" ? late : finding
            }
          )
        )).severity
      )
    expect(of("missing", "stopped", "stuck")).toEqual(["critical", "critical", "critical"])
    expect(of("long", "waiting", "late", "noNodes", "fewerNodes")).toEqual(Array.from({ length: 5 }, () => "warning"))
    expect(of("slow")).toEqual(["info"])
    const runs: ReadonlyArray<RunHealth.Finding> = [
      { kind: "failedNodes", run: run(1, "2:00"), failed: 1, nodes: 2 },
      { kind: "otherStatus", run: run(1, "2:00") },
      { kind: "noRows", run: run(1, "2:00"), nodes: { listed: [], more: 0 }, comparedWith: [] }
    ]
    for (const finding of runs) expect(first(checkAt("3:00", [finding])).severity).toBe("warning")
  })
})

describe("a finding that is seen again", () => {
  const open = told(first(checkAt("3:00", [failedTests(1, "2:00")])))
  const again = (incident: Incident.Incident, at: string, finding: RunHealth.Finding) =>
    addFindings([incident], checkAt(at, [finding]))

  it("counts only if it is of a later run", () => {
    expect(again(open, "3:15", failedTests(1, "2:00"))).toEqual([open])
    const [later] = again(open, "4:15", failedTests(2, "4:00"))
    expect(later).toMatchObject({ failures: 2, since: time("2:00"), until: time("4:00"), jobs: [{ runID: 2 }] })
    expect(later?.pending).toBeUndefined()
    const [earlier] = again(open, "4:15", failedTests(3, "1:00"))
    expect(earlier).toMatchObject({ failures: 1, until: time("2:00") })
  })

  it("is of another night from 6 hours on, and that is told at once", () => {
    expect(again(open, "8:15", failedTests(2, "7:59"))[0]?.pending).toBeUndefined()
    expect(again(open, "8:15", failedTests(2, "8:00"))[0]?.pending).toEqual({
      why: "anotherNight",
      notBefore: time("8:15")
    })
    const pending = { why: "reminder", notBefore: time("9:00") } as const
    expect(again({ ...open, pending }, "8:15", failedTests(2, "8:00"))[0]?.pending).toEqual(pending)
    // What is seen of a run 6 hours before is no other night.
    expect(again({ ...open, until: time("9:00") }, "9:15", failedTests(2, "3:00"))[0]?.pending).toBeUndefined()
  })

  it("is told when it becomes worse, and not when it becomes better", () => {
    const late = told(first(checkAt("3:00", [unusual("late", { expectedAt: time("2:00") })])))
    const missing = unusual("missing", { expectedAt: time("2:00") })
    const [worse] = again(late, "5:00", missing)
    expect(worse).toMatchObject({
      kind: "missing",
      severity: "critical",
      failures: 1,
      pending: { why: "worse", notBefore: time("5:00") }
    })
    const stopped = unusual("stopped", { since: time("2:00") })
    expect(again(told(worse ?? late), "5:10", missing)[0]?.pending).toBeUndefined()
    expect(again(told(worse ?? late), "5:10", stopped)[0]).toEqual({ ...told(worse ?? late), kind: "stopped" })
    const [better] = again(told(worse ?? late), "5:15", unusual("late", { expectedAt: time("2:00") }))
    expect(better).toMatchObject({ kind: "late", severity: "warning" })
    expect(better?.pending).toBeUndefined()
  })

  it("opens a resolved incident again, at once", () => {
    const resolved = { ...open, overAt: time("3:15"), resolvedAt: time("3:16"), relapses: 1 }
    const [back] = again(resolved, "4:15", failedTests(2, "4:00"))
    expect(back).toMatchObject({ relapses: 2, pending: { why: "again", notBefore: time("4:15") } })
    expect(back?.overAt).toBeUndefined()
    expect(back?.resolvedAt).toBeUndefined()
    expect(again({ ...open, relapses: 1 }, "4:15", failedTests(2, "4:00"))[0]?.relapses).toBe(1)
  })

  it("is another incident of another job, and of another run that has not ended", () => {
    const tests = addFindings([open], checkAt("4:15", [failedTests(1, "2:00"), failedTests(2, "4:00", 16)]))
    expect(tests.map(({ jobs }) => jobs[0]?.jobID)).toEqual([15, 16])
    const stuck = told(first(checkAt("3:00", [unusual("stuck", { run: run(1, "2:00") })])))
    expect(again(stuck, "3:15", unusual("long", { run: run(1, "2:00") }))).toHaveLength(1)
    expect(again(stuck, "3:15", unusual("waiting", { run: run(1, "2:00") }))).toHaveLength(1)
    expect(again(stuck, "3:15", unusual("stuck", { run: run(2, "2:00") }))).toHaveLength(2)
    for (
      const ofRun of [
        (run: RunList.RunLine): RunHealth.Finding => ({ kind: "failedNodes", run, failed: 1, nodes: 2 }),
        (run: RunList.RunLine): RunHealth.Finding => ({ kind: "otherStatus", run })
      ]
    ) {
      expect(again(told(first(checkAt("3:00", [ofRun(run(1, "2:00"))]))), "3:15", ofRun(run(1, "2:00")))).toHaveLength(
        1
      )
      expect(again(told(first(checkAt("3:00", [ofRun(run(1, "2:00"))]))), "3:15", ofRun(run(2, "2:00")))).toHaveLength(
        2
      )
    }
  })
})

describe("a finding that is not found any more", () => {
  const open = told(first(checkAt("3:00", [failedTests(1, "2:00")])))
  const next = (at: string, more: Partial<RunHealth.Health> = {}, incident = open) =>
    addFindings([incident], checkAt(at, [], more))

  it("is gone, or expired where it lies before the window of the check", () => {
    const [gone] = next("4:00")
    expect(gone).toEqual({
      ...open,
      jobs: open.jobs.map((job) => ({ ...job, over: true })),
      overAt: time("4:00"),
      pending: { why: "gone", notBefore: time("4:00") }
    })
    expect(next("14:00")[0]?.pending?.why).toBe("gone")
    expect(next("14:01")[0]?.pending?.why).toBe("expired")
  })

  it("stays where the check did not read all, or read others", () => {
    const { ran } = checkAt("4:00", [])
    expect(next("4:00", { ran: { ...ran, truncated: true } })).toEqual([open])
    expect(
      next("4:00", { unavailable: [{ part: "results", error: "ServerError", message: "503", isRetryable: true }] })
    ).toEqual([open])
    expect(next("4:00", { filter: { environmentID: "3" } })).toEqual([open])
    expect(next("4:00", { filter: {} }, { ...open, filter: { environmentID: "3" } })[0]?.overAt).toBeUndefined()
  })

  it("stays over since it was, and ends no failures and no watch", () => {
    const over = { ...open, overAt: time("3:30"), pending: { why: "gone", notBefore: time("3:30") } } as const
    expect(next("4:00", {}, over)).toEqual([over])
    const { filter: _, ...failures } = { ...open, kind: "failures" as const }
    expect(next("4:00", {}, failures)).toEqual([failures])
    // One of failures is never one of a finding, whatever its key.
    expect(addFindings([failures], checkAt("4:00", [failedTests(1, "2:00")]))).toHaveLength(2)
  })
})
