/** Counts the runs of one job on one day, in bounded memory. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { type AnyRun, details, duration, RunId } from "../Run.ts"
import type { Day } from "./model.ts"
import { halfHour, twoDigits, Values } from "./sample.ts"

const maxIDs = 20

/** Keeps the smallest ids. */
const keep = (ids: Array<number>, id: number): void => {
  if (ids.includes(id)) return
  ids.push(id)
  ids.sort((a, b) => a - b)
  if (ids.length > maxIDs) ids.pop()
}

export class DayCount {
  #runs: number
  #completed: number
  #failed: number
  readonly #starts: Values
  readonly #durations: Values
  readonly #nodes: Values
  readonly #failedIDs: Array<number>
  readonly #reRunIDs: Array<number>

  constructor(day?: Day) {
    this.#runs = day?.runs ?? 0
    this.#completed = day?.completed ?? 0
    this.#failed = day?.failed ?? 0
    this.#starts = new Values(halfHour, day?.starts)
    this.#durations = new Values(twoDigits, day?.durations)
    this.#nodes = new Values(twoDigits, day?.nodes)
    this.#failedIDs = [...day?.failedIDs ?? []]
    this.#reRunIDs = [...day?.reRunIDs ?? []]
  }

  /** Counts a run that has ended. `minute` is the minute of the day at which it started. */
  add(run: AnyRun, minute: number): void {
    const isCompleted = run.runStatus === "completed"
    this.#runs++
    if (run.reRunID === undefined) {
      this.#starts.add(minute)
      if (isCompleted) this.#completed++
      else if (run.runStatus === "failed") this.#failed++
    }
    if (run.runStatus === "failed") keep(this.#failedIDs, run.id)
    if (!isCompleted) return
    if (run.reRunID !== undefined) keep(this.#reRunIDs, run.reRunID)
    const took = duration(run)
    if (Option.isSome(took)) this.#durations.add(Math.round(Duration.toSeconds(took.value)))
    const { nodesInRun } = details(run)
    if (nodesInRun !== undefined && nodesInRun >= 0) this.#nodes.add(nodesInRun)
  }

  result(day: string): Day {
    return {
      day,
      runs: this.#runs,
      completed: this.#completed,
      failed: this.#failed,
      starts: this.#starts.result(),
      durations: this.#durations.result(),
      nodes: this.#nodes.result(),
      failedIDs: this.#failedIDs.map((id) => RunId.make(id)),
      reRunIDs: this.#reRunIDs.map((id) => RunId.make(id))
    }
  }
}
