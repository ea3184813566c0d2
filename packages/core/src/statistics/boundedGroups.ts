/**
 * Counts runs in groups: the first groups get a place, and the runs of all later ones are counted together. No group gives
 * up its place, as causes do: its streaks and quantiles would begin in the middle.
 */
import type { FailureCause } from "../FailureCause.ts"
import { ownName } from "../list/jobKey.ts"
import { JobPlaces } from "../list/jobPlaces.ts"
import { type AnyRun, jobName } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ownText } from "../wire/ownText.ts"
import { Aggregate } from "./aggregate.ts"
import { type GroupIdentity, identityOf, keyOf } from "./groupKey.ts"
import type { GroupBy, RunStatistics } from "./model.ts"
import type { TimesIn } from "./timesIn.ts"

// So many groups without a place are counted.
const maxOtherKeys = 10_000

const maxCausesOfGroup = 30

interface GroupState {
  readonly identity: GroupIdentity
  readonly aggregate: Aggregate
  /** The name that the latest run of a job has. */
  jobName: string | undefined
  namedBy: number
}

const nameBy = (group: GroupState, run: AnyRun): void => {
  const name = jobName(run)
  if (name === undefined || run.id < group.namedBy) return
  group.namedBy = run.id
  if (name !== group.jobName) group.jobName = ownName(name)
}

export class BoundedGroups {
  readonly groupBy: GroupBy
  readonly #times: TimesIn
  readonly #maxGroups: number
  readonly #groups = new Map<string, GroupState>()
  readonly #byJob = new JobPlaces<GroupState>()
  readonly #otherKeys = new Set<string>()
  #hasUncountedKeys = false
  #others: Aggregate | undefined

  constructor(groupBy: GroupBy, times: TimesIn, maxGroups: number) {
    this.groupBy = groupBy
    this.#times = times
    this.#maxGroups = maxGroups
  }

  add(run: AnyRun, millis: number | undefined, cause: FailureCause | undefined): void {
    const group = (this.groupBy === "job" ? this.#byJob.get(run) : undefined) ?? this.#find(run)
    if (group !== undefined) {
      if (this.groupBy === "job") nameBy(group, run)
      group.aggregate.add(run, millis, cause)
      return
    }
    this.#others ??= new Aggregate(maxCausesOfGroup)
    this.#others.add(run, millis, cause)
  }

  /** Returns the group of a run by its key. A group without a place is counted. */
  #find(run: AnyRun): GroupState | undefined {
    const key = keyOf(run, this.groupBy, this.#times)
    const group = this.#groups.get(key) ?? this.#begin(run, key)
    if (group !== undefined) {
      if (this.groupBy === "job") this.#byJob.set(run, group)
    } else if (!this.#otherKeys.has(key)) {
      if (this.#otherKeys.size < maxOtherKeys) this.#otherKeys.add(ownText(key))
      else this.#hasUncountedKeys = true
    }
    return group
  }

  #begin(run: AnyRun, key: string): GroupState | undefined {
    if (this.#groups.size >= this.#maxGroups) return undefined
    const identity = identityOf(run, this.groupBy, ownText(key))
    const group = { identity, aggregate: new Aggregate(maxCausesOfGroup), jobName: undefined, namedBy: -1 }
    this.#groups.set(identity.key, group)
    return group
  }

  /** Returns the groups in the order that `RunStatistics.groups` describes. */
  result(maxCauses: number): Pick<RunStatistics, "groups" | "otherGroups"> {
    const byKey = (a: GroupState, b: GroupState) => a.identity.key < b.identity.key ? -1 : 1
    const byWorst = (a: GroupState & { readonly now: number }, b: GroupState & { readonly now: number }) =>
      b.now - a.now || b.aggregate.failed - a.aggregate.failed || b.aggregate.runs - a.aggregate.runs || byKey(a, b)
    const ordered = [...this.#groups.values()].map((group) => ({
      ...group,
      // The streak of several jobs means nothing.
      now: this.groupBy === "job" ? group.aggregate.failingNow : 0
    }))
      .sort(
        this.groupBy === "day" || this.groupBy === "week"
          ? (a, b) => byKey(b, a)
          : this.groupBy === "hour"
          ? byKey
          : byWorst
      )
    return {
      groups: ordered.map(({ aggregate, identity, jobName }) => ({
        ...identity,
        ...omitUndefined({ jobName }),
        ...aggregate.result(maxCauses)
      })),
      ...omitUndefined({
        otherGroups: this.#others &&
          { groups: this.#otherKeys.size, atLeast: this.#hasUncountedKeys, ...this.#others.result(maxCauses) }
      })
    }
  }
}
