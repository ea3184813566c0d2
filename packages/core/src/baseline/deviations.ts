/** Finds what is unlike the usual. Public: `RunBaseline` exports it. */
import * as DateTime from "effect/DateTime"
import type { RunWindow } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type Absence, type Attendance, attendanceOf, holidaysOf } from "./absent.ts"
import { type AnyLine, jobRuns, withoutDays } from "./jobRuns.ts"
import { type Baseline, type Deviation, deviationKinds } from "./model.ts"
import { type Found, presentOf } from "./present.ts"

const minutesOf = (time: DateTime.Utc): number => DateTime.toEpochMillis(time) / 60_000

const timeOf = (minute: number): DateTime.Utc => DateTime.makeUnsafe(minute * 60_000)

/** Tells usual starts that did not come, one after the other, once. */
const absent = (
  { absences }: Attendance,
  holidays: ReadonlySet<number>
): ReadonlyArray<Found & Pick<Deviation, "expectedAt">> => {
  const real = absences.filter(({ day }) => !holidays.has(day))
  const of = (kind: Absence["kind"]) => real.filter((absence) => absence.kind === kind)
  const [missing] = of("missing")
  return [
    ...of("stopped").map(({ minute }) => ({ kind: "stopped" as const, since: timeOf(minute) })),
    ...(missing === undefined
      ? []
      : [{ kind: "missing" as const, expectedAt: timeOf(missing.minute), times: of("missing").length }]),
    ...of("late").map(({ minute, run }) => ({
      kind: "late" as const,
      expectedAt: timeOf(minute),
      ...omitUndefined({ run })
    }))
  ]
}

/**
 * Returns what is unlike the usual at `now`: what did not start though it usually does, what is late, what runs or waits
 * far longer than usual, what completed with far fewer nodes than usual or with none, and loops of failures.
 *
 * **Details**
 *
 * - `runs` are the runs that started in the window, and all that have not ended. Detailed rows, or lines of them: a summary
 *   does not say its job.
 * - Usual starts in the window are expected up to its end, or to `now` if that is earlier.
 * - It is careful: it tells what is far from the usual, and nothing of a job with fewer than 5 runs but that a run is stuck,
 *   waits, or fails in a loop. A day on which all jobs rest that rest on some days of the week, two or more, is a holiday.
 */
export const deviations = (
  baseline: Baseline,
  runs: ReadonlyArray<AnyLine>,
  now: DateTime.Utc,
  window: Pick<RunWindow, "since" | "until">
): ReadonlyArray<Deviation> => {
  const span = {
    since: minutesOf(window.since),
    now: minutesOf(DateTime.min(now, window.until)),
    timeZone: baseline.timeZone
  }
  const jobs = jobRuns(baseline, runs)
  const attendances = jobs.map((job) => attendanceOf(job, span))
  const holidays = holidaysOf(attendances)
  const starts = runs.flatMap(({ id, runStartTime }) => runStartTime === undefined ? [] : [{ id, start: runStartTime }])
  return jobs.flatMap((job, index) => {
    const attendance = attendances[index]
    const found = [
      ...(attendance === undefined ? [] : absent(attendance, holidays)),
      ...presentOf(job, starts, DateTime.toEpochMillis(now))
    ]
    return found.map((one): Deviation => ({
      ...one,
      ...job.identity,
      ...omitUndefined({ usual: job.job && withoutDays(job.job) })
    }))
  }).sort((a, b) => deviationKinds.indexOf(a.kind) - deviationKinds.indexOf(b.kind))
}
