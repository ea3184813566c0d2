/** What is counted of a set of runs, in memory that does not grow with their number. */
import type { FailureCause } from "../FailureCause.ts"
import { type AnyRun, isKnownStatus, type RunId } from "../Run.ts"
import { Causes } from "./causes.ts"
import { kept } from "./kept.ts"
import type { Counted, Durations } from "./model.ts"
import { Quantiles } from "./quantiles.ts"
import { Streaks } from "./streaks.ts"

const maxUnknownStatuses = 5

export class Aggregate {
  readonly #byStatus = {
    completed: 0,
    failed: 0,
    canceled: 0,
    running: 0,
    rendering: 0,
    initializing: 0,
    waitingToRun: 0,
    unknown: 0
  }
  readonly #unknown = new Set<string>()
  readonly #durations = new Quantiles()
  #longest: Durations["longest"] | undefined
  readonly #causes: Causes
  readonly #streaks = new Streaks()
  #runs = 0

  constructor(causes: number) {
    this.#causes = new Causes(causes)
  }

  get runs(): number {
    return this.#runs
  }

  get failed(): number {
    return this.#byStatus.failed
  }

  /** One run; `millis` is how long it took, and `cause` why it failed, where that is known. */
  add(run: AnyRun, millis: number | undefined, cause: FailureCause | undefined): void {
    this.#runs++
    const status = run.runStatus
    if (isKnownStatus(status)) this.#byStatus[status]++
    else {
      this.#byStatus.unknown++
      if (this.#unknown.size < maxUnknownStatuses) this.#unknown.add(kept(status, 50))
    }
    if (millis !== undefined) {
      this.#durations.add(millis)
      if (isLonger(run.id, millis, this.#longest)) this.#longest = { runID: run.id, millis }
    }
    if (status === "failed") this.#causes.add(run, cause)
    this.#streaks.add(run)
  }

  result(maxCauses: number): Counted {
    const { completed, failed } = this.#byStatus
    const [medianMillis, p95Millis] = this.#durations.at(0.5, 0.95)
    const longest = this.#longest
    return {
      runs: this.#runs,
      byStatus: { ...this.#byStatus },
      ...(this.#unknown.size === 0 ? {} : { unknownStatuses: [...this.#unknown] }),
      ...(completed + failed === 0 ? {} : { successRate: completed / (completed + failed) }),
      ...(medianMillis === undefined || p95Millis === undefined || longest === undefined
        ? {}
        : {
          durations: {
            runs: this.#durations.count,
            exact: this.#durations.exact,
            medianMillis,
            p95Millis,
            longest
          }
        }),
      ...this.#causes.result(maxCauses),
      streaks: this.#streaks.result()
    }
  }
}

// The later of two runs that took equally long, whatever order they come in.
const isLonger = (runID: RunId, millis: number, than: Durations["longest"] | undefined) =>
  than === undefined || millis > than.millis || (millis === than.millis && runID > than.runID)
