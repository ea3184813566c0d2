/** Folds runs into statistics, in place. */
import * as DateTime from "effect/DateTime"
import { classify, type FailureCause } from "../FailureCause.ts"
import { type AnyRun, runFailureReason } from "../Run.ts"
import { tookMillis } from "../run/tookMillis.ts"
import { Aggregate } from "./aggregate.ts"
import { BoundedGroups } from "./boundedGroups.ts"
import type { Options, RunStatistics } from "./model.ts"
import { timesIn } from "./timesIn.ts"

/** How many causes of all runs have a place. It is more than are listed, so that their counts are exact. */
const maxCausePlaces = 200

const within = (value: number | undefined, standard: number, most: number): number =>
  value === undefined || Number.isNaN(value) ? standard : Math.min(Math.max(Math.trunc(value), 1), most)

export class Accumulator {
  readonly #maxCauses: number
  readonly #all = new Aggregate(maxCausePlaces)
  readonly #groups: BoundedGroups | undefined

  constructor({ groupBy, maxCauses, maxGroups, timeZone }: Options = {}) {
    this.#maxCauses = within(maxCauses, 20, maxCausePlaces)
    this.#groups = groupBy === undefined
      ? undefined
      : new BoundedGroups(groupBy, timesIn(timeZone ?? DateTime.zoneMakeOffset(0)), within(maxGroups, 200, 1000))
  }

  add(run: AnyRun): this {
    this.count(run)
    return this
  }

  /** Adds a run, and returns the cause that its reason names. */
  count(run: AnyRun): FailureCause | undefined {
    const isTimed = run.runStatus === "completed" || run.runStatus === "failed"
    const millis = isTimed ? tookMillis(run) : undefined
    const reason = run.runStatus === "failed" ? runFailureReason(run) : undefined
    const cause = reason === undefined ? undefined : classify(reason)
    this.#all.add(run, millis, cause)
    this.#groups?.add(run, millis, cause)
    return cause
  }

  /** Returns the statistics of the runs so far. More can be added afterwards. */
  result(): RunStatistics {
    const groups = this.#groups
    return {
      ...this.#all.result(this.#maxCauses),
      ...(groups === undefined ? {} : { groupBy: groups.groupBy, ...groups.result(this.#maxCauses) })
    }
  }
}
