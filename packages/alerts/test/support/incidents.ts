/** What incidents of runs of one job have in common. */
import type { Incident } from "@coalesce-runs/alerts"
import * as DateTime from "effect/DateTime"

/** A time of the third of November. Hours beyond 24 are of the next days. */
export const time = (hoursAndMinutes: string): DateTime.Utc => {
  const [hours = 0, minutes = 0] = hoursAndMinutes.split(":").map(Number)
  return DateTime.add(DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T00:00Z")), { hours, minutes })
}

/** What an incident is that run 1 of job 15 opened in environment 3, which ended at 2:00. Its names are its own. */
export const openedByRun1 = ({ id, jobs, key }: Incident.Incident) => ({
  id,
  key,
  environmentID: "3",
  since: time("2:00"),
  until: time("2:00"),
  failures: 1,
  jobs: [{
    key: jobs[0]?.key,
    runType: "refresh",
    environmentID: "3",
    jobID: 15,
    runID: 1,
    failures: 1,
    succession: 1,
    at: time("2:00"),
    over: false
  }],
  moreJobs: 0,
  loop: false,
  messages: 0,
  relapses: 0
})
