/** Puts the failed runs of a window together by cause. */
import { streakOf } from "../diagnosis/history.ts"
import { nodeOutcomes } from "../diagnosis/nodes.ts"
import { recoveryOf } from "../diagnosis/recovery.ts"
import { type CauseClass, classify } from "../FailureCause.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { loopOf } from "./loop.ts"
import type { Affected, Failures } from "./model.ts"
import { laterOf } from "./plan.ts"

const maxAffected = 20
const maxObjects = 10

/** Causes outside the data: they hit whatever runs, so that failures of one kind are one cause on whatever object. */
const systemic: ReadonlySet<CauseClass> = new Set([
  "warehouseOrQuota",
  "authenticationOrNetwork",
  "storage",
  "internal"
])

/** From so many objects on, failures of one kind are told together. */
const manyObjects = 4

type Known = Pick<Failures, "causeFrom" | "cause" | "node">

interface Failed extends Known {
  readonly run: Run.AnyRun
  readonly job: string
  readonly otherCauses: number
}

export const withoutSql = <N extends { readonly sql?: string }>({ sql: _, ...node }: N): Omit<N, "sql"> => node

/** What is known of why a run failed. */
const causeOf = (
  run: Run.AnyRun,
  { reasons }: Evidence,
  results: Results
): Known & { readonly otherCauses: number } => {
  const cause = classify(reasons.get(run.id) ?? "")
  const read = results.get(run.id)
  const nodes = read && nodeOutcomes(read)
  const first = nodes?.groups.listed[0]?.first
  const node = first && withoutSql(first)
  const causes = nodes === undefined ? 0 : nodes.groups.listed.length + nodes.groups.more - (nodes.withoutCause ?? 0)
  if (first?.cause !== undefined) {
    return { causeFrom: "nodes", cause: first.cause, ...omitUndefined({ node }), otherCauses: causes - 1 }
  }
  if (cause !== undefined) return { causeFrom: "runFailureReason", cause, ...omitUndefined({ node }), otherCauses: 0 }
  if (nodes === undefined) return { causeFrom: "notRead", otherCauses: 0 }
  const [test] = nodes.failedTests.listed
  // A test that was set to stop the run has failed it.
  const ofTest = test && {
    nodeID: test.node,
    name: test.node,
    ...omitUndefined({ stage: test.test, errorString: test.message, queryID: test.queryID })
  }
  return { causeFrom: "none", ...omitUndefined({ node: node ?? ofTest }), otherCauses: 0 }
}

const groupKey = ({ cause, causeFrom, job }: Failed, objects: ReadonlyMap<string, ReadonlySet<string>>): string => {
  if (causeFrom === "notRead") return "notRead"
  // What names no cause has nothing in common but its job.
  if (cause === undefined) return JSON.stringify(["none", job])
  const isOne = systemic.has(cause.class) || (objects.get(cause.key)?.size ?? 0) >= manyObjects
  return JSON.stringify(["cause", cause.key, isOne ? "" : cause.object ?? ""])
}

const endOf = (run: Run.AnyRun) => run.runEndTime ?? run.runStartTime

/** Returns what is known of a job that a cause hit. `runs` are its failed runs with this cause, the newest first. */
const affectedOf = (runs: readonly [Failed, ...Array<Failed>], evidence: Evidence, results: Results): Affected => {
  const [{ job, otherCauses, run }] = runs
  const rows = evidence.jobs.runsOf(job)
  const detailed = rows.find(({ id }) => id === run.id)
  const known = {
    run: lineOf(run, evidence.reasons),
    failures: runs.length,
    ...(otherCauses > 0 ? { otherCauses } : {})
  }
  if (detailed === undefined) return known
  const streak = streakOf(detailed, rows)
  const later = laterOf(evidence, run)
  const checked = later.find(({ id, runStatus }) => runStatus === "completed" && results.has(id))
  const { by, failedSince, run: decisive, state } = recoveryOf(
    detailed,
    streak.identity,
    later,
    false,
    results.get(run.id),
    checked && { run: checked, results: results.get(checked.id) }
  )
  return {
    ...known,
    streak: {
      failures: streak.failures,
      truncated: streak.lastSuccess === undefined,
      ...omitUndefined({
        since: streak.firstFailure.runStartTime,
        lastSuccess: streak.lastSuccess && lineOf(streak.lastSuccess)
      })
    },
    ...omitUndefined({ loop: loopOf(run, rows) }),
    recovery: { state, ...omitUndefined({ by, run: decisive, failedSince }) }
  }
}

const findingOf = (
  group: ReadonlyArray<Failed>,
  evidence: Evidence,
  results: Results,
  known: ReadonlySet<string>
): Failures => {
  const byJob = new Map<string, [Failed, ...Array<Failed>]>()
  for (const failed of group) {
    if (known.has(failed.job)) continue
    const runs = byJob.get(failed.job)
    if (runs === undefined) byJob.set(failed.job, [failed])
    else runs.push(failed)
  }
  const affected = [...byJob.values()].map((runs) => affectedOf(runs, evidence, results))
  const inState = (state: string): number => affected.filter(({ recovery }) => recovery?.state === state).length
  const objects = [...new Set(group.flatMap(({ cause }) => cause?.object ?? []))]
  const times = group.flatMap(({ run }) => endOf(run) ?? [])
    .sort((a, b) => a.epochMilliseconds - b.epochMilliseconds)
  const latest: Partial<Failed> = group.find(({ node }) => node !== undefined) ?? group[0] ?? {}
  return {
    kind: "failures",
    causeFrom: latest.causeFrom ?? "notRead",
    ...omitUndefined({ cause: latest.cause, node: latest.node, since: times[0], until: times.at(-1) }),
    ...(objects.length > 1 ? { objects: firstOf(objects, maxObjects) } : {}),
    runIDs: group.map(({ run }) => run.id),
    runTypes: [...new Set(group.map(({ run }) => run.runType))],
    jobs: affected.length,
    environments: [...new Set(group.flatMap(({ run }) => Run.environmentID(run) ?? []))],
    recovered: inState("recovered"),
    notYet: inState("notYet"),
    affected: firstOf(affected, maxAffected)
  }
}

/** Returns whether every job of these failures has recovered. */
export const isOver = ({ jobs, recovered }: Failures): boolean => jobs === recovered

const hasLoop = ({ affected }: Failures): boolean => affected.listed.some(({ loop }) => loop !== undefined)

/** Returns the failed runs of the window by cause, the most urgent first: each run in exactly one. */
export const failuresOf = (evidence: Evidence, results: Results): ReadonlyArray<Failures> => {
  const failed = evidence.failures.map((run): Failed => ({
    run,
    job: evidence.jobs.keyOf(run),
    ...causeOf(run, evidence, results)
  }))
  const objects = new Map<string, Set<string>>()
  for (const { cause } of failed) {
    if (cause !== undefined) objects.set(cause.key, (objects.get(cause.key) ?? new Set()).add(cause.object ?? ""))
  }
  const groups = new Map<string, Array<Failed>>()
  for (const one of failed) {
    const key = groupKey(one, objects)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  const known = new Set(failed.flatMap(({ causeFrom, job }) => causeFrom === "notRead" ? [] : [job]))
  const none: ReadonlySet<string> = new Set()
  const findings = [...groups].map(([key, group]) =>
    findingOf(group, evidence, results, key === "notRead" ? known : none)
  )
  const rank = (one: Failures): number => isOver(one) ? 3 : one.causeFrom === "notRead" ? 2 : hasLoop(one) ? 0 : 1
  return findings.sort((a, b) =>
    rank(a) - rank(b) || b.jobs - a.jobs || (b.until?.epochMilliseconds ?? 0) - (a.until?.epochMilliseconds ?? 0)
  )
}
