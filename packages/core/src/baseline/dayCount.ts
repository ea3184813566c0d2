/** Counts the runs of one job on one day, in bounded memory. The result is the same in whichever order they come. */
import { type AnyRun, details, RunId } from "../Run.ts"
import type { Day, Sample } from "./model.ts"
import { entriesOf, exactLimit, halfHour, sampleOf, twoDigits, valuesOf } from "./sample.ts"

const maxIDs = 20

/** Keeps the smallest ids. */
const keep = (ids: ReadonlyArray<number>, id: number): ReadonlyArray<number> =>
  ids.includes(id) ? ids : [...ids, id].sort((a, b) => a - b).slice(0, maxIDs)

/** What is sampled of a run, and how it is rounded where there are many. */
const columns = ["starts", "durations", "nodes"] as const
const rounding = [halfHour, twoDigits, twoDigits] as const
const width = columns.length

/** Stands where a run has no such value. */
const none = -1

const largest = 2 ** 31 - 1

/** As `Run.duration`, but for many runs: it leaves no garbage. */
const secondsOf = ({ runEndTime, runStartTime }: AnyRun): number => {
  const millis = runStartTime === undefined || runEndTime === undefined
    ? none
    : runEndTime.epochMilliseconds - runStartTime.epochMilliseconds
  return millis < 0 ? none : Math.round(millis / 1000)
}

/** Returns rows with a place for one more. */
const longEnough = (rows: Int32Array | undefined, row: number): Int32Array => {
  if (rows !== undefined && rows.length > width * row) return rows
  const longer = new Int32Array(width * (row < 8 ? 8 : exactLimit)).fill(none)
  if (rows !== undefined) longer.set(rows)
  return longer
}

export class DayCount {
  #runs: number
  #completed: number
  #failed: number
  #failedIDs: ReadonlyArray<number>
  #reRunIDs: ReadonlyArray<number>
  /**
   * A row of values for each run, in one list outside the engine's heap: there, thousands of small ones would make it keep a
   * larger one.
   */
  #rows: Int32Array | undefined
  /** The values of each column with how often they came, once they are many. */
  #rounded: ReadonlyArray<Map<number, number>> | undefined

  constructor(day?: Day) {
    this.#runs = day?.runs ?? 0
    this.#completed = day?.completed ?? 0
    this.#failed = day?.failed ?? 0
    this.#failedIDs = day?.failedIDs ?? []
    this.#reRunIDs = day?.reRunIDs ?? []
    if (day === undefined) return
    if (day.runs > exactLimit) this.#rounded = columns.map((column) => new Map(entriesOf(day[column])))
    else {
      const rows = new Int32Array(width * day.runs).fill(none)
      for (const [index, column] of columns.entries()) {
        // Which of the runs had a value does not matter.
        for (const [row, value] of valuesOf([day[column]]).entries()) rows[row * width + index] = value
      }
      this.#rows = rows
    }
  }

  /** Counts a run that has ended. `minute` is the minute of the day at which it started. */
  add(run: AnyRun, minute: number): void {
    const isFirst = run.reRunID === undefined
    const isCompleted = run.runStatus === "completed"
    if (isFirst && isCompleted) this.#completed++
    if (isFirst && run.runStatus === "failed") this.#failed++
    if (run.runStatus === "failed") this.#failedIDs = keep(this.#failedIDs, run.id)
    if (isCompleted && run.reRunID !== undefined) this.#reRunIDs = keep(this.#reRunIDs, run.reRunID)
    const seconds = isCompleted ? secondsOf(run) : none
    const nodes = isCompleted ? details(run).nodesInRun ?? none : none
    this.#put(isFirst ? minute : none, Math.min(seconds, largest), Math.min(Math.max(nodes, none), largest))
  }

  #put(...values: readonly [number, number, number]): void {
    const row = this.#runs++
    if (row < exactLimit) {
      this.#rows = longEnough(this.#rows, row)
      this.#rows.set(values, row * width)
      return
    }
    this.#rounded ??= columns.map(() => new Map())
    this.#rows?.forEach((value, index) => this.#increment(index % width, value))
    this.#rows = undefined
    values.forEach((value, index) => this.#increment(index, value))
  }

  #increment(column: number, value: number): void {
    const counts = this.#rounded?.[column]
    const rounded = rounding[column]?.(value) ?? value
    if (value !== none) counts?.set(rounded, (counts.get(rounded) ?? 0) + 1)
  }

  #sample(column: number): Sample {
    const counts = this.#rounded?.[column]
    if (counts !== undefined) return [...counts].sort(([a], [b]) => a - b).flat()
    const values: Array<number> = []
    for (let at = column; at < (this.#rows?.length ?? 0); at += width) values.push(this.#rows?.[at] ?? none)
    return sampleOf(values.filter((value) => value !== none).sort((a, b) => a - b))
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
      failedIDs: this.#failedIDs.map((id) => RunId.make(id)),
      reRunIDs: this.#reRunIDs.map((id) => RunId.make(id))
    }
  }
}
