/** The schedule without any trouble, from which those with one are made. */
import { epoch, type Query, type Schedule } from "./schedule.ts"
import type { Life, Oddity } from "./server/history.ts"

const query: Query = { orderBy: "id", orderByDirection: "desc", detail: false, undecodableRows: "skip" }

export const plain: Schedule = {
  reader: "list",
  lives: [],
  style: { says: "used", next: "absent", ties: "asc", untimed: "omitted" },
  faults: [],
  query,
  retries: 0,
  concurrency: 1,
  cuts: [],
  resumeBy: "runs",
  window: [0, 13]
}

/** A run that completed so many milliseconds after the first time of the history, or that has no times. */
export const life = (id: number, time: number | undefined, oddity?: Oddity, at = 0): Life => ({
  id,
  runType: "refresh",
  environmentID: "1",
  phases: [{
    at,
    runStatus: "completed",
    ...(time === undefined ? {} : { start: epoch + time, end: epoch + time })
  }],
  ...(oddity === undefined ? {} : { oddity })
})
