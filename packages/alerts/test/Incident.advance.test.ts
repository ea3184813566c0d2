// What is due at which time, and which runs are diagnosed, as a table of calls.
import { Incident } from "@coalesce-runs/alerts"
import { type Report, Run, type RunDiagnosis } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { night } from "./support/story.ts"

const utc = (time: string, day?: number) => DateTime.toUtc(DateTime.makeUnsafe(`${night(time, day)}Z`))

const two = utc("02:00")
const report: Report.Report = { headline: ["Told last"], lines: [["a line"]], sections: [], nextSteps: [] }

const job: Incident.Job = {
  key: "job",
  runType: "refresh",
  runID: Run.RunId.make(1),
  failures: 1,
  succession: 1,
  at: two,
  over: false
}

/** An incident that began at two o'clock and was told then. */
const told: Incident.Incident = {
  id: "i",
  key: "k",
  kind: "stuck",
  severity: "critical",
  since: two,
  until: two,
  failures: 1,
  jobs: [job],
  moreJobs: 0,
  loop: false,
  messages: 1,
  toldAt: two,
  relapses: 0,
  report
}

const untold: Incident.Incident = (({ toldAt: _, ...rest }) => ({ ...rest, messages: 0 }))(told)

const at = (at: DateTime.Utc, incident: Incident.Incident, options?: Incident.Options) =>
  Incident.advance({ version: 1, incidents: [incident] }, {}, { diagnoses: [] }, at, options)

/** What an incident leads to at a time: why it is told, or that it is kept or forgotten. */
const due = (time: DateTime.Utc, incident: Incident.Incident, options?: Incident.Options) => {
  const { messages, state } = at(time, incident, options)
  return messages[0]?.why ?? (state.incidents.length === 0 ? "forgotten" : "kept")
}

const over = { ...told, overAt: two }
const gone = { why: "gone", notBefore: two } as const
const expired = { why: "expired", notBefore: two } as const
const remindEvery = "4 hours"

describe("Incident.advance", () => {
  it("keeps a resolved incident for 6 hours", () => {
    const resolved = { ...over, resolvedAt: two }
    expect(due(utc("07:59"), resolved)).toBe("kept")
    expect(due(utc("08:00"), resolved)).toBe("forgotten")
  })

  it("forgets a flake that nobody was told of after an hour, and what is gone or expired at once", () => {
    const flake = { ...untold, overAt: two }
    expect(due(utc("02:59"), flake)).toBe("kept")
    expect(due(utc("03:00"), flake)).toBe("forgotten")
    expect(due(two, { ...flake, pending: gone })).toBe("forgotten")
    expect(due(two, { ...flake, pending: expired })).toBe("forgotten")
  })

  it("tells the end at once, but of a loop and of a job that runs often an hour after the last failure", () => {
    expect(due(two, over)).toBe("recovered")
    for (const unsteady of [{ loop: true }, { often: true }]) {
      const soonOver = { ...over, ...unsteady }
      expect(due(utc("02:59"), soonOver)).toBe("kept")
      expect(due(utc("03:00"), soonOver)).toBe("recovered")
      expect(due(utc("02:10"), soonOver, { resolveAfter: "10 minutes" })).toBe("recovered")
      expect(due(two, { ...soonOver, pending: gone })).toBe("gone")
    }
  })

  it("tells the end of what came back once it has stayed away for 6 hours", () => {
    const relapsed = { ...over, relapses: 1 }
    expect(due(utc("07:59"), relapsed)).toBe("kept")
    expect(due(utc("08:00"), relapsed)).toBe("recovered")
    expect(due(utc("07:59"), { ...relapsed, pending: expired })).toBe("kept")
    expect(due(utc("08:00"), { ...relapsed, pending: expired })).toBe("expired")
  })

  it("tells what is pending when it is due and no longer quiet", () => {
    const pending = { why: "worse", notBefore: utc("02:10") } as const
    expect(due(utc("02:09"), { ...told, pending })).toBe("kept")
    expect(due(utc("02:10"), { ...told, pending })).toBe("worse")
    expect(due(utc("02:14"), { ...told, pending, quietUntil: utc("02:15") })).toBe("kept")
    expect(due(utc("02:15"), { ...told, pending, quietUntil: utc("02:15") })).toBe("worse")
  })

  it("reminds only of what was told, and only if that is asked for", () => {
    expect(due(utc("05:59"), told, { remindEvery })).toBe("kept")
    expect(due(utc("06:00"), told, { remindEvery })).toBe("reminder")
    expect(due(utc("06:00"), told)).toBe("kept")
    expect(due(utc("06:00"), untold, { remindEvery })).toBe("kept")
  })

  it("gives up on failures after 28 days, and never on a finding", () => {
    const [last, over28] = [utc("01:59"), two].map((time) => DateTime.add(time, { days: 28 }))
    const failures = { ...over, kind: "failures", overAt: undefined } as const
    const { overAt: _, ...open } = failures
    if (last === undefined || over28 === undefined) throw new Error("two times")
    expect(Incident.request({ version: 1, incidents: [open] }, {}, last)).toEqual([])
    expect(Incident.request({ version: 1, incidents: [open] }, {}, over28)).toEqual([1])
    expect(due(over28, told)).toBe("kept")
  })

  it("leaves failures due without a diagnosis, and tells their end with the last report", () => {
    const failures = { ...told, kind: "failures" } as const
    const pending = { why: "anotherJob", notBefore: two } as const
    expect(at(two, { ...failures, pending })).toEqual({
      state: { version: 1, incidents: [{ ...failures, pending }] },
      messages: []
    })
    expect(at(two, { ...failures, overAt: two }).messages.map((message) => message.report)).toEqual([report])
    const { report: _, ...without } = failures
    expect(at(two, { ...without, overAt: two }).messages).toEqual([])
  })

  it("counts messages, and lists 20 jobs", () => {
    const jobs = Array.from({ length: 25 }, (_, index) => ({ ...job, key: `job ${index}` }))
    const [message] = at(two, { ...over, jobs, moreJobs: 3, messages: 4 }).messages
    expect(message).toMatchObject({ id: "i-5", incidentID: "i", sequence: 5, status: "resolved", why: "recovered" })
    expect(message?.jobs).toEqual({ listed: jobs.slice(0, 20), more: 8 })
  })
})

describe("Incident.request", () => {
  const failures: Incident.Incident = {
    ...told,
    kind: "failures",
    jobs: [{ ...job, runID: Run.RunId.make(7), environmentID: "3", jobID: 15 }]
  }
  const request = (observation: Incident.Observation, incident = failures, time = two) =>
    Incident.request({ version: 1, incidents: [incident] }, observation, time)
  const run = (id: number, runDetails: Run.RefreshRunDetails): Run.RefreshRun => ({
    id: Run.RunId.make(id),
    runType: "refresh",
    runStatus: "completed",
    runDetails
  })
  const completed = (run: Run.AnyRun) => ({ ended: { run, to: "completed" } })
  const withJob = (change: Partial<Incident.Job>) => ({
    ...failures,
    jobs: failures.jobs.map((job) => ({ ...job, ...change }))
  })
  const later = run(8, { environmentID: "3", jobID: 15 })

  it("names the failure that a later run of its job may have made good", () => {
    expect(request(completed(later))).toEqual([7])
    expect(request(completed(run(7, { environmentID: "3", jobID: 15 })))).toEqual([])
    expect(request(completed(run(6, { environmentID: "3", jobID: 15 })))).toEqual([])
    expect(request(completed(run(8, { environmentID: "4", jobID: 15 })))).toEqual([])
    expect(request(completed(run(8, { environmentID: "3", jobID: 16 })))).toEqual([])
    // A row that says neither may be of the job.
    expect(request(completed(run(8, { environmentID: "3" })))).toEqual([7])
    expect(request(completed(run(8, { jobID: 15 })))).toEqual([7])
  })

  it("names no failure that is over, resolved or not of a run, and no finding", () => {
    expect(request(completed(later), withJob({ over: true }))).toEqual([])
    expect(request(completed(later), { ...failures, overAt: two, resolvedAt: two })).toEqual([])
    expect(request(completed(later), { ...failures, kind: "noRows" })).toEqual([])
    const jobs = failures.jobs.map(({ runID: _, ...job }) => job)
    expect(request(completed(later), { ...failures, jobs })).toEqual([])
  })

  it("names a run that failed, and none that ended otherwise", () => {
    expect(request({ ended: { run: later, to: "failed" } })).toEqual([8])
    expect(request({ ended: { run: later, to: "canceled" } })).toEqual([])
  })

  it("names the latest run of failures that are due, and none of what is forgotten or a finding", () => {
    const pending = { why: "anotherJob", notBefore: two } as const
    expect(request({}, { ...failures, pending })).toEqual([7])
    expect(request({}, failures)).toEqual([])
    expect(request({}, { ...failures, kind: "stuck", pending })).toEqual([])
    expect(request({}, { ...failures, overAt: two, resolvedAt: two }, utc("09:00"))).toEqual([])
    expect(request({ ended: { run: { ...later, id: Run.RunId.make(7) }, to: "failed" } }, { ...failures, pending }))
      .toEqual([7])
  })

  it("lets runs that are gone count as recovered, and tells it when all are", () => {
    const jobs = [1, 2].map((id) => ({ ...job, key: `job ${id}`, runID: Run.RunId.make(id) }))
    const step = (gone: ReadonlyArray<number>, incident: Incident.Incident = { ...failures, jobs }) =>
      Incident.advance(
        { version: 1, incidents: [incident] },
        {},
        { diagnoses: [], gone: gone.map((id) => Run.RunId.make(id)) },
        utc("02:30")
      )
    const one = step([1])
    expect(one.messages).toEqual([])
    expect(one.state.incidents).toEqual([{
      ...failures,
      jobs: jobs.map((job, index) => ({ ...job, over: index === 0 }))
    }])
    const both = step([2, 1])
    expect(both.messages.map(({ report, status, why }) => [status, why, report])).toEqual([[
      "resolved",
      "gone",
      report
    ]])
    expect(both.state.incidents[0]?.overAt).toEqual(utc("02:30"))
    expect(step([2], one.state.incidents[0]).messages).toHaveLength(1)
    // It was over already, in its own way.
    const over = step([1, 2], { ...failures, jobs, loop: true, overAt: utc("02:20") })
    expect(over.state.incidents[0]).toMatchObject({ overAt: utc("02:20"), jobs: [{ over: true }, { over: true }] })
    expect(over.state.incidents[0]?.pending).toBeUndefined()
    const notRun = jobs.map(({ runID: _, ...job }) => job)
    expect(step([1, 2], { ...failures, jobs: notRun }).state.incidents).toEqual([{ ...failures, jobs: notRun }])
  })

  it("leaves out a diagnosis of a run that did not fail", () => {
    const diagnosis: RunDiagnosis.Diagnosis = {
      outcome: "completed",
      diagnosedAt: two,
      timeZone: "UTC",
      filter: {},
      suspects: { listed: [], more: 0 },
      otherFailures: { listed: [], more: 0, truncated: false },
      unavailable: []
    }
    expect(Incident.advance(Incident.begin(), {}, { diagnoses: [diagnosis] }, two)).toEqual({
      state: Incident.begin(),
      messages: []
    })
  })
})
