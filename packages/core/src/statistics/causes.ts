/**
 * Counts failures by cause, for a bounded number of causes.
 *
 * The algorithm is "Space-Saving": where there are more causes than places, the cause with the fewest failures gives up its
 * place, and the new one remembers how many of its own failures may have come before. So each cause of more than one in
 * `capacity` failures gets a place. The failures of a cause that lost its place count among the others.
 */
import * as DateTime from "effect/DateTime"
import type { FailureCause } from "../FailureCause.ts"
import type { AnyRun, RunId } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ownText } from "../wire/ownText.ts"
import { cut } from "../wire/text.ts"
import type { CauseCount, Counted } from "./model.ts"

const maxMessageLength = 300

interface Entry {
  readonly cause: FailureCause | undefined
  failures: number
  /** How many failures of this cause may have been counted among the others before it had a place. */
  readonly missed: number
  // Numbers, and no object for each failure: objects that are replaced all the time make the engine keep a larger heap.
  firstID: RunId
  firstStart: number
  lastID: RunId
  lastStart: number
}

/** The most failures that a cause can have had. */
const mostOf = ({ failures, missed }: Entry): number => failures + missed

export class Causes {
  readonly #capacity: number
  // Two lists, and no Map: where each failure displaces another, a Map grows a chain of old tables, and one of them that lives
  // long keeps all later ones, with their entries, until the engine collects its whole heap.
  readonly #keys: Array<string> = []
  readonly #entries: Array<Entry> = []
  #displaced = 0
  /** The fewest failures that a cause with a place can have had, once one was displaced. */
  #fewest = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Counts a failed run; `cause` is absent where the run has no reason. */
  add(run: AnyRun, cause: FailureCause | undefined): void {
    const key = cause?.key ?? ""
    const entry = this.#entries[this.#keys.indexOf(key)]
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
    const missed = this.#entries.length < this.#capacity ? 0 : this.#displace()
    const [id, start] = [run.id, startOf(run)]
    const runs = { firstID: id, firstStart: start, lastID: id, lastStart: start }
    const own = ownText(key)
    this.#keys.push(own)
    this.#entries.push({ cause: cause && ownCause(cause, own), failures: 1, missed, ...runs })
  }

  /** Takes the place of the first cause with the fewest failures, and returns the most failures that it can have had. */
  #displace(): number {
    const isFirst = (entry: Entry) => mostOf(entry) === this.#fewest
    // It only rises: a cause that has a place gets more failures, and a new one has more than the one that it displaced.
    if (!this.#entries.some(isFirst)) this.#fewest = Math.min(...this.#entries.map(mostOf))
    const at = this.#entries.findIndex(isFirst)
    this.#keys.splice(at, 1)
    for (const { failures } of this.#entries.splice(at, 1)) this.#displaced += failures
    return this.#fewest
  }

  /** Returns the causes with the most failures, at most `max`, and the sum of the others. */
  result(max: number): Pick<Counted, "causes" | "otherCauses"> {
    const ordered = this.#entries.toSorted((a, b) => b.failures - a.failures || b.lastID - a.lastID)
    const shown = ordered.slice(0, max)
    const hidden = ordered.slice(max)
    const failures = hidden.reduce((sum, entry) => sum + entry.failures, this.#displaced)
    return {
      causes: shown.map((entry) => ({
        ...(entry.cause ?? { key: "", class: "unknown" }),
        failures: entry.failures,
        atLeast: entry.missed > 0,
        firstRun: refOf(entry.firstID, entry.firstStart),
        lastRun: refOf(entry.lastID, entry.lastStart)
      })),
      ...(failures === 0 ? {} : { otherCauses: { causes: hidden.length, atLeast: this.#displaced > 0, failures } })
    }
  }
}

/** Epoch milliseconds; NaN for a run that has not started. */
const startOf = ({ runStartTime }: AnyRun): number =>
  runStartTime === undefined ? Number.NaN : DateTime.toEpochMillis(runStartTime)

const refOf = (id: RunId, start: number): CauseCount["firstRun"] => ({
  id,
  ...(Number.isNaN(start) ? {} : { runStartTime: DateTime.makeUnsafe(start) })
})

const ownCause = ({ class: causeClass, code, message, sqlState }: FailureCause, key: string): FailureCause => ({
  class: causeClass,
  key,
  message: ownText(cut(message, maxMessageLength)),
  ...omitUndefined({ code: code && ownText(code), sqlState: sqlState && ownText(sqlState) })
})
