/**
 * Finds the times of the day at which a job starts, on which days of the week.
 *
 * A time is a group of starts, one a day, whose times of the day are near one another. It is looked for by the clock of the
 * zone and by that of UTC: a scheduler keeps to one of them, and which one shows when the zone's offset changes.
 */
import { type Clock, dayMinutes, timeOfDay, utc, weekdayOf } from "./clock.ts"
import type { UsualTime } from "./model.ts"
import { quantile } from "./sample.ts"

/** A habit needs so many days. */
const minDays = 5

/** It starts on so many of the days on which it is due; each day of a week, as long as these are few. */
const presence = 0.85
const fewDays = 10

/** So many of the starts are within the width; others may be as late or as early as this, in minutes. */
const core = 0.6
const maxDelay = 360
const maxAhead = 60

/** Without a start on so many due days in succession a habit has ended. */
const maxMissed = 5

/** So many more starts must fit one clock, before the other is ruled out. */
const decisive = 2

/** How far apart the starts of one time may be, in minutes: those that are near are looked for first. */
const narrow = 20
const widths = [narrow, 60]

/** Habits explain so many of the days on which a job starts. Otherwise it starts irregularly. */
const explainedPart = 0.8

interface Match {
  readonly offset: number
  readonly start: number
  readonly isCore: boolean
}

interface Group {
  readonly center: number
  readonly width: number
  /** By the day on which the time was due. */
  readonly matches: Map<number, Match>
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by

/** Splits a shown minute into the day on which a time was due, and the minutes by which the start missed it. */
const placed = (shown: number, center: number): { readonly day: number; readonly offset: number } => {
  const offset = modulo(shown - center + dayMinutes / 2, dayMinutes) - dayMinutes / 2
  return { day: Math.round((shown - offset - center) / dayMinutes), offset }
}

/** Returns the middle of the window of this width that has starts on the most days. */
const densest = (starts: ReadonlyArray<number>, width: number): number | undefined => {
  const once = starts.map((start) => ({ minute: modulo(start, dayMinutes), day: Math.floor(start / dayMinutes) }))
    .sort((a, b) => a.minute - b.minute)
  // A window may begin before midnight and end after it.
  const points = [...once, ...once.map(({ day, minute }) => ({ minute: minute + dayMinutes, day: day - 1 }))]
  const counts = new Map<number, number>()
  let best = { days: 0, spread: Infinity, from: 0, to: 0 }
  let end = 0
  for (const [from, first] of once.entries()) {
    for (; (points[end]?.minute ?? Infinity) <= first.minute + width; end++) {
      const day = points[end]?.day ?? 0
      counts.set(day, (counts.get(day) ?? 0) + 1)
    }
    const spread = (points[end - 1]?.minute ?? 0) - first.minute
    if (counts.size > best.days || (counts.size === best.days && spread < best.spread)) {
      best = { days: counts.size, spread, from, to: end }
    }
    const left = (counts.get(first.day) ?? 1) - 1
    if (left === 0) counts.delete(first.day)
    else counts.set(first.day, left)
  }
  if (best.days < minDays) return undefined
  const inside = points.slice(best.from, best.to)
  return modulo(inside[Math.floor((inside.length - 1) / 2)]?.minute ?? 0, dayMinutes)
}

/** Returns the starts that lie within the width of a time, the nearest of each day. */
const groupAround = (starts: ReadonlyArray<number>, center: number, width: number): Group => {
  const matches = new Map<number, Match>()
  for (const start of starts) {
    const { day, offset } = placed(start, center)
    const other = matches.get(day)
    if (Math.abs(offset) <= width && (other === undefined || Math.abs(offset) < Math.abs(other.offset))) {
      matches.set(day, { offset, start, isCore: true })
    }
  }
  return { center, width, matches }
}

/** Adds starts that came late, or a little early, on days without one. */
const withOthers = ({ center, matches, width }: Group, others: ReadonlyArray<number>): Group => {
  const all = new Map(matches)
  for (const start of others) {
    const { day, offset } = placed(start, center)
    const other = all.get(day)
    const isNear = offset >= -maxAhead && offset <= maxDelay
    if (isNear && (other === undefined || Math.abs(offset) < Math.abs(other.offset))) {
      all.set(day, { offset, start, isCore: false })
    }
  }
  return { center, width, matches: all }
}

interface Habit {
  readonly center: number
  /** The due days on which it started. */
  readonly on: ReadonlyArray<number>
  readonly days: number
  readonly daysDue: number
  readonly streak: number
  readonly weekdays: ReadonlyArray<number>
  readonly offsets: ReadonlyArray<number>
}

/**
 * Returns the days of the week of a habit: all of them or all but one started, where there are at least three. Where it rests
 * on some, a single start on another says nothing.
 */
const weekdaysOf = (days: ReadonlySet<number>, first: number, last: number): ReadonlyArray<number> => {
  const counted = [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
    let due = 0
    let started = 0
    for (let day = first + modulo(weekday - weekdayOf(first), 7); day <= last; day += 7) {
      due++
      if (days.has(day)) started++
    }
    return { weekday, started, isUsual: started > 0 && started >= due - (due >= 3 ? 1 : 0) }
  }).filter(({ isUsual }) => isUsual)
  return counted.filter(({ started }) => counted.length === 7 || started > 1).map(({ weekday }) => weekday)
}

/** Returns the habit that the latest days of a group show, from the earliest day on that leaves it one. */
const habitOf = ({ center, matches, width }: Group, newest: number): Habit | undefined => {
  const all = [...matches.keys()].sort((a, b) => a - b)
  const last = all.at(-1) ?? 0
  for (let from = 0; from + minDays <= all.length; from++) {
    const days = new Set(all.slice(from))
    const first = all[from] ?? 0
    const weekdays = weekdaysOf(days, first, last)
    const isDue = (day: number) => weekdays.includes(weekdayOf(day))
    const counted = [...days].filter(isDue)
    let daysDue = 0
    let streak = 0
    for (let day = first; day <= last; day++) {
      if (!isDue(day)) continue
      daysDue++
      streak = days.has(day) ? streak + 1 : 0
    }
    const cores = counted.filter((day) => matches.get(day)?.isCore === true).length
    const isFew = daysDue < fewDays
    // On which days of the week it starts, two weeks show.
    if (isFew && (width > narrow || weekdays.length < 7)) continue
    if (counted.length < presence * daysDue) continue
    if (cores < (isFew ? 1 : core) * counted.length) continue
    let missed = 0
    for (let day = last + 1; day * dayMinutes + center < newest; day++) if (isDue(day)) missed++
    if (missed > maxMissed) return undefined
    const offsets = counted.map((day) => matches.get(day)?.offset ?? 0)
    return { center, on: counted, days: counted.length, daysDue, streak, weekdays, offsets }
  }
  return undefined
}

/** Finds the habits of starts by one clock, and how many starts they explain. */
const habitsBy = (clock: Clock, minutes: ReadonlyArray<number>, newest: number) => {
  const starts = minutes.map(clock.shown)
  const now = clock.shown(newest)
  const groups: Array<Group> = []
  let rest = starts
  let open = starts
  for (let center = densest(open, narrow); center !== undefined; center = densest(open, narrow)) {
    const others = rest
    const tried = widths.map((width) => {
      const group = groupAround(others, center ?? 0, width)
      const used = new Set([...group.matches.values()].map(({ start }) => start))
      const left = others.filter((start) => !used.has(start))
      return { group, used, left, days: habitOf(withOthers(group, left), now)?.days ?? 0 }
    })
    // The wider group only if it explains more days.
    const best = tried.reduce((best, each) => each.days > best.days ? each : best)
    open = open.filter((start) => !best.used.has(start))
    if (best.days === 0) continue
    groups.push(best.group)
    rest = best.left
  }
  const found = groups.map((group) => habitOf(withOthers(group, rest), now)).filter((habit) => habit !== undefined)
  const on = new Set(found.flatMap(({ on }) => on))
  const first = Math.min(...on)
  const active = new Set(starts.map((start) => Math.floor(start / dayMinutes)).filter((day) => day >= first))
  const habits = on.size >= explainedPart * active.size ? found : []
  // A start that came far too late may keep to the other clock.
  const near = habits.flatMap(({ offsets }) => offsets.filter((offset) => Math.abs(offset) <= narrow))
  return { clock, habits, explained: near.length }
}

const up = (minutes: number, to: number): number => Math.ceil(minutes / to) * to

const timeOf = ({ center, offsets, on: _, ...habit }: Habit, timeZone: string, fitsBothClocks: boolean): UsualTime => {
  const sorted = offsets.toSorted((a, b) => a - b)
  const far = offsets.map(Math.abs).sort((a, b) => a - b)
  // One start that came far too late tells little of the others.
  const latest = sorted.at(sorted.length >= fewDays ? -2 : -1) ?? 0
  const earliest = sorted.at(sorted.length >= fewDays ? 1 : 0) ?? 0
  return {
    at: timeOfDay(center),
    timeZone,
    fitsBothClocks,
    toleranceMinutes: Math.max(5, up(quantile(far, 0.9), 5)),
    ...habit,
    lateAfterMinutes: Math.min(Math.max(60, up(8 * latest + 20, 5)), 480),
    earlyMinutes: Math.min(Math.max(60, up(-4 * earliest, 5)), 240)
  }
}

/** `newest` is the minute at which the newest run of any job started: what is due until then and did not start was missed. */
export const usualTimes = (
  minutes: ReadonlyArray<number>,
  clock: Clock,
  newest: number
): ReadonlyArray<UsualTime> => {
  const local = habitsBy(clock, minutes, newest)
  // As long as the offset stays the same, the two clocks tell the same.
  const offsets = new Set([minutes[0] ?? newest, minutes.at(-1) ?? newest, newest].map(clock.offset))
  const global = offsets.size === 1 ? local : habitsBy(utc, minutes, newest)
  const best = global.explained > local.explained ? global : local
  const fitsBoth = clock.timeZone !== "UTC" &&
    Math.abs(global.explained - local.explained) < decisive * Math.max(1, best.habits.length)
  return best.habits.map((habit) => timeOf(habit, best.clock.timeZone, fitsBoth))
    .sort((a, b) => a.at < b.at ? -1 : 1)
}
