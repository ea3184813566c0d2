/** Facts of a check, for the tests of its words. */
import type { Affected, Failures, Finding, Health, Unusual } from "../../src/health/model.ts"
import { Report, RunHealth, RunList } from "../../src/index.ts"
import { at, id, run as failedRun } from "./runFacts.ts"

export { at, id }

/** A failed refresh of job 15, from 02:00 to 02:01. */
export const run = (number: number, fields: Partial<RunList.RunLine> = {}): RunList.RunLine =>
  failedRun(number, { runEndTime: at("02:01:00"), ...fields })

export const { runStartTime: _start, runEndTime: _end, ...startless } = run(9, { runStatus: "waitingToRun" })

export const health = (fields: Partial<Health>): Health => ({
  checkedAt: at("09:00:00"),
  window: { since: at("18:00:00", "02"), until: at("09:00:00"), timeZone: "UTC", timeZoneSource: "machine" },
  filter: {},
  findings: [],
  ran: {
    runs: 24,
    jobs: 8,
    deploys: 0,
    statuses: [{ status: "completed", count: 22 }, { status: "failed", count: 2 }],
    truncated: false
  },
  read: {
    rows: 100,
    failuresTruncated: false,
    failed: { read: 2, notRead: 0 },
    unfinished: { read: 0, notRead: 0 },
    completed: { read: 8, notRead: 0 }
  },
  unavailable: [],
  ...fields
})

export const affected = (number: number, fields: Partial<Affected> = {}): Affected => ({
  run: run(number),
  failures: 1,
  streak: { failures: 1, truncated: false },
  recovery: { state: "notYet" },
  ...fields
})

/** One failure of one job that has not run again. */
export const failures = (fields: Partial<Failures> = {}): Failures => ({
  kind: "failures",
  causeFrom: "nodes",
  cause: { class: "divisionByZero", key: "division by zero", message: "Division by zero", code: "100051" },
  runIDs: [id(9)],
  openRuns: 1,
  runTypes: ["refresh"],
  jobs: 1,
  environments: ["3"],
  recovered: 0,
  notYet: 1,
  affected: { listed: [affected(9)], more: 0 },
  ...fields
})

export const unusual = (fields: Partial<Unusual>): Unusual => ({
  kind: "late",
  key: "15",
  runType: "refresh",
  environmentID: "3",
  jobID: 15,
  ...fields
})

export const report = (fields: Partial<Health>, options?: Report.Options) => RunHealth.report(health(fields), options)
export const linesOf = (fields: Partial<Health>, options?: Report.Options) =>
  Report.toText(report(fields, options)).split("\n")
export const headlineOf = (...findings: ReadonlyArray<Finding>) => linesOf({ findings })[0]

/** The rows of the first section, with their details below. */
export const rowsOf = (finding: Finding, options?: Report.Options, fields: Partial<Health> = {}) => {
  const lines = linesOf({ findings: [finding], ...fields }, options)
  return lines.slice(
    lines.findIndex((line) => line.startsWith("- ")),
    lines.findIndex((line) => line.startsWith("Window"))
  )
}
