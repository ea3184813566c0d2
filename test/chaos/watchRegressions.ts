/** Schedules of a watch that must not be left to chance. */
import type { Fault } from "./server/fault.ts"
import type { Life } from "./server/history.ts"
import type { WatchSchedule } from "./watch.ts"

const running = [1, 2, 3].map((id): Life => ({
  id,
  runType: "refresh",
  environmentID: "1",
  phases: [{ at: 0, runStatus: "running" }]
}))

const refused: Fault = { kind: "status", status: 401, body: "json", ending: "whole" }
const down: Fault = { kind: "status", status: 503, body: "json", ending: "whole" }

/** Each by the name of what it shows. */
export const watchRegressions: ReadonlyArray<{ readonly name: string; readonly schedule: WatchSchedule }> = [
  {
    // Not left to chance: few schedules hide a run that goes on.
    name: "runs that one poll lacks are not deleted",
    schedule: {
      lives: running,
      steps: [0, 1, 2].flatMap(() => [{ faults: [] }, { faults: [], odd: "lacking" as const }]),
      retries: 0,
      reader: "poll"
    }
  },
  {
    name: "a watch ends with what cannot pass",
    schedule: { lives: running, steps: Array(3).fill({ faults: [refused] }), retries: 1, reader: "watch" }
  },
  {
    name: "a watch goes on after what may pass",
    schedule: { lives: running, steps: Array(3).fill({ faults: [down] }), retries: 0, reader: "watch" }
  }
]
