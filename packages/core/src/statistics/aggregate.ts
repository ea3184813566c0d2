/** Counts a set of runs, in memory that does not grow with their number. */
import type { FailureCause } from "../FailureCause.ts"
import { type AnyRun, isKnownStatus, type RunId } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ownText } from "../wire/ownText.ts"
import { cut } from "../wire/text.ts"
import { Causes } from "./causes.ts"
import type { Counted, Durations } from "./model.ts"
import { Quantiles } from "./quantiles.ts"
import { Streaks } from "./streaks.ts"

const maxUnknownStatuses = 5
const maxStatusLength = 50

export class Aggregate {
  readonly #statusCounts = {
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
  // NaN until a failed run has a duration.
  #failedMillis = Number.NaN
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
    return this.#statusCounts.failed
  }

  /** The streak of the latest runs, if they failed. */
  get failingNow(): number {
    const { current } = this.#streaks.result()
    return current?.runStatus === "failed" ? current.runs : 0
  }

  /** Counts one run; `millis` is how long it took if it completed or failed, and `cause` why it failed, where that is known. */
  add(run: AnyRun, millis: number | undefined, cause: FailureCause | undefined): void {
    this.#runs++
    const status = run.runStatus
    if (isKnownStatus(status)) this.#statusCounts[status]++
    else {
      this.#statusCounts.unknown++
      if (this.#unknown.size < maxUnknownStatuses) this.#unknown.add(ownText(cut(status, maxStatusLength)))
    }
    if (millis !== undefined && status === "failed") {
      this.#failedMillis = millis + (Number.isNaN(this.#failedMillis) ? 0 : this.#failedMillis)
    } else if (millis !== undefined) {
      this.#durations.add(millis)
      if (isLonger(run.id, millis, this.#longest)) this.#longest = { runID: run.id, millis }
    }
    if (status === "failed") this.#causes.add(run, cause)
    this.#streaks.add(run)
  }

  result(maxCauses: number): Counted {
    const { completed, failed } = this.#statusCounts
    const [p50Millis, p95Millis] = this.#durations.at(0.5, 0.95)
    const longest = this.#longest
    return {
      runs: this.#runs,
      statusCounts: { ...this.#statusCounts },
      ...omitUndefined({
        unknownStatuses: this.#unknown.size === 0 ? undefined : [...this.#unknown],
        successRate: completed + failed === 0 ? undefined : completed / (completed + failed),
        durations: p50Millis === undefined || p95Millis === undefined || longest === undefined
          ? undefined
          : { runs: this.#durations.count, exact: this.#durations.exact, p50Millis, p95Millis, longest },
        failedMillis: Number.isNaN(this.#failedMillis) ? undefined : this.#failedMillis
      }),
      ...this.#causes.result(maxCauses),
      streaks: this.#streaks.result()
    }
  }
}

// The later of two runs that took equally long, whatever order they come in.
const isLonger = (runID: RunId, millis: number, than: Durations["longest"] | undefined) =>
  than === undefined || millis > than.millis || (millis === than.millis && runID > than.runID)
