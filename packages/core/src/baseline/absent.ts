/** Finds the usual starts that did not come: missing, late, or a job that stopped. */
import type { RunLine } from "../list/RunLine.ts"
import { type Clock, clockOf, dayMinutes, minuteOfTime, utc, weekdayOf } from "./clock.ts"
import { isUnfinished, type JobRuns, startMinute } from "./jobRuns.ts"
import type { UsualInterval, UsualTime } from "./model.ts"
import { startMinutes } from "./usual.ts"

/** What is to be looked at, in minutes since 1970: usual starts from `since` on, as it was at `now`. */
export interface Span {
  readonly since: number
  readonly now: number
  readonly timeZone: string
}

/** A usual start that did not come, or came late. */
export interface Absence {
  readonly kind: "missing" | "late" | "stopped"
  /** The day on which it was due, by the clock of the baseline's zone. */
  readonly day: number
  readonly minute: number
  readonly run: RunLine | undefined
}

/** The usual starts of one job: those that were due, and those that did not come. */
export interface Attendance {
  readonly absences: ReadonlyArray<Absence>
  /** The days on which a start was due and is over. */
  readonly due: ReadonlySet<number>
  /** The days on which the job started. */
  readonly started: ReadonlySet<number>
  /** Whether the job rests on some days of the week. */
  readonly rests: boolean
}

/** A start that did not come may be late for so long, in minutes. Then it is missing. */
const stillLate = 120

const clockFor = (timeZone: string): Clock => timeZone === "UTC" ? utc : clockOf(timeZone)

/** Returns by how much a start may move, because it is not known yet which clock it keeps to. */
const clockDoubt = (time: UsualTime, zone: Clock, minute: number, first: number): number =>
  time.fitsBothClocks ? Math.abs(zone.offset(minute) - zone.offset(first)) : 0

const dayAt = (zone: Clock, minute: number): number => Math.floor(zone.shown(minute) / dayMinutes)

const atTimes = (
  times: ReadonlyArray<UsualTime>,
  starts: ReadonlyArray<number>,
  runs: ReadonlyArray<RunLine>,
  { now, since, timeZone }: Span
): Pick<Attendance, "absences" | "due"> => {
  const zone = clockFor(timeZone)
  const absences: Array<Absence> = []
  const due = new Set<number>()
  const expected = times.flatMap((time) => {
    const clock = clockFor(time.timeZone)
    const at = minuteOfTime(time.at)
    const found = []
    for (let day = Math.floor(clock.shown(since) / dayMinutes) - 1; day * dayMinutes + at <= clock.shown(now); day++) {
      const minute = clock.minuteOf(day * dayMinutes + at)
      if (minute < since || !time.weekdays.includes(weekdayOf(day))) continue
      const doubt = clockDoubt(time, zone, minute, starts[0] ?? minute)
      found.push({
        minute,
        from: minute - time.earlyMinutes - doubt,
        lateFrom: minute + time.lateAfterMinutes + doubt
      })
    }
    return found
  }).sort((a, b) => a.minute - b.minute)
  for (const [index, { from, lateFrom, minute }] of expected.entries()) {
    if (lateFrom > now) continue
    const day = dayAt(zone, minute)
    due.add(day)
    if (starts.some((start) => start >= from && start <= lateFrom)) continue
    const next = expected[index + 1]?.from ?? Infinity
    const run = runs.find((run) => {
      const start = startMinute(run)
      return start !== undefined && run.reRunID === undefined && start > lateFrom &&
        start < Math.min(next, minute + dayMinutes / 2)
    })
    const isLate = run !== undefined || now <= lateFrom + stillLate
    absences.push({ kind: isLate ? "late" : "missing", day, minute, run })
  }
  return { absences, due }
}

/** A stop is seen over so many intervals, and at least so many minutes. */
const silentIntervals = 4
const minSilence = 60

/** Otherwise it started so often in that time, on this part of the days and at least so many of them. */
const usualCount = 3
const usualPart = 0.9
const minDays = 5

const countIn = (sorted: ReadonlyArray<number>, from: number, to: number): number =>
  sorted.filter((start) => start > from && start <= to).length

/** Compares the time up to now with the same time of the other days on which the job is active. */
const atInterval = (
  every: UsualInterval,
  starts: ReadonlyArray<number>,
  { now, since, timeZone }: Span
): Pick<Attendance, "absences" | "due"> => {
  const zone = clockFor(timeZone)
  const shown = starts.map(zone.shown)
  const end = zone.shown(now)
  const today = Math.floor(end / dayMinutes)
  const length = Math.max(minSilence, silentIntervals * every.minutes)
  const last = starts.findLast((start) => start <= now)
  const none = { absences: [], due: new Set<number>() }
  if (last === undefined || !every.weekdays.includes(weekdayOf(today))) return none
  const first = Math.floor((shown[0] ?? end) / dayMinutes) + 1
  const counts: Array<number> = []
  for (let day = first; day < today; day++) {
    const to = end - (today - day) * dayMinutes
    if (every.weekdays.includes(weekdayOf(day))) counts.push(countIn(shown, to - length, to))
  }
  const usual = counts.filter((count) => count >= usualCount).length
  if (counts.length < minDays || usual < usualPart * counts.length) return none
  const due = new Set([today])
  if (countIn(shown, end - length, end) > 0 || now - length < since - dayMinutes) return { absences: [], due }
  return { absences: [{ kind: "stopped", day: today, minute: last, run: undefined }], due }
}

/** Finds the usual starts of a job that did not come. A run that waits to start is not absent. */
export const attendanceOf = ({ job, runs }: JobRuns, span: Span): Attendance => {
  const { every, times = [] } = job?.starts ?? {}
  const zone = clockFor(span.timeZone)
  const starts = [
    ...startMinutes(job?.days ?? []),
    ...runs.flatMap((run) => run.reRunID === undefined ? startMinute(run) ?? [] : [])
  ].sort((a, b) => a - b)
  const { absences, due } = every === undefined
    ? atTimes(times, starts, runs, span)
    : atInterval(every, starts, span)
  const waits = runs.some((run) => isUnfinished(run) && run.runStartTime === undefined)
  return {
    absences: waits ? absences.filter(({ run }) => run !== undefined) : absences,
    due,
    started: new Set(starts.map((start) => dayAt(zone, start))),
    rests: [...times, ...(every === undefined ? [] : [every])].some(({ weekdays }) => weekdays.length < 7)
  }
}

/**
 * Returns the days that were a holiday: the jobs that rest on some days of the week, two or more, all rested, while others
 * started.
 */
export const holidaysOf = (jobs: ReadonlyArray<Attendance>): ReadonlySet<number> => {
  const resting = jobs.filter(({ due, rests }) => rests && due.size > 0)
  const days = new Set(resting.flatMap(({ due }) => [...due]))
  return new Set([...days].filter((day) => {
    const due = resting.filter((job) => job.due.has(day))
    return due.length >= 2 && due.every(({ started }) => !started.has(day)) &&
      jobs.some(({ started }) => started.has(day))
  }))
}
