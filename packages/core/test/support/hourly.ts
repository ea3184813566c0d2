/** A job with a run an hour, of ten minutes: run n starts at hour n. */
import * as DateTime from "effect/DateTime"
import * as Run from "../../src/Run.ts"

export const start = (id: number) => DateTime.makeUnsafe(Date.UTC(2026, 2, 10, id))
export const end = (id: number) => DateTime.add(start(id), { minutes: 10 })

export const refresh = (
  id: number,
  runStatus: Run.RunStatus,
  fields: Partial<Run.RefreshRun> = {}
): Run.RefreshRun => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus,
  runStartTime: start(id),
  ...(Run.isTerminal(runStatus) ? { runEndTime: end(id) } : {}),
  runDetails: { environmentID: "3", jobID: 1 },
  ...fields
})
