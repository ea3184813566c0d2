/**
 * Generates months of runs as healthy accounts have them, and plants faults. It knows nothing of the baseline: it has its
 * own clocks, schedules and dice.
 */
import * as DateTime from "effect/DateTime"
import { Run } from "../../src/index.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export const dice = (seed: number) => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (from: number, to: number): number => from + next() * (to - from)
  return {
    next,
    between,
    whole: (from: number, to: number): number => Math.floor(between(from, to + 1)),
    pick: <A>(values: readonly [A, ...ReadonlyArray<A>]): A => values[Math.floor(next() * values.length)] ?? values[0],
    normal: (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  }
}

export type Dice = ReturnType<typeof dice>

/** When the clocks of 2026 change, and by how many hours they are ahead of UTC until then and from then on. */
interface Zone {
  readonly timeZone: string
  readonly offsets: ReadonlyArray<number>
  readonly changes: ReadonlyArray<string>
}

const zones: readonly [Zone, ...ReadonlyArray<Zone>] = [
  { timeZone: "Europe/London", offsets: [0, 1, 0], changes: ["2026-03-29T01:00Z", "2026-10-25T01:00Z"] },
  { timeZone: "America/New_York", offsets: [-5, -4, -5], changes: ["2026-03-08T07:00Z", "2026-11-01T06:00Z"] },
  { timeZone: "Australia/Sydney", offsets: [11, 10, 11], changes: ["2026-04-04T16:00Z", "2026-10-03T16:00Z"] },
  { timeZone: "Asia/Kolkata", offsets: [5.5], changes: [] },
  { timeZone: "UTC", offsets: [0], changes: [] }
]

const offsetAt = ({ changes, offsets }: Zone, local: number): number => {
  const passed = changes.filter((change, index) => local - (offsets[index] ?? 0) * hour >= Date.parse(change)).length
  return (offsets[passed] ?? 0) * hour
}

export type Kind =
  | "nightly"
  | "weekdays"
  | "severalADay"
  | "interval"
  | "businessHours"
  | "weekly"
  | "manual"
  | "deploys"

export interface Job {
  readonly kind: Kind
  readonly jobID: number
  readonly environmentID: string
  /** The times of the day at which it starts, in minutes. */
  readonly times: ReadonlyArray<number>
  readonly weekdays: ReadonlyArray<number>
  /** Whether its scheduler keeps to UTC, as Coalesce's own does. */
  readonly isUtc: boolean
  readonly jitter: "none" | "even" | "late"
  readonly seconds: number
  /** How skewed its durations are: the standard deviation of their logarithm. */
  readonly skew: number
  readonly nodes: number
}

export interface MonthRun {
  readonly job: Job
  readonly start: number | undefined
  readonly seconds: number
  readonly runStatus: "completed" | "failed" | "canceled"
  readonly nodes: number
  /** Whether a person started it. */
  readonly isManual: boolean
  /** The run that this one ran again. */
  readonly of?: MonthRun
  /** When a run without a start began to wait. */
  readonly waitsFrom?: number
}

export interface Month {
  readonly timeZone: string
  readonly zone: Zone
  /** The first moment of the first day, by the zone's clock, and the days that follow. */
  readonly first: number
  readonly days: number
  readonly jobs: ReadonlyArray<Job>
  readonly runs: ReadonlyArray<MonthRun>
}

const everyDay = [0, 1, 2, 3, 4, 5, 6]
const workdays = [1, 2, 3, 4, 5]

const steps = (from: number, to: number, by: number): ReadonlyArray<number> =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by)

const makeJob = (kind: Kind, jobID: number, roll: Dice, knowsHolidays: boolean): Job => {
  // Around midnight the day of a holiday would be a matter of seconds.
  const nearMidnight = kind === "weekdays" && knowsHolidays ? 3 : 0
  const at = roll.whole(nearMidnight, 95 - nearMidnight) * 15
  const every = roll.pick([60, 60, 60, 30, 15])
  const count = roll.whole(2, 6)
  const times = {
    nightly: [at],
    weekdays: [at],
    severalADay: steps(at % 240, 1439, Math.floor(1440 / count)).slice(0, count),
    interval: steps(0, 1439, every),
    businessHours: steps(8 * 60, 18 * 60, 30),
    weekly: [at],
    manual: [],
    deploys: [at]
  }
  const weekdays = kind === "weekly"
    ? [roll.whole(0, 6)]
    : kind === "weekdays" || kind === "businessHours"
    ? workdays
    : everyDay
  const isOften = kind === "interval" || kind === "businessHours"
  return {
    kind,
    jobID,
    environmentID: String(roll.whole(1, 3)),
    times: times[kind],
    weekdays,
    // A calendar of holidays goes by the local day.
    isUtc: roll.next() < 0.5 && !(knowsHolidays && weekdays === workdays),
    jitter: isOften ? roll.pick(["none", "even"]) : roll.pick(["none", "none", "even", "late"]),
    seconds: isOften ? roll.between(30, 600) : Math.exp(roll.between(Math.log(60), Math.log(3 * 3600))),
    skew: roll.between(0.05, 0.5),
    nodes: roll.whole(5, 400)
  }
}

const delayOf = ({ jitter, kind }: Job, roll: Dice): number => {
  const scale = kind === "interval" || kind === "businessHours" ? 2 : 10
  return jitter === "none"
    ? roll.between(0, 1)
    : jitter === "even"
    ? roll.normal() * scale
    : -Math.log(1 - roll.next()) * scale
}

const isMonthEnd = (time: number): boolean => {
  const date = new Date(time).getUTCDate()
  return date >= 30 || date <= 2
}

/** Generates a healthy month. Kinds that it must have come beside those that the dice choose. */
export const healthyMonth = (seed: number, needed: ReadonlyArray<Kind> = []): Month => {
  const roll = dice(seed)
  const zone = roll.pick(zones)
  // In every other month daylight saving begins or ends.
  const change = zone.changes.length > 0 && roll.next() < 0.6
    ? Date.parse(roll.pick([zone.changes[0] ?? "", zone.changes[1] ?? ""]))
    : undefined
  const days = 35
  const first = change === undefined
    ? Date.UTC(2026, 0, 5) + roll.whole(0, 320) * day
    : Math.floor(change / day) * day - roll.whole(3, days - 1) * day
  const kinds: Array<Kind> = [...needed, "nightly", "nightly"]
  for (const [kind, chance] of chances) if (roll.next() < chance) kinds.push(kind)
  const holidays = new Set(steps(1, roll.whole(0, 2), 1).map(() => roll.whole(0, days - 1)))
  // Whoever keeps holidays has more than one job that keeps them.
  const resting = kinds.filter((kind) => kind === "weekdays" || kind === "businessHours")
  if (holidays.size > 0 && resting.length === 1) kinds.push("weekdays")
  const jobs = kinds.map((kind, index) => makeJob(kind, index + 1, roll, holidays.size > 0))
  const load = roll.between(1.2, 2.5)
  const runs: Array<MonthRun> = []
  const add = (job: Job, local: number, isUtc: boolean, isManual = false): void => {
    const start = isUtc ? local - (zone.offsets[0] ?? 0) * hour : local - offsetAt(zone, local)
    const heavy = isMonthEnd(local)
    const seconds = Math.max(1, job.seconds * Math.exp(roll.normal() * job.skew) * (heavy ? load : 1))
    const chance = roll.next()
    const run: MonthRun = {
      job,
      start,
      isManual,
      seconds: chance < 0.03 ? seconds * roll.next() : seconds,
      runStatus: chance < 0.03 ? "failed" : chance < 0.035 ? "canceled" : "completed",
      nodes: Math.max(1, Math.round(job.nodes * (1 + (start - first) / day / 200) * roll.between(0.97, 1.03)))
    }
    runs.push(run)
    if (run.runStatus === "failed" && roll.next() < 0.6) {
      const again = start + run.seconds * 1000 + roll.between(5, 90) * minute
      runs.push({ ...run, start: again, seconds, runStatus: "completed", of: run })
    }
  }
  for (const job of jobs) {
    for (let index = 0; index < days; index++) {
      const midnight = first + index * day
      const isWorkday = workdays.includes(new Date(midnight).getUTCDay()) && !holidays.has(index)
      const rests = job.weekdays.length === 5 && holidays.has(index)
      if (job.weekdays.includes(new Date(midnight).getUTCDay()) && !rests) {
        const heavy = isMonthEnd(midnight) ? roll.between(0, 10) : 0
        for (const time of job.times) add(job, midnight + (time + delayOf(job, roll) + heavy) * minute, job.isUtc)
      }
      // People start jobs by hand, mostly on workdays.
      const often = job.kind === "manual" ? 0.5 : job.kind === "interval" ? 0 : 0.05
      if (roll.next() < (isWorkday ? often : often / 5)) add(job, midnight + roll.between(8, 19) * hour, false, true)
    }
  }
  return { timeZone: zone.timeZone, zone, first: first - offsetAt(zone, first), days, jobs, runs }
}

const chances: ReadonlyArray<readonly [Kind, number]> = [
  ["nightly", 0.7],
  ["nightly", 0.5],
  ["weekdays", 0.6],
  ["weekdays", 0.5],
  ["severalADay", 0.4],
  ["interval", 0.35],
  ["businessHours", 0.25],
  ["weekly", 0.4],
  ["manual", 0.7],
  ["manual", 0.4],
  ["deploys", 0.3]
]

/** A run as the API shows it once it has ended, with its id. */
const shown = (
  { job, nodes, runStatus, seconds, start }: MonthRun,
  id: number,
  original: number | undefined
): Run.Run => {
  const common = {
    id: Run.RunId.make(id),
    ...(original === undefined ? {} : { reRunID: Run.RunId.make(original) }),
    ...(start === undefined ? { runStatus: "waitingToRun" } : {
      runStatus,
      runStartTime: DateTime.makeUnsafe(start),
      runEndTime: DateTime.makeUnsafe(start + Math.round(seconds) * 1000)
    })
  }
  const { environmentID, jobID, kind } = job
  return kind === "deploys"
    ? { ...common, runType: "deploy", runDetails: { environmentID, nodesInRun: nodes } }
    : {
      ...common,
      runType: "refresh",
      runDetails: { environmentID, jobID, jobName: `Job ${jobID}`, nodesInRun: nodes }
    }
}

/** Returns a function to the runs that were at work between two times, as the API shows them at the second. */
export const api = (month: Month) => {
  const ordered = month.runs.map((run) => ({ run, at: run.start ?? run.waitsFrom ?? 0 })).sort((a, b) => a.at - b.at)
  const ids = new Map(ordered.map(({ run }, index) => [run, index + 1]))
  const rows = ordered.map(({ at, run }, index) => {
    const end = run.start === undefined ? Infinity : at + Math.round(run.seconds) * 1000
    return { at, end, whole: shown(run, index + 1, run.of && ids.get(run.of)) }
  })
  return (since: number, now: number): ReadonlyArray<Run.Run> =>
    rows.filter(({ at, end }) => at <= now && end >= since)
      .map(({ end, whole }) => end <= now || end === Infinity ? whole : running(whole))
}

const running = ({ runEndTime: _, ...begun }: Run.Run): Run.Run => ({ ...begun, runStatus: "running" })
