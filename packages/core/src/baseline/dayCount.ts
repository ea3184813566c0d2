/** Counts the runs of one job on one day, in bounded memory. The result is the same in whichever order they come. */
import { type AnyRun, details, RunId } from "../Run.ts"
import { tookMillis } from "../run/tookMillis.ts"
import type { Day, Sample } from "./model.ts"
import { entriesOf, exactLimit, halfHour, sampleOf, twoDigits, valuesOf } from "./sample.ts"
import { SmallestIDs } from "./smallestIDs.ts"

/** What is sampled of a run, and how it is rounded where there are many. */
const columns = ["starts", "durations", "nodes"] as const
const rounding = [halfHour, twoDigits, twoDigits] as const
const width = columns.length

/** Stands where a run has no such value. */
const none = -1

const largest = 2 ** 31 - 1

const secondsOf = (run: AnyRun): number => {
  const millis = tookMillis(run)
  return millis === undefined ? none : Math.round(millis / 1000)
}

const fewRows = 8

/** A day that expires can begin anew as another: the engine frees what lived for days late, and most of all what lies outside its heap. */
export class DayCount {
  #runs = 0
  #completed = 0
  #failed = 0
  readonly #failedIDs = new SmallestIDs()
  readonly #reRunIDs = new SmallestIDs()
  /**
   * A row of values for each run, in one list outside the engine's heap: there, thousands of small ones would make it keep a
   * larger one.
   */
  #rows = new Int32Array(width * fewRows)
  /** The values of each column with how often they came, once they are many. */
  #rounded: ReadonlyArray<Map<number, number>> | undefined

  /** Begins as a day without runs, or as one of an earlier baseline. */
  begin(day?: Day): this {
    this.#runs = day?.runs ?? 0
    this.#completed = day?.completed ?? 0
    this.#failed = day?.failed ?? 0
    this.#failedIDs.begin(day?.failedIDs ?? [])
    this.#reRunIDs.begin(day?.reRunIDs ?? [])
    this.#rounded = undefined
    if (day === undefined) return this
    if (day.runs > exactLimit) this.#rounded = columns.map((column) => new Map(entriesOf(day[column])))
    else {
      this.#reach(day.runs)
      this.#rows.fill(none)
      for (const [index, column] of columns.entries()) {
        // Which of the runs had a value does not matter.
        for (const [row, value] of valuesOf([day[column]]).entries()) this.#rows[row * width + index] = value
      }
    }
    return this
  }

  /** Counts a run that has ended. `minute` is the minute of the day at which it started. */
  add(run: AnyRun, minute: number): void {
    const isFirst = run.reRunID === undefined
    const isCompleted = run.runStatus === "completed"
    if (isFirst && isCompleted) this.#completed++
    if (isFirst && run.runStatus === "failed") this.#failed++
    if (run.runStatus === "failed") this.#failedIDs.add(run.id)
    if (isCompleted && run.reRunID !== undefined) this.#reRunIDs.add(run.reRunID)
    const seconds = isCompleted ? secondsOf(run) : none
    const nodes = isCompleted ? details(run).nodesInRun ?? none : none
    this.#put(isFirst ? minute : none, Math.min(seconds, largest), Math.min(Math.max(nodes, none), largest))
  }

  #put(start: number, seconds: number, nodes: number): void {
    const row = this.#runs++
    if (row < exactLimit) {
      this.#reach(row + 1)
      this.#rows[row * width] = start
      this.#rows[row * width + 1] = seconds
      this.#rows[row * width + 2] = nodes
      return
    }
    if (this.#rounded === undefined) {
      this.#rounded = columns.map(() => new Map())
      this.#rows.forEach((value, index) => this.#increment(index % width, value))
    }
    this.#increment(0, start)
    this.#increment(1, seconds)
    this.#increment(2, nodes)
  }

  /** Makes a place for so many runs. */
  #reach(runs: number): void {
    if (this.#rows.length >= width * runs) return
    const longer = new Int32Array(width * exactLimit)
    longer.set(this.#rows)
    this.#rows = longer
  }

  #increment(column: number, value: number): void {
    const counts = this.#rounded?.[column]
    const rounded = rounding[column]?.(value) ?? value
    if (value !== none) counts?.set(rounded, (counts.get(rounded) ?? 0) + 1)
  }

  #sample(column: number): Sample {
    const counts = this.#rounded?.[column]
    if (counts !== undefined) return [...counts].sort(([a], [b]) => a - b).flat()
    const rows = this.#rows.subarray(0, width * this.#runs)
    return sampleOf(rows.filter((value, at) => at % width === column && value !== none).sort())
  }

  result(day: string): Day {
    return {
      day,
      runs: this.#runs,
      completed: this.#completed,
      failed: this.#failed,
      starts: this.#sample(0),
      durations: this.#sample(1),
      nodes: this.#sample(2),
      failedIDs: this.#failedIDs.result().map((id) => RunId.make(id)),
      reRunIDs: this.#reRunIDs.result().map((id) => RunId.make(id))
    }
  }
}
