/**
 * Finds streaks: runs in succession that completed, or that failed. Runs of any other status neither break a streak nor
 * lengthen it.
 *
 * A streak is one in time, but a stream may come from the oldest run, from the newest, or in no order. So the streaks at
 * both ends are kept until the order is known. Without an order there is no streak.
 */
import * as DateTime from "effect/DateTime"
import type { AnyRun, RunId } from "../Run.ts"
import type { Counted, Streak } from "./model.ts"

type Outcome = Streak["runStatus"]

/** A streak in the order in which its runs came. */
interface MetStreak {
  readonly runStatus: Outcome
  runs: number
  readonly from: RunId
  to: RunId
}

/** Finds whether one field of the runs only rose, or only fell. */
class Direction {
  // NaN before the first: a field that is always a number is stored in place.
  #last = Number.NaN
  #rises = true
  #falls = true

  add(value: number | undefined): void {
    if (value === undefined) this.#rises = this.#falls = false
    else {
      if (value < this.#last) this.#rises = false
      if (value > this.#last) this.#falls = false
      this.#last = value
    }
  }

  /** Returns undefined if the field did both, or neither. */
  get(): "rising" | "falling" | undefined {
    return this.#rises === this.#falls ? undefined : this.#rises ? "rising" : "falling"
  }
}

export class Streaks {
  // The start tells best which run came first; runs may also be listed by id or by their end.
  readonly #starts = new Direction()
  readonly #ids = new Direction()
  readonly #ends = new Direction()
  #first: MetStreak | undefined
  #last: MetStreak | undefined
  // Of streaks that are equally long the latest counts: the one that was met first or last.
  #longestMetFirst: MetStreak | undefined
  #longestMetLast: MetStreak | undefined

  add(run: AnyRun): void {
    const runStatus = outcomeOf(run)
    if (runStatus === undefined) return
    this.#starts.add(run.runStartTime && DateTime.toEpochMillis(run.runStartTime))
    this.#ids.add(run.id)
    this.#ends.add(run.runEndTime && DateTime.toEpochMillis(run.runEndTime))

    const streak = this.#last?.runStatus === runStatus ? this.#last : { runStatus, runs: 0, from: run.id, to: run.id }
    streak.runs++
    streak.to = run.id
    this.#last = streak
    this.#first ??= streak
    // The longest streak continues to grow as the same object.
    if (runStatus === "failed") {
      if (streak.runs > (this.#longestMetFirst?.runs ?? 0)) this.#longestMetFirst = streak
      if (streak.runs >= (this.#longestMetLast?.runs ?? 0)) this.#longestMetLast = streak
    }
  }

  result(): Counted["streaks"] {
    const first = this.#first
    const last = this.#last
    if (first === undefined || last === undefined) return { inOrder: true }
    const direction = first.from === last.to ? "rising" : this.#starts.get() ?? this.#ids.get() ?? this.#ends.get()
    if (direction === undefined) return { inOrder: false }
    const inTime = <Status extends Outcome>({ from, runs, to }: MetStreak, runStatus: Status) => ({
      runStatus,
      runs,
      firstRunID: direction === "rising" ? from : to,
      lastRunID: direction === "rising" ? to : from
    })
    const [current, longest] = direction === "rising" ? [last, this.#longestMetLast] : [first, this.#longestMetFirst]
    return {
      inOrder: true,
      current: inTime(current, current.runStatus),
      ...(longest === undefined ? {} : { longestFailing: inTime(longest, "failed") })
    }
  }
}

const outcomeOf = ({ runStatus }: AnyRun): Outcome | undefined =>
  runStatus === "completed" ? "completed" : runStatus === "failed" ? "failed" : undefined
