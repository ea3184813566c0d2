/**
 * Failures by cause, for a bounded number of causes.
 *
 * Where there are more causes than fit, the one with the fewest failures makes room, and the newcomer remembers how many
 * failures of its own may have gone by before ("Space-Saving"). So a cause of more than one in `capacity` failures is
 * always there in the end, whenever it begins, and no failure is lost: what made room is counted among the others.
 */
import * as DateTime from "effect/DateTime"
import type { FailureCause } from "../FailureCause.ts"
import type { AnyRun, RunId } from "../Run.ts"
import { kept } from "./kept.ts"
import type { Counted, RunRef } from "./model.ts"

interface Entry {
  readonly cause: FailureCause | undefined
  failures: number
  /** The most failures of this cause that were counted among the others before it was kept. */
  readonly missed: number
  // Numbers, and no object for each failure: what is replaced all the time makes the engine keep a larger heap.
  firstID: RunId
  firstStart: number
  lastID: RunId
  lastStart: number
}

export class Causes {
  readonly #capacity: number
  readonly #entries = new Map<string, Entry>()
  #displaced = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** A failed run; `cause` is absent where the run came without a reason. */
  add(run: AnyRun, cause: FailureCause | undefined): void {
    const key = cause?.key ?? ""
    const entry = this.#entries.get(key)
    if (entry !== undefined) {
      entry.failures++
      if (run.id < entry.firstID) {
        entry.firstID = run.id
        entry.firstStart = startOf(run)
      }
      if (run.id > entry.lastID) {
        entry.lastID = run.id
        entry.lastStart = startOf(run)
      }
      return
    }
    const missed = this.#entries.size < this.#capacity ? 0 : this.#displace()
    const start = startOf(run)
    this.#entries.set(kept(key, 200), {
      cause: cause && keptCause(cause),
      failures: 1,
      missed,
      firstID: run.id,
      firstStart: start,
      lastID: run.id,
      lastStart: start
    })
  }

  /** Takes out the cause with the fewest failures, and gives the most that it can have had. */
  #displace(): number {
    let fewest = Number.POSITIVE_INFINITY
    let found: readonly [string, Entry] | undefined
    for (const pair of this.#entries) {
      const most = pair[1].failures + pair[1].missed
      if (most < fewest) [fewest, found] = [most, pair]
    }
    if (found === undefined) return 0
    this.#entries.delete(found[0])
    this.#displaced += found[1].failures
    return fewest
  }

  /** The causes with the most failures, at most `max`, and what the others add up to. */
  result(max: number): Pick<Counted, "causes" | "otherCauses"> {
    const ordered = [...this.#entries.values()].toSorted((a, b) => b.failures - a.failures || b.lastID - a.lastID)
    const shown = ordered.slice(0, max)
    const hidden = ordered.slice(max)
    const failures = hidden.reduce((sum, entry) => sum + entry.failures, this.#displaced)
    return {
      causes: shown.map((entry) => ({
        ...(entry.cause ?? { key: "", class: "unknown" }),
        failures: entry.failures,
        exact: entry.missed === 0,
        firstRun: refOf(entry.firstID, entry.firstStart),
        lastRun: refOf(entry.lastID, entry.lastStart)
      })),
      ...(failures === 0
        ? {}
        : { otherCauses: { causes: hidden.length, exact: this.#displaced === 0, failures } })
    }
  }
}

/** Epoch milliseconds; NaN for a run that has not started. */
const startOf = ({ runStartTime }: AnyRun): number =>
  runStartTime === undefined ? Number.NaN : DateTime.toEpochMillis(runStartTime)

const refOf = (id: RunId, start: number): RunRef => ({
  id,
  ...(Number.isNaN(start) ? {} : { startTime: DateTime.makeUnsafe(start) })
})

const keptCause = ({ class: causeClass, code, key, message, sqlState }: FailureCause): FailureCause => ({
  class: causeClass,
  key: kept(key, 200),
  message: kept(message, 300),
  ...(code === undefined ? {} : { code: kept(code, 20) }),
  ...(sqlState === undefined ? {} : { sqlState: kept(sqlState, 20) })
})
