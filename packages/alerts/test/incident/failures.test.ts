// Which incident a failure belongs to, and what it makes of it, as tables of calls.
// Long because each decision of one machine is a row here.
import type { Incident } from "@coalesce-runs/alerts"
import { type FailureCause, Run, type RunDiagnosis, type RunHealth, type RunList } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import { addFailure, type Failure, failureOf, failuresOf } from "../../src/incident/failures.ts"
import type { Options } from "../../src/incident/options.ts"
import { openedByRun1, time } from "../support/incidents.ts"

const causeOf = (object: string, message = object): FailureCause.FailureCause => ({
  class: "missingObjectOrGrant",
  key: "object … does not exist",
  object,
  message
})

const orders = causeOf("ORDERS", "Object 'ORDERS' does not exist, secret 17")

const runOf = (id: number, end: string | undefined, job: number, environmentID?: string): RunList.RunLine => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "failed",
  jobID: job,
  ...(environmentID === undefined ? {} : { environmentID }),
  ...(end === undefined ? {} : { runEndTime: time(end) })
})

interface Fails {
  readonly id: number
  readonly end?: string | undefined
  readonly job?: number
  readonly cause?: FailureCause.FailureCause
  readonly recovery?: Failure["recovery"]
  readonly often?: boolean
}

const failure = ({ cause = orders, end = "2:00", id, job = 15, often = false, recovery }: Fails): Failure => ({
  run: runOf(id, end, job, "3"),
  cause,
  recovery,
  often
})

const add = (incidents: ReadonlyArray<Incident.Incident>, fails: Fails, options: Options = {}, now?: string) =>
  addFailure(incidents, failure(fails), time(now ?? fails.end ?? "2:00"), options)

/** Adds failures one after another, each when its run ends. */
const all = (fails: ReadonlyArray<Fails>, options?: Options, incidents: ReadonlyArray<Incident.Incident> = []) =>
  fails.reduce((sum, one) => add(sum, one, options), incidents)

const [only] = all([{ id: 1 }])
if (only === undefined) throw new Error("a failure opens an incident")

/** The incident of run 1 after it was told. */
const told: Incident.Incident = (({ pending: _, ...rest }) => ({ ...rest, toldAt: time("2:00"), messages: 1 }))(only)

const { cause: _, ...withoutCause } = failure({ id: 1 })

describe("a failure that opens an incident", () => {
  it("is of its environment and cause, and pending at once", () => {
    expect(only).toEqual({
      ...openedByRun1(only),
      kind: "failures",
      severity: "critical",
      cause: { ...orders, message: "object … does not exist (ORDERS)" },
      pending: { why: "first", notBefore: time("2:00") }
    })
  })

  it("says the cause in full only if that is asked for, and no environment or cause that is not known", () => {
    expect(all([{ id: 1 }], { details: "full" })[0]?.cause).toEqual(orders)
    const [bare] = addFailure([], { ...withoutCause, run: runOf(1, "2:00", 15), cause: undefined }, time("2:00"), {})
    expect(Object.keys(bare ?? {})).not.toContain("environmentID")
    expect(Object.keys(bare ?? {})).not.toContain("cause")
  })

  it("is quiet from its end for as long as is asked for", () => {
    expect(add([], { id: 1 }, { quiet: "10 minutes" }, "2:04")[0]).toMatchObject({
      quietUntil: time("2:10"),
      pending: { why: "first", notBefore: time("2:04") }
    })
  })

  it("says that its job passes often", () => {
    expect(all([{ id: 1, often: true }])[0]?.often).toBe(true)
  })

  it("opens none if it was over before it was seen", () => {
    expect(all([{ id: 1, recovery: "recovered" }])).toEqual([])
    expect(all([{ id: 1, recovery: "relapsed" }])).toHaveLength(1)
  })

  it("began when its run ended or, if that is not known, started or was seen", () => {
    const { runEndTime: _, ...noEnd } = runOf(1, "2:00", 15)
    const opened = (run: RunList.RunLine) => addFailure([], { ...failure({ id: 1 }), run }, time("3:00"), {})[0]?.since
    expect(opened({ ...noEnd, runStartTime: time("1:00") })).toEqual(time("1:00"))
    expect(opened({ ...noEnd, runStartTime: time("1:00"), runEndTime: time("2:00") })).toEqual(time("2:00"))
    expect(opened(noEnd)).toEqual(time("3:00"))
  })
})

describe("another failure of an incident", () => {
  const jobsOf = (incidents: ReadonlyArray<Incident.Incident>) =>
    incidents.map(({ jobs }) =>
      jobs.map(({ failures, jobID, runID, succession }) => [jobID, runID, failures, succession])
    )

  it("counts, and so does its job; those at most an hour apart are in succession", () => {
    const twice = all([{ id: 1 }, { id: 2, end: "3:00" }])
    expect(twice).toHaveLength(1)
    expect(twice[0]).toMatchObject({ failures: 2, since: time("2:00"), until: time("3:00"), moreJobs: 0, loop: false })
    expect(jobsOf(twice)).toEqual([[[15, 2, 2, 2]]])
    expect(jobsOf(all([{ id: 3, end: "4:01" }], {}, twice))).toEqual([[[15, 3, 3, 1]]])
  })

  it("puts its job first, and keeps 100", () => {
    const both = all([{ id: 1 }, { id: 2, job: 16, end: "2:10" }])
    expect(jobsOf(both)).toEqual([[[16, 2, 1, 1], [15, 1, 1, 1]]])
    expect(jobsOf(all([{ id: 3, end: "2:20" }], {}, both))).toEqual([[[15, 3, 2, 2], [16, 2, 1, 1]]])
    const [many] = all(Array.from({ length: 103 }, (_, index) => ({ id: index + 1, job: index, end: `2:${index}` })))
    expect(many).toMatchObject({ failures: 103, moreJobs: 3 })
    expect(many?.jobs.map(({ jobID }) => jobID)).toEqual(Array.from({ length: 100 }, (_, index) => 102 - index))
  })

  it("counts once, and only if it ended after the one that is known of its job", () => {
    const late = all([{ id: 2, end: "3:00" }])
    for (const again of [{ id: 2, end: "3:00" }, { id: 1, end: "2:00" }]) expect(all([again], {}, late)).toEqual(late)
    // An earlier failure of another job is new.
    expect(all([{ id: 1, job: 16, end: "2:00" }], {}, late)[0]).toMatchObject({ failures: 2, until: time("3:00") })
  })

  it("is a loop from the fourth in succession, and that is told once", () => {
    const fails = ["2:00", "2:10", "2:20", "2:30", "2:40"].map((end, index) => ({ id: index + 1, end }))
    const three = all(fails.slice(1, 3), {}, [told])
    expect(three[0]?.loop).toBe(false)
    expect(three[0]?.pending).toBeUndefined()
    const [four] = all(fails.slice(3, 4), {}, three)
    expect(four).toMatchObject({ loop: true, pending: { why: "loop", notBefore: time("2:15") } })
    const { pending: _, ...afterMessage } = four ?? only
    const [five] = all(fails.slice(4), {}, [afterMessage])
    expect(five?.loop).toBe(true)
    expect(five?.pending).toBeUndefined()
    expect(all([{ id: 9, end: "9:00", job: 16 }], {}, [afterMessage])[0]?.loop).toBe(true)
  })

  it("is of another night from 6 hours on", () => {
    expect(all([{ id: 2, end: "7:59" }], {}, [told])[0]?.pending).toBeUndefined()
    expect(all([{ id: 2, end: "8:00" }], {}, [told])[0]?.pending?.why).toBe("anotherNight")
  })

  it("is told when the last message is long enough ago, unless something is pending already", () => {
    const pendingOf = (incident: Incident.Incident, options?: Options) =>
      all([{ id: 2, job: 16, end: "2:05" }], options, [incident])[0]?.pending
    expect(pendingOf(told)).toEqual({ why: "anotherJob", notBefore: time("2:15") })
    expect(pendingOf({ ...told, messages: 2 })).toEqual({ why: "anotherJob", notBefore: time("2:30") })
    expect(pendingOf(told, { updateEvery: "1 hour" })).toEqual({ why: "anotherJob", notBefore: time("3:00") })
    const loop = { why: "loop", notBefore: time("2:09") } as const
    expect(pendingOf({ ...told, pending: loop })).toEqual(loop)
    expect(pendingOf(only)).toEqual(only.pending)
    const { pending: _, ...quiet } = only
    expect(pendingOf(quiet)).toBeUndefined()
  })

  it("opens a resolved incident again, at once", () => {
    const resolved = { ...told, overAt: time("2:05"), resolvedAt: time("2:06"), relapses: 1 }
    const [again] = add([resolved], { id: 2, end: "2:10" }, {}, "2:11")
    expect(again).toMatchObject({ relapses: 2, pending: { why: "again", notBefore: time("2:11") } })
    expect(again?.overAt).toBeUndefined()
    expect(again?.resolvedAt).toBeUndefined()
    const [open] = add([{ ...told, relapses: 1 }], { id: 2, end: "2:10" })
    expect(open?.relapses).toBe(1)
  })

  it("remembers that a job passes often", () => {
    expect(all([{ id: 2, end: "2:10", often: true }], {}, [told])[0]?.often).toBe(true)
    expect(all([{ id: 2, end: "2:10" }], {}, [told])[0]?.often).toBeUndefined()
  })

  it("ends the quiet, unless the one before was made good or is of another job", () => {
    const quiet = "10 minutes"
    const [first] = all([{ id: 1 }], { quiet })
    const quietOf = (incident: Incident.Incident | undefined, fails: Fails) =>
      all([fails], { quiet }, [incident ?? only])[0]?.quietUntil
    const again = { id: 2, end: "2:05" }
    expect(quietOf(first, again)).toBeUndefined()
    expect(quietOf(first === undefined ? first : { ...first, overAt: time("2:03") }, again)).toEqual(time("2:15"))
    expect(quietOf(first, { ...again, job: 16 })).toEqual(time("2:10"))
    expect(quietOf(first, { ...again, job: 16, end: "1:55" })).toEqual(time("2:05"))
    expect(quietOf(told, again)).toBeUndefined()
    // Four in succession are no flake.
    const jobs = told.jobs.map((job) => ({ ...job, succession: 3 }))
    const flakes = { ...told, jobs, quietUntil: time("2:10"), overAt: time("2:03") }
    expect(quietOf(flakes, again)).toBeUndefined()
  })
})

describe("the incident of a failure", () => {
  it("is the one of its cause and object in its environment", () => {
    expect(all([{ id: 1 }, { id: 2, job: 16, cause: causeOf("ITEMS") }])).toHaveLength(2)
    expect(all([{ id: 1 }, { id: 2, job: 16 }])).toHaveLength(1)
    const ofItems = all([{ id: 1 }, { id: 2, job: 16, cause: causeOf("ITEMS") }, {
      id: 3,
      job: 17,
      cause: causeOf("ITEMS"),
      end: "2:10"
    }])
    expect(ofItems.map(({ failures }) => failures)).toEqual([1, 2])
  })

  it("is the same on whatever object, where the cause lies outside the data", () => {
    for (const  of of["warehouseOrQuota", "authenticationOrNetwork", "storage", "internal"] as const) {
      const [one, two] = ["A", "B"].map((object) => ({ ...causeOf(object), class: of }))
      expect(all([{ id: 1, cause: one ?? orders }, { id: 2, job: 16, cause: two ?? orders }])).toHaveLength(1)
    }
    const { object: _, ...noObject } = orders
    expect(all([{ id: 1, cause: noObject }, { id: 2, job: 16, cause: noObject }, { id: 3, job: 17 }])).toHaveLength(2)
  })

  it("is the one of its job, where it names no cause: its id, its selector, the deploys, or the run alone", () => {
    const count = (...runs: ReadonlyArray<Partial<RunList.RunLine>>) =>
      runs.reduce<ReadonlyArray<Incident.Incident>>((sum, more, index) => {
        const { jobID: _, ...line } = runOf(index + 1, `2:0${index}`, 15)
        return addFailure(sum, { ...failure({ id: 1 }), cause: undefined, run: { ...line, ...more } }, time("2:00"), {})
      }, []).length
    expect(count({ jobID: 15 }, { jobID: 15 })).toBe(1)
    expect(count({ jobID: 15 }, { jobID: 16 })).toBe(2)
    expect(count({ jobID: 15, environmentID: "3" }, { jobID: 15, environmentID: "4" }, { jobID: 15 })).toBe(3)
    expect(count({ includeNodesSelector: "a" }, { includeNodesSelector: "a" }, { includeNodesSelector: "b" })).toBe(2)
    expect(count({ jobID: 15, includeNodesSelector: "a" }, { jobID: 15, includeNodesSelector: "b" })).toBe(1)
    expect(count({ runType: "deploy" }, { runType: "deploy" }, {})).toBe(2)
    expect(count({}, {})).toBe(2)
    const [incident] = addFailure(
      [],
      {
        ...failure({ id: 1 }),
        run: { ...runOf(1, "2:00", 15), jobName: "Nightly", includeNodesSelector: "a" }
      },
      time("2:00"),
      {}
    )
    expect(incident?.jobs[0]).toMatchObject({ jobName: "Nightly", includeNodesSelector: "a" })
    expect(incident?.id).toMatch(/^[a-z0-9]{1,13}-[a-z0-9]{1,11}$/)
  })

  it("stays the same for a run whose cause is read otherwise later", () => {
    const two = all([{ id: 1 }, { id: 2, job: 16, cause: causeOf("ITEMS") }])
    const later = all([{ id: 1, cause: causeOf("ITEMS"), end: "2:30" }], {}, two)
    expect(later.map(({ failures }) => failures)).toEqual([2, 1])
  })

  it("is not one of a finding about the same run", () => {
    const stuck: Incident.Incident = { ...told, kind: "stuck", key: "stuck" }
    expect(all([{ id: 1 }], {}, [stuck]).map(({ kind }) => kind)).toEqual(["stuck", "failures"])
  })
})

describe("the recovery of a failure", () => {
  const both = all([{ id: 2, job: 16, end: "2:10" }], {}, [told])

  it("ends an incident when the last of its jobs has recovered", () => {
    const [one] = add(both, { id: 1, recovery: "recovered" }, {}, "2:30")
    expect(one?.jobs.map(({ over }) => over)).toEqual([false, true])
    expect(one?.overAt).toBeUndefined()
    const [over] = add(
      one === undefined ? [] : [one],
      { id: 2, job: 16, end: "2:10", recovery: "recovered" },
      {},
      "2:40"
    )
    expect(over?.jobs.map((job) => job.over)).toEqual([true, true])
    expect(over?.overAt).toEqual(time("2:40"))
    // It was over before.
    const [still] = add(over === undefined ? [] : [over], { id: 1, recovery: "recovered" }, {}, "2:50")
    expect(still).toEqual(over)
  })

  it("leaves a resolved incident as it is, and counts nothing of a job that was not seen to fail", () => {
    const resolved = { ...told, resolvedAt: time("2:05") }
    expect(add([resolved], { id: 1, recovery: "recovered" }, {}, "2:30")).toEqual([resolved])
    expect(add([told], { id: 2, job: 16, end: "2:10", recovery: "recovered" }, {}, "2:30")).toEqual([told])
    expect(add([told], { id: 1, recovery: "relapsed" }, {}, "2:30")).toEqual([told])
  })

  it("counts a new failure of a known job that has recovered already", () => {
    const [next] = add([told], { id: 2, end: "2:10", recovery: "recovered" }, {}, "2:30")
    expect(next).toMatchObject({ failures: 2, overAt: time("2:30") })
  })

  it("prolongs the quiet while a retry runs, to four times at most", () => {
    const options: Options = { quiet: "10 minutes" }
    const first = all([{ id: 1 }], options)
    const quietOf = (now: string) => add(first, { id: 1, recovery: "running" }, options, now)[0]?.quietUntil
    expect(quietOf("2:08")).toEqual(time("2:18"))
    expect(quietOf("1:50")).toEqual(time("2:10"))
    expect(quietOf("2:35")).toEqual(time("2:40"))
    expect(add([told], { id: 1, recovery: "running" }, options, "2:08")).toEqual([told])
  })
})

describe("what says that a run failed", () => {
  const run = runOf(7, "2:00", 15, "3")
  const diagnosis: RunDiagnosis.Diagnosis = {
    outcome: "failed",
    diagnosedAt: time("3:00"),
    timeZone: "UTC",
    filter: {},
    run: { ...run, cause: causeOf("REASON") },
    suspects: { listed: [], more: 0 },
    otherFailures: { listed: [], more: 0, truncated: false },
    unavailable: []
  }
  const success = (end: string) => ({ ...runOf(6, end, 15, "3"), runStatus: "completed" })
  const recovery = (by: "reRun" | "laterRun", end: string): RunDiagnosis.Recovery => ({
    state: "recovered",
    by,
    run: success(end),
    reRuns: { listed: [], more: 0 },
    laterRuns: 1,
    searched: { rows: 1, hasMore: false }
  })
  const root = (object: string, run?: RunList.RunLine): RunDiagnosis.Root => ({
    kind: "notMade",
    by: "object",
    nodes: { listed: [], more: 0 },
    node: "N",
    outcome: "failed",
    cause: causeOf(object),
    ...(run === undefined ? {} : { run })
  })
  const nodes: RunDiagnosis.NodeOutcomes = {
    total: 1,
    completed: 0,
    failed: 1,
    skipped: 0,
    canceled: 0,
    running: 0,
    unknown: 0,
    groups: {
      listed: [{
        class: "missingObjectOrGrant",
        key: "k",
        count: 1,
        first: { nodeID: "n", cause: causeOf("NODE") },
        nodes: { listed: [], more: 0 },
        messages: 1,
        otherMessages: []
      }],
      more: 0
    },
    nodesNotListed: 0,
    blocked: { listed: [], more: 0 },
    failedTests: { listed: [], more: 0 }
  }

  it("is a diagnosis of one that failed", () => {
    expect(failureOf(diagnosis)?.run.id).toBe(7)
    expect(failureOf({ ...diagnosis, outcome: "canceled" })).toBeUndefined()
    const { run: _, ...none } = diagnosis
    expect(failureOf(none)).toBeUndefined()
  })

  it("names the cause in another run that it follows from, before those of its nodes and of its reason", () => {
    const objectOf = (more: Partial<RunDiagnosis.Diagnosis>) => failureOf({ ...diagnosis, ...more })?.cause?.object
    const { cause: _, ...noCause } = root("ELSEWHERE", run)
    expect(objectOf({})).toBe("REASON")
    expect(objectOf({ nodes })).toBe("NODE")
    expect(objectOf({ nodes, roots: [] })).toBe("NODE")
    expect(objectOf({ nodes, roots: [root("HERE"), noCause] })).toBe("NODE")
    expect(objectOf({ nodes, roots: [noCause, root("FIRST", run), root("SECOND", run)] })).toBe("FIRST")
    expect(objectOf({ nodes: { ...nodes, groups: { listed: [], more: 0 } } })).toBe("REASON")
  })

  it("says whether its job passes often: within an hour before it, or after it without a re-run", () => {
    const often = (more: Partial<RunDiagnosis.Diagnosis>) => failureOf({ ...diagnosis, ...more })?.often
    expect(often({})).toBe(false)
    expect(often({ recovery: recovery("laterRun", "3:00") })).toBe(true)
    expect(often({ recovery: recovery("laterRun", "3:01") })).toBe(false)
    expect(often({ recovery: recovery("reRun", "2:10") })).toBe(false)
    expect(often({ recovery: { ...recovery("laterRun", "2:10"), state: "relapsed" } })).toBe(false)
    const { runEndTime: _, ...noTime } = success("2:10")
    expect(often({ recovery: { ...recovery("laterRun", "2:10"), run: noTime } })).toBe(false)
    const { runEndTime: _end, ...noEnd } = run
    expect(often({ run: noEnd, recovery: recovery("laterRun", "2:10") })).toBe(false)
    const { run: _run, ...noRun } = recovery("laterRun", "2:10")
    expect(often({ recovery: noRun })).toBe(false)
  })

  it("is each job of each cause of a check, and what failed before its window", () => {
    const affected: RunHealth.Affected = { run, failures: 1 }
    const failures: RunHealth.Failures = {
      kind: "failures",
      causeFrom: "nodes",
      cause: orders,
      runIDs: [run.id],
      openRuns: 1,
      runTypes: ["refresh"],
      jobs: 1,
      environments: ["3"],
      since: time("2:00"),
      until: time("2:00"),
      recovered: 0,
      notYet: 1,
      affected: {
        listed: [
          affected,
          {
            ...affected,
            streak: { failures: 1, truncated: false, lastSuccess: success("1:00") },
            recovery: recovery("reRun", "2:10")
          },
          { ...affected, streak: { failures: 1, truncated: false, lastSuccess: success("0:59") } }
        ],
        more: 0
      }
    }
    const health: RunHealth.Health = {
      checkedAt: time("3:00"),
      window: { since: time("0:00"), until: time("3:00"), timeZone: "UTC", timeZoneSource: "given" },
      filter: {},
      findings: [
        failures,
        { ...failures, causeFrom: "notRead" },
        {
          kind: "failedBefore",
          run: runOf(8, "1:00", 16, "3"),
          failures: 1,
          truncated: false,
          cause: causeOf("BEFORE")
        },
        { kind: "otherStatus", run }
      ],
      ran: { runs: 1, jobs: 1, deploys: 0, statuses: [], truncated: false },
      read: {
        rows: 1,
        failuresTruncated: false,
        failed: { read: 1, notRead: 0 },
        unfinished: { read: 0, notRead: 0 },
        completed: { read: 0, notRead: 0 }
      },
      unavailable: []
    }
    expect(failuresOf(health)).toEqual([
      { run, cause: orders, recovery: undefined, often: false },
      { run, cause: orders, recovery: "recovered", often: true },
      { run, cause: orders, recovery: undefined, often: false },
      { run: runOf(8, "1:00", 16, "3"), cause: causeOf("BEFORE"), recovery: "notYet", often: false }
    ])
  })
})
