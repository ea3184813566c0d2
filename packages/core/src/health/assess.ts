/** Makes the findings of what was read, without reading anything. */
import type { Evidence, Results } from "./evidence.ts"
import { failuresOf, isOver } from "./failures.ts"
import { type Compared, failedInsideOf, failedTestsIn, noRowsOf } from "./inside.ts"
import type { Finding, Health, Unavailable } from "./model.ts"
import { completedOf, type Plan } from "./plan.ts"
import { failedBeforeOf, otherStatusOf, ranOf } from "./rows.ts"

/** What was read. */
export interface Reading {
  readonly evidence: Evidence
  readonly plan: Plan
  /** Node results: those of the plan, and of the runs that empty ones are compared with. */
  readonly results: Results
  readonly compared: ReadonlyArray<Compared>
  readonly unavailable: ReadonlyArray<Unavailable>
}

export const findingsOf = ({ compared, evidence, plan, results }: Reading): ReadonlyArray<Finding> => {
  const failures = failuresOf(evidence, results)
  return [
    ...failures.filter((one) => !isOver(one)),
    ...failedBeforeOf(evidence, results),
    ...failedInsideOf(plan.unfinished, results),
    ...otherStatusOf(evidence),
    ...noRowsOf(compared, results),
    ...failedTestsIn([...plan.recoveries, ...plan.completed], results),
    ...failures.filter(isOver)
  ]
}

/** Returns the state of things. */
export const assess = (reading: Reading, filter: Health["filter"]): Health => {
  const { evidence, plan, results, unavailable } = reading
  const { failures, failuresTruncated, jobs, now, window } = evidence
  const count = (runs: ReadonlyArray<{ readonly id: number }>): number =>
    runs.filter(({ id }) => results.has(id)).length
  const failed = count(plan.failed)
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
    ran: ranOf(evidence),
    read: {
      rows: evidence.detailed.length,
      ...(since === undefined ? {} : { since }),
      failuresTruncated,
      failed: { read: failed, notRead: failures.length - failed },
      completed: { read: completed, notRead: completedOf(evidence).filter(({ id }) => !results.has(id)).length }
    },
    unavailable
  }
}
