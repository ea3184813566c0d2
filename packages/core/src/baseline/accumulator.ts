/**
 * Folds runs into a baseline, in place. The result is the same in whichever order they come, and a run that comes twice
 * counts once: everything is counted by the day of UTC on which a run started, and each day knows the ids of its runs.
 */
import * as DateTime from "effect/DateTime"
import * as Struct from "effect/Struct"
import { integer, isPlain, type Shape, text } from "../error/check.ts"
import { environmentKey, jobKey, jobOf, ownName } from "../list/jobKey.ts"
import { JobPlaces } from "../list/jobPlaces.ts"
import * as Run from "../Run.ts"
import { machineZone } from "../window/zone.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { ownText } from "../wire/ownText.ts"
import { dayName, dayNumber } from "./clock.ts"
import { DayCount } from "./dayCount.ts"
import { DayList } from "./dayList.ts"
import { IdRanges } from "./idRanges.ts"
import type { Baseline, Day, Job } from "./model.ts"
import { version } from "./model.ts"
import { usualOf } from "./usual.ts"

/** How runs are folded. */
export interface FoldOptions {
  /** The zone of the times of the day. Default: that of `previous`, or the machine's. */
  readonly timeZone?: string | undefined
  /** How many days are kept, 1 to 400: those up to the day of the newest run, in UTC. Default: that of `previous`, or 28. */
  readonly days?: number | undefined
  /** The baseline to bring up to date. Its runs are not counted again. */
  readonly previous?: Baseline | undefined
}

/** What each option of a fold must be. */
export const foldShape: Shape<FoldOptions> = {
  timeZone: text,
  days: integer(1, 400),
  previous: ["Expected a baseline", isPlain]
}

type Identity = Pick<Job, typeof identityKeys[number]>

interface JobState {
  readonly identity: Identity
  readonly rank: string
  /** A day of the previous baseline stays as it is until a run is added to it. */
  readonly days: DayList<DayCount | Day>
  jobName: string | undefined
  namedBy: number
}

interface DayState {
  readonly ids: IdRanges
  first: number
  last: number
}

const identityKeys = [
  "key",
  "runType",
  "environmentID",
  "jobID",
  "includeNodesSelector",
  "excludeNodesSelector"
] as const

const maxJobs = 1000

/** So many more have a place until the last of them lose it, all at once. */
const spareJobs = 250

const maxUnfinished = 100

/** So many ids of runs that did not end, or did not start, are kept while runs are added. */
const maxLoose = 10_000

const dayMillis = 86_400_000

/** Jobs and deploys come before selectors, of which there may be any number. */
const rankOf = ({ jobID, key, runType }: Identity): string =>
  `${runType === "deploy" || jobID !== undefined ? 0 : 1} ${key}`

/** Returns a set with one id more. Where it is full it keeps the newest ones. */
const withID = (ids: Set<number>, id: number): Set<number> => {
  ids.add(id)
  return ids.size <= 2 * maxLoose ? ids : new Set([...ids].sort((a, b) => a - b).slice(-maxLoose))
}

export class Accumulator {
  readonly #timeZone: string
  readonly #maxDays: number
  readonly #days = new DayList<DayState>()
  // Entries of these are never deleted one after another: a Map leaves a chain of old tables behind, and one of them that lives
  // long keeps all later ones, with their entries, until the engine collects its whole heap.
  #jobs = new Map<string, JobState>()
  #byJob = new JobPlaces<JobState>()
  /** The last rank that has a place, once there are more jobs than places. */
  #lastRank: string | undefined
  readonly #spareDays: Array<DayCount> = []
  #newestDay = Number.NEGATIVE_INFINITY
  #newestID = 0
  #truncated: Baseline["truncated"]
  #unfinished = new Set<number>()
  /** Runs that ended without a start, such as one that was canceled while it waited. */
  #gone = new Set<number>()

  constructor({ days, previous, timeZone }: FoldOptions = {}) {
    this.#timeZone = timeZone ?? previous?.timeZone ?? machineZone().name
    this.#maxDays = Math.min(Math.max(Math.trunc(days ?? previous?.maxDays ?? 28) || 28, 1), 400)
    this.#truncated = previous?.truncated ?? false
    if (previous !== undefined) this.#restore(previous)
  }

  #restore({ days, jobs, newestID, unfinishedIDs }: Baseline): void {
    for (const { day, ids, newest, oldest, runs } of days) {
      const [first, last] = [DateTime.toEpochMillis(oldest), DateTime.toEpochMillis(newest)]
      this.#days.set(dayNumber(day), { ids: new IdRanges(ids, runs), first, last })
    }
    for (const { days, jobName, ...job } of jobs) {
      const state = this.#begin(Struct.pick(job, identityKeys))
      if (state === undefined) continue
      state.jobName = jobName
      for (const day of days) state.days.set(dayNumber(day.day), day)
    }
    for (const id of unfinishedIDs) this.#unfinished.add(id)
    this.#newestID = newestID ?? 0
    const newest = this.#days.sorted().at(-1)
    if (newest !== undefined) this.#advance(newest[0])
  }

  /** Takes back that a run is not known to have ended: it is not there any more. */
  forget(id: number): void {
    this.#unfinished.delete(id)
  }

  /** Says that earlier runs were not read. */
  truncate(truncated: Baseline["truncated"]): void {
    this.#truncated = truncated
  }

  add(run: Run.AnyRun): this {
    if (run.id > this.#newestID) this.#newestID = run.id
    if (!Run.hasEnded(run)) {
      if (!this.#gone.has(run.id)) this.#unfinished = withID(this.#unfinished, run.id)
      return this
    }
    this.#unfinished.delete(run.id)
    if (run.runStartTime === undefined) {
      this.#gone = withID(this.#gone, run.id)
      return this
    }
    const start = DateTime.toEpochMillis(run.runStartTime)
    const day = Math.floor(start / dayMillis)
    if (day <= this.#newestDay - this.#maxDays) return this
    if (day > this.#newestDay) this.#advance(day)
    const counted = this.#days.get(day) ?? { ids: new IdRanges(), first: start, last: start }
    this.#days.set(day, counted)
    if (!counted.ids.add(run.id)) return this
    counted.first = Math.min(counted.first, start)
    counted.last = Math.max(counted.last, start)
    this.#count(run, day, Math.floor((start - day * dayMillis) / 60_000))
    return this
  }

  /** Returns the job of a run, if it has a place. A name of the job is made once, because most runs are of a few jobs. */
  #stateOf(run: Run.AnyRun): JobState | undefined {
    const known = this.#byJob.get(run)
    if (known !== undefined) return known
    const job = jobOf(run)
    const key = `${jobKey(job)} in ${environmentKey(Run.environmentID(run))}`
    const state = this.#jobs.get(key) ?? this.#begin({
      key: ownText(key),
      runType: ownText(run.runType),
      ...omitUndefined({
        environmentID: ownName(Run.environmentID(run)),
        jobID: job?.jobID,
        includeNodesSelector: ownName(job?.includeNodesSelector),
        excludeNodesSelector: ownName(job?.excludeNodesSelector)
      })
    })
    if (state !== undefined) this.#byJob.set(run, state)
    return state
  }

  #count(run: Run.AnyRun, day: number, minute: number): void {
    const state = this.#stateOf(run)
    if (state === undefined) return
    const name = Run.jobName(run)
    if (name !== undefined && run.id >= state.namedBy) {
      state.namedBy = run.id
      if (name !== state.jobName) state.jobName = ownName(name)
    }
    const known = state.days.get(day)
    const count = known instanceof DayCount ? known : (this.#spareDays.pop() ?? new DayCount()).begin(known)
    state.days.set(day, count)
    count.add(run, minute)
  }

  /** Gives a job its place. The jobs of the smallest ranks keep theirs, in whichever order they come. */
  #begin(identity: Identity): JobState | undefined {
    const state = {
      identity,
      rank: rankOf(identity),
      days: new DayList<DayCount | Day>(),
      jobName: undefined,
      namedBy: 0
    }
    if (this.#lastRank !== undefined && state.rank > this.#lastRank) return undefined
    this.#jobs.set(identity.key, state)
    if (this.#jobs.size <= maxJobs + spareJobs) return state
    const kept = this.#listed()
    const places = new Set(kept)
    for (const each of this.#jobs.values()) if (!places.has(each)) this.#expire(each, Number.POSITIVE_INFINITY)
    this.#lastRank = kept.at(-1)?.rank
    this.#jobs = new Map(kept.map((each) => [each.identity.key, each]))
    this.#byJob = new JobPlaces()
    return this.#jobs.get(identity.key)
  }

  /** Returns the jobs of the smallest ranks, in their order. */
  #listed(): ReadonlyArray<JobState> {
    return [...this.#jobs.values()].sort((a, b) => a.rank < b.rank ? -1 : 1).slice(0, maxJobs)
  }

  /** Lets the days of a job expire up to one. */
  #expire({ days }: JobState, oldest: number): void {
    for (const count of days.expire(oldest)) if (count instanceof DayCount) this.#spareDays.push(count)
  }

  /** Moves to a newer day. Days that are too old expire. */
  #advance(newest: number): void {
    this.#newestDay = newest
    const oldest = newest - this.#maxDays
    this.#days.expire(oldest)
    for (const state of this.#jobs.values()) this.#expire(state, oldest)
    const kept = [...this.#jobs].filter(([, { days }]) => days.size > 0)
    if (kept.length === this.#jobs.size) return
    this.#jobs = new Map(kept)
    this.#byJob = new JobPlaces()
    this.#lastRank = undefined
  }

  /** Returns the baseline of the runs so far. More can be added afterwards. */
  result(): Baseline {
    const days = this.#days.sorted()
    const firstID = Math.min(...days.map(([, { ids }]) => ids.first ?? Infinity))
    const unfinished = [...this.#unfinished].filter((id) => id > firstID || days.length === 0)
      .filter((id) => !days.some(([, { ids }]) => ids.has(id)))
    const [first, last] = [days[0]?.[1].first, days.at(-1)?.[1].last]
    const runs = days.reduce((sum, [, { ids }]) => sum + ids.count, 0)
    const newestMinute = last === undefined ? 0 : Math.floor(last / 60_000)
    const jobs = this.#listed().map(({ days, identity, jobName }): Job => {
      const counted = days.sorted().map(([day, count]) =>
        count instanceof DayCount ? count.result(dayName(day)) : count
      )
      return {
        ...identity,
        ...omitUndefined({ jobName }),
        ...usualOf(counted, this.#timeZone, newestMinute),
        days: counted
      }
    })
    return {
      version,
      timeZone: this.#timeZone,
      maxDays: this.#maxDays,
      ...omitUndefined({
        newestID: this.#newestID === 0 ? undefined : Run.RunId.make(this.#newestID),
        oldest: first === undefined ? undefined : DateTime.makeUnsafe(first),
        newest: last === undefined ? undefined : DateTime.makeUnsafe(last)
      }),
      runs,
      otherRuns: runs - jobs.reduce((sum, job) => sum + job.runs, 0),
      truncated: this.#truncated,
      days: days.map(([day, { first, ids, last }]) => ({
        day: dayName(day),
        runs: ids.count,
        oldest: DateTime.makeUnsafe(first),
        newest: DateTime.makeUnsafe(last),
        ids: ids.result().map(([first, last]) => [Run.RunId.make(first), Run.RunId.make(last)])
      })),
      unfinishedIDs: unfinished.sort((a, b) => a - b).slice(-maxUnfinished).map((id) => Run.RunId.make(id)),
      jobs
    }
  }
}
