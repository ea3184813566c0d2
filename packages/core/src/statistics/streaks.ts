/**
 * Successes and failures in a row. Only runs that completed or failed count: a canceled one neither breaks a streak nor
 * lengthens it, and one that goes on has not decided yet.
 *
 * A streak is one of time, and the runs come in the order of their stream: from the oldest, from the newest, or in none.
 * So the row at either end is kept until the order is known, and where there is none, nothing is said.
 */
import * as DateTime from "effect/DateTime"
import type { AnyRun, RunId } from "../Run.ts"
import type { Counted, Streak } from "./model.ts"

type Outcome = Streak["status"]

/** Runs in a row, in the order they came. */
interface Row {
  readonly status: Outcome
  runs: number
  readonly from: RunId
  to: RunId
}

/** Whether one field of the runs only rose, or only fell. */
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

  /** Nothing where it did both, or neither. */
  get(): "rising" | "falling" | undefined {
    return this.#rises === this.#falls ? undefined : this.#rises ? "rising" : "falling"
  }
}

export class Streaks {
  // The time of the start tells best which run came first; runs may also be listed by id, or by the time they ended.
  readonly #starts = new Direction()
  readonly #ids = new Direction()
  readonly #ends = new Direction()
  #head: Row | undefined
  #tail: Row | undefined
  // Of streaks equally long the latest is told, which is the one met first or last.
  #longestMetFirst: Row | undefined
  #longestMetLast: Row | undefined

  add(run: AnyRun): void {
    const status = outcomeOf(run)
    if (status === undefined) return
    this.#starts.add(run.runStartTime && DateTime.toEpochMillis(run.runStartTime))
    this.#ids.add(run.id)
    this.#ends.add(run.runEndTime && DateTime.toEpochMillis(run.runEndTime))

    const row = this.#tail?.status === status ? this.#tail : { status, runs: 0, from: run.id, to: run.id }
    row.runs++
    row.to = run.id
    this.#tail = row
    this.#head ??= row
    // A row that is the longest goes on growing as the same object.
    if (status === "failed") {
      if (row.runs > (this.#longestMetFirst?.runs ?? 0)) this.#longestMetFirst = row
      if (row.runs >= (this.#longestMetLast?.runs ?? 0)) this.#longestMetLast = row
    }
  }

  result(): Counted["streaks"] {
    const head = this.#head
    const tail = this.#tail
    if (head === undefined || tail === undefined) return { inOrder: true }
    const direction = head.from === tail.to ? "rising" : this.#starts.get() ?? this.#ids.get() ?? this.#ends.get()
    if (direction === undefined) return { inOrder: false }
    const streak = <Status extends Outcome>({ from, runs, to }: Row, status: Status) => ({
      status,
      runs,
      firstRunID: direction === "rising" ? from : to,
      lastRunID: direction === "rising" ? to : from
    })
    const [current, longest] = direction === "rising" ? [tail, this.#longestMetLast] : [head, this.#longestMetFirst]
    return {
      inOrder: true,
      current: streak(current, current.status),
      ...(longest === undefined ? {} : { longestFailing: streak(longest, "failed") })
    }
  }
}

const outcomeOf = ({ runStatus }: AnyRun): Outcome | undefined =>
  runStatus === "completed" ? "completed" : runStatus === "failed" ? "failed" : undefined
