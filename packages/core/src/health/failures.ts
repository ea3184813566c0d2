/** Puts the failed runs of a window together by cause. */
import { streakOf } from "../diagnosis/history.ts"
import { recoveryOf, runToCheck } from "../diagnosis/recovery.ts"
import type { CauseClass } from "../FailureCause.ts"
import { firstOf } from "../inspection/boundedList.ts"
import { lineOf } from "../inspection/runs.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import { causeOf, type Failed } from "./failedCause.ts"
import { followsOf } from "./follows.ts"
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
  // As a diagnosis does: results count only where no row says already that the failed nodes ran.
  const toCheck = runToCheck(detailed, streak.identity, later)
  const { by, failedSince, run: decisive, state } = recoveryOf(
    detailed,
    streak.identity,
    later,
    false,
    results.get(run.id),
    toCheck && { run: toCheck, results: results.get(toCheck.id) }
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
    ...omitUndefined({ loop: loopOf(streak, rows) }),
    recovery: { state, ...omitUndefined({ by, run: decisive, failedSince }) }
  }
}

interface Group {
  readonly failed: ReadonlyArray<Failed>
  /** The jobs that are told: of runs that were not read those that no cause hit. */
  readonly tells: (job: string) => boolean
  /** Whether a job has recovered from these failures. */
  readonly recovered: (job: string) => boolean
}

const findingOf = ({ failed, recovered, tells }: Group, affected: ReadonlyArray<Affected>): Failures => {
  const inState = (state: string): number => affected.filter(({ recovery }) => recovery?.state === state).length
  const objects = [...new Set(failed.flatMap(({ cause }) => cause?.object ?? []))]
  const times = failed.flatMap(({ run }) => endOf(run) ?? [])
    .sort((a, b) => a.epochMilliseconds - b.epochMilliseconds)
  const latest: Partial<Failed> = failed.find(({ node }) => node !== undefined) ?? failed[0] ?? {}
  return {
    kind: "failures",
    causeFrom: latest.causeFrom ?? "notRead",
    ...omitUndefined({ cause: latest.cause, node: latest.node, since: times[0], until: times.at(-1) }),
    ...(objects.length > 1 ? { objects: firstOf(objects, maxObjects) } : {}),
    runIDs: failed.map(({ run }) => run.id),
    openRuns: failed.filter(({ job }) => !recovered(job)).length,
    runTypes: [...new Set(failed.map(({ run }) => run.runType))],
    jobs: new Set(failed.map(({ job }) => job).filter(tells)).size,
    environments: [...new Set(failed.flatMap(({ run }) => Run.environmentID(run) ?? []))],
    recovered: inState("recovered"),
    notYet: inState("notYet"),
    affected: firstOf(affected, maxAffected)
  }
}

/** Returns whether every job of these failures has recovered. */
export const isOver = ({ openRuns }: Failures): boolean => openRuns === 0

const hasLoop = ({ affected }: Failures): boolean => affected.listed.some(({ loop }) => loop !== undefined)

const groupBy = <A>(
  items: ReadonlyArray<A>,
  keyOf: (item: A) => string
): ReadonlyMap<string, readonly [A, ...Array<A>]> => {
  const groups = new Map<string, [A, ...Array<A>]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

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
  // The failures of each job, the newest first: the latest says whether the job has recovered.
  const jobs = groupBy(failed, ({ job }) => job)
  const known = new Set(failed.flatMap(({ causeFrom, job }) => causeFrom === "notRead" ? [] : [job]))
  const latest = new Map([...jobs].map(([job, runs]) => [job, affectedOf(runs, evidence, results).recovery?.state]))
  const findings = [...groupBy(failed, (one) => groupKey(one, objects)).values()].map((group) => {
    const isRead = group[0].causeFrom !== "notRead"
    const tells = (job: string) => isRead || !known.has(job)
    const affected = new Map([...groupBy(group.filter(({ job }) => tells(job)), ({ job }) => job)].map(
      ([job, runs]) => [job, affectedOf(runs, evidence, results)] as const
    ))
    const recovered = (job: string) => (affected.get(job)?.recovery?.state ?? latest.get(job)) === "recovered"
    return {
      ...findingOf({ failed: group, tells, recovered }, [...affected.values()]),
      ...followsOf(group, evidence, results)
    }
  })
  const rank = (one: Failures): number =>
    isOver(one) ? 4 : one.causeFrom === "notRead" ? 3 : one.follows !== undefined ? 2 : hasLoop(one) ? 0 : 1
  return findings.sort((a, b) =>
    rank(a) - rank(b) || b.jobs - a.jobs || (b.until?.epochMilliseconds ?? 0) - (a.until?.epochMilliseconds ?? 0)
  )
}
