/** Defines a scenario, and adds and changes its runs. Public through `Scenario.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Pipeable from "effect/Pipeable"
import * as check from "../check/options.ts"
import type { SimulatedRun } from "../SimulatedRun.ts"
import * as Calendar from "./calendar.ts"
import { nodeNames } from "./nodes.ts"
import { type PlannedRun, toRuns } from "./plannedRun.ts"
import type { Project } from "./platforms.ts"
import type { Job } from "./schedule.ts"

/**
 * A history of runs. {@link make} starts one, and each step takes a scenario and returns the next, so that you build it with
 * `pipe`. {@link runs} returns the runs that the simulator serves.
 */
export interface Scenario extends Pipeable.Pipeable {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  readonly projects: ReadonlyArray<Project>
  /** @internal */
  readonly plannedRuns: ReadonlyArray<PlannedRun>
  /** @internal */
  readonly jobs: ReadonlyArray<Job>
}

/**
 * A moment.
 *
 * **Details**
 *
 * - a `DateTime`, a `Date`, or ISO text
 * - `{ at: "02:00", daysAgo: 1 }`: a time of day in the scenario's zone, some days before today. Default for `daysAgo`: 0.
 * - `{ ago: "20 minutes" }`: a duration before now
 * - `{ night: 0.4, nightsAgo: 1 }`: a place in last night, from its beginning (0) to its end (1). With `nightsAgo`, the moment
 *   as long after 18:00 some nights earlier. Last night is from 18:00 of the day before to noon of the day, or to now if that
 *   is earlier.
 */
export type When = Calendar.When

/**
 * Selects runs by the name of their job or their own name, counted `back` from the latest. Default for `back`: 0, the latest.
 *
 * **Example** (Every third night)
 *
 * ```ts
 * import { Scenario } from "@coalesce-runs/simulator"
 *
 * const everyThird: Scenario.Which = { of: "Nightly sales", back: (back) => back % 3 === 0 }
 * const lastFive: Scenario.Which = { of: "Nightly sales", back: [0, 1, 2, 3, 4] }
 * ```
 */
export interface Which {
  readonly of: string
  readonly back?: number | ReadonlyArray<number> | ((back: number) => boolean)
}

/** What each part of a selection of runs must be. */
export const whichShape: check.Shape<Which> = {
  of: check.required(check.text),
  back: check.either(check.number, check.array, check.callback)
}

/** What a moment must be. */
export const when: check.Expected = check.either(check.moment, check.plain)

/** What nodes by name or number must be. */
export const nodesShape = check.either(check.number, check.texts)

interface State {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  readonly projects: ReadonlyArray<Project>
  readonly plannedRuns: ReadonlyArray<PlannedRun>
  readonly jobs: ReadonlyArray<Job>
}

class ScenarioImpl extends Pipeable.Class implements Scenario {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  readonly projects: ReadonlyArray<Project>
  readonly plannedRuns: ReadonlyArray<PlannedRun>
  readonly jobs: ReadonlyArray<Job>
  constructor({ now, timeZone, seed, firstID, jobs, plannedRuns, projects }: State) {
    super()
    this.now = now
    this.timeZone = timeZone
    this.seed = seed
    this.firstID = firstID
    this.projects = projects
    this.plannedRuns = plannedRuns
    this.jobs = jobs
  }
}

/**
 * Makes a scenario without runs that ends at `now`.
 *
 * **Details**
 *
 * `timeZone` is an IANA name or an offset. Default: UTC. `seed` sets everything random. Default: 1. Ids start at `firstID`.
 * Default: 1001.
 */
export const make = (options: {
  readonly now: DateTime.DateTime | Date | string
  readonly timeZone?: string | DateTime.TimeZone
  readonly seed?: number
  readonly firstID?: number
}): Scenario => {
  check.checkOptions("Scenario.make", options, {
    now: check.required(check.moment),
    timeZone: check.zone,
    seed: check.number,
    firstID: check.number
  })
  const { timeZone = "UTC", seed = 1, firstID = 1001 } = options
  return new ScenarioImpl({
    now: DateTime.toUtc(DateTime.makeUnsafe(options.now)),
    timeZone: typeof timeZone === "string"
      ? DateTime.makeZonedUnsafe(0, { timeZone }).zone
      : timeZone,
    seed,
    firstID,
    projects: [],
    plannedRuns: [],
    jobs: []
  })
}

export const calendarOf = ({ now, timeZone }: Scenario): Calendar.Calendar => ({
  now: DateTime.toEpochMillis(now),
  zone: timeZone
})

export const millis = (duration: Duration.Input) => Duration.toMillis(Duration.fromInputUnsafe(duration))

const withPlanned = (self: Scenario, plannedRuns: ReadonlyArray<PlannedRun>): Scenario =>
  new ScenarioImpl({ ...self, plannedRuns })

/** Keeps a job, so that a live simulator goes on with it. */
export const withJob = (self: Scenario, job: Job): Scenario => new ScenarioImpl({ ...self, jobs: [...self.jobs, job] })

interface NewRun extends Partial<Omit<PlannedRun, "key">> {
  readonly name: string
  readonly created: number
  readonly environmentID: string
}

/** Adds runs. A run that would end after now is still running. */
export const add = (self: Scenario, added: ReadonlyArray<NewRun>): Scenario => {
  const now = DateTime.toEpochMillis(self.now)
  // Not the number of runs: some may have been removed.
  const firstKey = self.plannedRuns.reduce((key, planned) => Math.max(key, planned.key + 1), 0)
  return withPlanned(self, [
    ...self.plannedRuns,
    ...added.map((planned, index): PlannedRun => {
      if (planned.created > now) {
        throw new Error(
          `"${planned.name}" would start at ${new Date(planned.created).toISOString()}, which is after now`
        )
      }
      const goesOn = planned.ended !== undefined && planned.ended > now
      return {
        runType: "refresh",
        runStatus: "completed",
        started: planned.created,
        details: {},
        nodes: nodeNames(12),
        failures: [],
        blocked: [],
        tests: [],
        work: {},
        reason: undefined,
        reRunKey: undefined,
        edit: (run) => run,
        ...planned,
        ...(goesOn ? { runStatus: "running", ended: undefined } : {}),
        ended: goesOn ? undefined : planned.ended,
        key: firstKey + index
      }
    })
  ])
}

const selected = (self: Scenario, { of, back = 0 }: Which): ReadonlyArray<PlannedRun> => {
  const isMeant = typeof back === "function"
    ? back
    : typeof back === "number"
    ? (index: number) => index === back
    : (index: number) => back.includes(index)
  const found = self.plannedRuns
    .filter(({ name }) => name === of)
    .sort((a, b) => b.created - a.created)
    .filter((_, index) => isMeant(index))
  if (found.length === 0) throw new Error(`The scenario has no such run: ${JSON.stringify({ of, back })}`)
  return found
}

export const onlyOne = (self: Scenario, which: Which): PlannedRun => {
  const [planned, ...others] = selected(self, which)
  if (planned === undefined || others.length > 0) throw new Error(`Expected one run of "${which.of}"`)
  return planned
}

export const change = (self: Scenario, which: Which, f: (planned: PlannedRun) => PlannedRun): Scenario => {
  const meant = new Set(selected(self, which))
  return withPlanned(self, self.plannedRuns.map((planned) => meant.has(planned) ? f(planned) : planned))
}

/**
 * Adds a project: its environments, all on one platform. Their runs have credentials, SQL and queries as there, and only lists
 * of this `projectID`, or of every project, have them. Environments of no project are on Snowflake.
 */
export const project = (project: Project) => (self: Scenario): Scenario =>
  new ScenarioImpl({ ...self, projects: [...self.projects, project] })

/** Removes runs, as if nobody had started them. */
export const missing = (which: Which) => (self: Scenario): Scenario => {
  const meant = new Set(selected(self, which))
  return withPlanned(self, self.plannedRuns.filter((planned) => !meant.has(planned)))
}

/** Returns the runs of the scenario, oldest first. */
export const runs = (self: Scenario): ReadonlyArray<SimulatedRun> => Array.from(toRuns(self.plannedRuns, self).values())

/** Returns one run as the simulator serves it, so that a test knows its id. Throws if there is none. */
export const find = (self: Scenario, of: string, back = 0): SimulatedRun => {
  const run = toRuns(self.plannedRuns, self).get(onlyOne(self, { of, back }).key)
  if (run === undefined) throw new Error(`The scenario has no run of "${of}"`)
  return run
}
