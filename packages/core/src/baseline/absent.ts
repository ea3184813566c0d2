/** Finds the usual starts that did not come: missing, late, or a job that stopped. */
import type { RunLine } from "../list/RunLine.ts"
import { type Clock, clockOf, dayMinutes, minuteOfTime, weekdayOf } from "./clock.ts"
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

/** The usual starts of one job: those that were expected, and those that did not come. */
export interface Attendance {
  readonly absences: ReadonlyArray<Absence>
  /** The days on which a start is expected, also later on the last of them. */
  readonly expected: ReadonlySet<number>
  /** The days on which it started as usual. */
  readonly attended: ReadonlySet<number>
  /** Whether the job rests on some days of the week. */
  readonly rests: boolean
  /** The days without a start on which it rests, though it has started on that day of the week: an earlier holiday looks so. */
  readonly rested: ReadonlySet<number>
}

/**
 * On which days of the week a job rests is sure where it has started twice before on this one, and missed none of few due
 * days: three weeks of working days.
 */
const minBefore = 2
const weeksBefore = [1, 2, 3, 4]
const sureDays = 15

const isSure = ({ days, daysDue, weekdays }: UsualTime, before: number): boolean =>
  weekdays.length === 7 || (before >= minBefore && (daysDue >= sureDays || days === daysDue))

/** A start that did not come may be late for so long, in minutes. Then it is missing. */
const stillLate = 180

/** Returns by how much a start may move, because it is not known yet which clock it keeps to. */
const clockDoubt = (time: UsualTime, zone: Clock, minute: number, first: number): number =>
  time.fitsBothClocks ? Math.abs(zone.offset(minute) - zone.offset(first)) : 0

type Kept = Omit<Attendance, "rests" | "rested">

const dayAt = (zone: Clock, minute: number): number => Math.floor(zone.shown(minute) / dayMinutes)

const atTimes = (
  times: ReadonlyArray<UsualTime>,
  starts: ReadonlyArray<number>,
  runs: ReadonlyArray<RunLine>,
  { now, since, timeZone }: Span
): Kept => {
  const zone = clockOf(timeZone)
  const [firstDay, today] = [dayAt(zone, since), dayAt(zone, now)]
  const absences: Array<Absence> = []
  const attended = new Set<number>()
  const all = times.flatMap((time) => {
    const clock = clockOf(time.timeZone)
    const at = minuteOfTime(time.at)
    const found = []
    for (let day = firstDay - 1; day <= today + 1; day++) {
      const minute = clock.minuteOf(day * dayMinutes + at)
      const shownDay = dayAt(zone, minute)
      if (shownDay < firstDay || shownDay > today || !time.weekdays.includes(weekdayOf(day))) continue
      const doubt = clockDoubt(time, zone, minute, starts[0] ?? minute)
      const [early, late] = [time.earlyMinutes + doubt, time.lateAfterMinutes + doubt]
      const before = weeksBefore.filter((weeks) => {
        const due = clock.minuteOf((day - 7 * weeks) * dayMinutes + at)
        return starts.some((start) => start >= due - early && start <= due + late)
      })
      found.push({
        day: shownDay,
        minute,
        isSure: isSure(time, before.length),
        from: minute - early,
        lateFrom: minute + late
      })
    }
    return found
  }).sort((a, b) => a.minute - b.minute)
  for (const [index, { day, from, isSure, lateFrom, minute }] of all.entries()) {
    if (starts.some((start) => start >= from && start <= lateFrom)) attended.add(day)
    else if (isSure && lateFrom <= now && minute >= since) {
      const until = Math.min(all[index + 1]?.from ?? Infinity, minute + dayMinutes / 2)
      const run = runs.find((run) => {
        const start = startMinute(run)
        return start !== undefined && run.reRunID === undefined && start > lateFrom && start < until
      })
      const isLate = run !== undefined || now <= lateFrom + stillLate
      absences.push({ kind: isLate ? "late" : "missing", day, minute, run })
    }
  }
  return { absences, expected: new Set(all.map(({ day }) => day)), attended }
}

/** A stop is seen over so many intervals, and at least so many minutes. */
const silentIntervals = 4
const minSilence = 60

/** Otherwise it started so often in that time, on this part of the days and at least so many: two weeks, where it rests. */
const usualCount = 3
const usualPart = 0.9
const minDays = 5
const minRestingDays = 10

const countIn = (sorted: ReadonlyArray<number>, from: number, to: number): number =>
  sorted.filter((start) => start > from && start <= to).length

/** Compares the time up to now with the same time of the other days on which the job is active. */
const atInterval = (
  every: UsualInterval,
  starts: ReadonlyArray<number>,
  { now, since, timeZone }: Span
): Kept => {
  const zone = clockOf(timeZone)
  const shown = starts.map(zone.shown)
  const end = zone.shown(now)
  const today = Math.floor(end / dayMinutes)
  const length = Math.max(minSilence, silentIntervals * every.minutes)
  const isActive = (day: number) => every.weekdays.includes(weekdayOf(day))
  const days = Array.from({ length: today - dayAt(zone, since) + 1 }, (_, before) => today - before).filter(isActive)
  const attendance = {
    absences: [],
    expected: new Set(days),
    attended: new Set(
      days.filter((day) => countIn(shown, day * dayMinutes - 1, (day + 1) * dayMinutes - 1) >= usualCount)
    )
  }
  const last = starts.findLast((start) => start <= now)
  if (last === undefined || !isActive(today) || countIn(shown, end - length, end) > 0) return attendance
  const counts: Array<number> = []
  for (let day = Math.floor((shown[0] ?? end) / dayMinutes) + 1; day < today; day++) {
    const to = end - (today - day) * dayMinutes
    if (isActive(day)) counts.push(countIn(shown, to - length, to))
  }
  const usual = counts.filter((count) => count >= usualCount).length
  return counts.length < (every.weekdays.length < 7 ? minRestingDays : minDays) || usual < usualPart * counts.length
    ? attendance
    : { ...attendance, absences: [{ kind: "stopped", day: today, minute: last, run: undefined }] }
}

/** Finds the usual starts of a job that did not come. A run that waits to start is not absent. */
export const attendanceOf = ({ job, runs }: JobRuns, span: Span): Attendance => {
  const { every, times = [] } = job?.starts ?? {}
  const starts = [
    ...startMinutes(job?.days ?? []),
    ...runs.flatMap((run) => run.reRunID === undefined ? startMinute(run) ?? [] : [])
  ].sort((a, b) => a - b)
  const attendance = every === undefined ? atTimes(times, starts, runs, span) : atInterval(every, starts, span)
  const waits = runs.some((run) => isUnfinished(run) && run.runStartTime === undefined)
  const rests = [...times, ...(every === undefined ? [] : [every])].some(({ weekdays }) => weekdays.length < 7)
  return {
    ...attendance,
    absences: waits ? attendance.absences.filter(({ run }) => run !== undefined) : attendance.absences,
    rests,
    rested: rests ? restedDays(attendance, starts, span) : new Set()
  }
}

const restedDays = (
  { expected }: Kept,
  starts: ReadonlyArray<number>,
  { now, since, timeZone }: Span
): ReadonlySet<number> => {
  const zone = clockOf(timeZone)
  const started = new Set(starts.map((start) => dayAt(zone, start)))
  const weekdays = new Set([...started].map(weekdayOf))
  const [first, last] = [dayAt(zone, since), dayAt(zone, now)]
  return new Set(
    Array.from({ length: last - first + 1 }, (_, index) => first + index)
      .filter((day) => !expected.has(day) && !started.has(day) && weekdays.has(weekdayOf(day)))
  )
}

/**
 * Returns the days that were a holiday, or may become one: of the jobs that rest on some days of the week one is expected, and
 * another as well or it has started on that day of the week before; none of them has started, and every other job that is due has.
 */
export const holidaysOf = (jobs: ReadonlyArray<Attendance>): ReadonlySet<number> => {
  const resting = jobs.filter(({ rests }) => rests)
  const others = jobs.filter(({ rests }) => !rests)
  return new Set([...new Set(resting.flatMap(({ expected }) => [...expected]))].filter((day) => {
    const expected = resting.filter((job) => job.expected.has(day))
    const rested = resting.filter((job) => job.rested.has(day))
    return expected.length + rested.length >= 2 && expected.every(({ attended }) => !attended.has(day)) &&
      others.some((job) => job.expected.has(day)) &&
      others.every(({ absences }) => absences.every((absence) => absence.day !== day))
  }))
}
