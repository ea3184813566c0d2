/** Makes the findings of what was read, without reading anything. */
import type { Baseline } from "../RunBaseline.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { failuresOf, isOver } from "./failures.ts"
import { type Compared, failedInsideOf, failedTestsIn, noRowsOf } from "./inside.ts"
import type { Finding, Health, Unavailable, Unusual } from "./model.ts"
import { completedOf, type Plan, unfinishedOf } from "./plan.ts"
import { failedBeforeOf, otherStatusOf, ranOf } from "./rows.ts"
import { usualRunsOf, withNodes } from "./unusual.ts"

/** What was read. */
export interface Reading {
  readonly evidence: Evidence
  /** What is usual for the jobs that are checked. */
  readonly baseline: Baseline | undefined
  /** What is unlike the usual, in the order of urgency. */
  readonly unusual: ReadonlyArray<Unusual>
  readonly plan: Plan
  /** Node results: those of the plan, and of the runs that empty ones are compared with. */
  readonly results: Results
  readonly compared: ReadonlyArray<Compared>
  readonly unavailable: ReadonlyArray<Unavailable>
}

const findingsOf = ({ compared, evidence, plan, results, unusual }: Reading): ReadonlyArray<Finding> => {
  const failures = failuresOf(evidence, results)
  const found = withNodes(unusual, evidence, results)
  const of = (...kinds: ReadonlyArray<Unusual["kind"]>) => found.filter(({ kind }) => kinds.includes(kind))
  return [
    ...failures.filter((one) => !isOver(one)),
    ...failedBeforeOf(evidence, results),
    ...of("missing", "stopped"),
    ...failedInsideOf(plan.unfinished, results),
    ...of("stuck", "long", "waiting", "late"),
    ...otherStatusOf(evidence),
    ...of("noNodes", "fewerNodes"),
    ...noRowsOf(compared, results),
    ...failedTestsIn([...plan.recoveries, ...plan.completed], results),
    ...of("slow"),
    ...failures.filter(isOver)
  ]
}

/** Returns the state of things. */
export const assess = (reading: Reading, filter: Health["filter"]): Health => {
  const { baseline, evidence, plan, results, unavailable } = reading
  const { failures, failuresTruncated, jobs, now, window } = evidence
  const count = (runs: ReadonlyArray<{ readonly id: number }>): number =>
    runs.filter(({ id }) => results.has(id)).length
  const failed = count(plan.failed)
  const unfinished = count(plan.unfinished)
  const completed = count([...plan.recoveries, ...plan.completed])
  const starts = jobs.keys.flatMap(jobs.runsOf).flatMap(({ runStartTime }) => runStartTime ?? [])
  const since = starts.reduce<typeof starts[number] | undefined>(
    (first, start) => first === undefined || start.epochMilliseconds < first.epochMilliseconds ? start : first,
    undefined
  )
  return {
    checkedAt: now,
    window,
    filter,
    findings: findingsOf(reading),
    ran: { ...ranOf(evidence), ...omitUndefined({ usual: baseline && usualRunsOf(evidence, baseline) }) },
    read: {
      rows: evidence.detailed.length,
      ...(since === undefined ? {} : { since }),
      failuresTruncated,
      failed: { read: failed, notRead: failures.length - failed },
      unfinished: { read: unfinished, notRead: unfinishedOf(evidence).length - unfinished },
      completed: { read: completed, notRead: completedOf(evidence).filter(({ id }) => !results.has(id)).length },
      ...(baseline === undefined ? {} : {
        baseline: {
          runs: baseline.runs,
          jobs: baseline.jobs.length,
          ...omitUndefined({ since: baseline.oldest }),
          truncated: baseline.truncated
        }
      })
    },
    unavailable
  }
}
