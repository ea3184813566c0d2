/**
 * Runs in groups, for a bounded number of groups: the first that come are kept, and the runs of later ones are added up
 * in one. No group makes room for another, as causes do: its streaks and quantiles would begin in the middle.
 */
import type * as DateTime from "effect/DateTime"
import type { FailureCause } from "../FailureCause.ts"
import type { AnyRun } from "../Run.ts"
import { Aggregate } from "./aggregate.ts"
import { type GroupIdentity, identityOf, keyOf, LatestName } from "./groups.ts"
import { kept } from "./kept.ts"
import type { GroupBy, RunStatistics } from "./model.ts"

interface Kept {
  readonly identity: GroupIdentity
  readonly name: LatestName
  readonly aggregate: Aggregate
}

// Beyond the groups that are kept, so many are told apart to be counted.
const maxOtherKeys = 10_000

const causesOfGroup = 30

export class Grouped {
  readonly groupBy: GroupBy
  readonly #dayOf: (time: DateTime.Utc) => string
  readonly #maxGroups: number
  readonly #groups = new Map<string, Kept>()
  readonly #otherKeys = new Set<string>()
  #otherKeysExact = true
  #others: Aggregate | undefined

  constructor(groupBy: GroupBy, dayOf: (time: DateTime.Utc) => string, maxGroups: number) {
    this.groupBy = groupBy
    this.#dayOf = dayOf
    this.#maxGroups = maxGroups
  }

  add(run: AnyRun, millis: number | undefined, cause: FailureCause | undefined): void {
    const key = keyOf(run, this.groupBy, this.#dayOf)
    const group = this.#groups.get(key) ?? this.#keep(run, key)
    if (group !== undefined) {
      if (this.groupBy === "job") group.name.add(run)
      group.aggregate.add(run, millis, cause)
      return
    }
    if (this.#otherKeys.size < maxOtherKeys) this.#otherKeys.add(kept(key, key.length))
    else if (!this.#otherKeys.has(key)) this.#otherKeysExact = false
    this.#others ??= new Aggregate(causesOfGroup)
    this.#others.add(run, millis, cause)
  }

  #keep(run: AnyRun, key: string): Kept | undefined {
    if (this.#groups.size >= this.#maxGroups) return undefined
    const identity = identityOf(run, this.groupBy, kept(key, key.length))
    const group = { identity, name: new LatestName(), aggregate: new Aggregate(causesOfGroup) }
    this.#groups.set(identity.key, group)
    return group
  }

  /** Days from the latest on, other groups from the one that failed most. */
  result(maxCauses: number): Pick<RunStatistics, "groups" | "otherGroups"> {
    const byKey = (a: Kept, b: Kept) => a.identity.key < b.identity.key ? -1 : 1
    const ordered = [...this.#groups.values()].toSorted(
      this.groupBy === "day"
        ? (a, b) => byKey(b, a)
        : (a, b) => b.aggregate.failed - a.aggregate.failed || b.aggregate.runs - a.aggregate.runs || byKey(a, b)
    )
    return {
      groups: ordered.map(({ aggregate, identity, name }) => {
        const jobName = name.get()
        return { ...identity, ...(jobName === undefined ? {} : { jobName }), ...aggregate.result(maxCauses) }
      }),
      ...(this.#others === undefined
        ? {}
        : {
          otherGroups: {
            groups: this.#otherKeys.size,
            exact: this.#otherKeysExact,
            ...this.#others.result(maxCauses)
          }
        })
    }
  }
}
