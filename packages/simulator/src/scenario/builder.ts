/** What a scenario is, and how one gets more runs or changes those it has. Public through `Scenario.ts`. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Pipeable from "effect/Pipeable"
import type { SimulatedRun } from "../SimulatedRun.ts"
import * as Calendar from "./calendar.ts"
import { nodeNames } from "./nodes.ts"
import { type Draft, toRuns } from "./runDraft.ts"

/**
 * A history of runs in the making. Everything but {@link make} takes one and gives the next, so that it is built with
 * `pipe`; {@link runs} gives what the simulator serves.
 *
 * @category models
 * @since 0.1.0
 */
export interface Scenario extends Pipeable.Pipeable {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  /** @internal */
  readonly drafts: ReadonlyArray<Draft>
}

/**
 * A moment.
 *
 * **Details**
 *
 * - a `DateTime`, a `Date`, or ISO text
 * - `{ at: "02:00", daysAgo: 1 }`: a time of day in the scenario's zone, so many days before today (0 unless given)
 * - `{ ago: "20 minutes" }`: so long before now
 * - `{ night: 0.4, nightsAgo: 1 }`: a place in last night, from its begin (0) to its end (1), or as long after 18:00 so
 *   many nights earlier. Last night is 18:00 of the day before to noon of the day, or now if that is earlier.
 *
 * @category models
 * @since 0.1.0
 */
export type When = Calendar.When

/**
 * Which runs are meant: those of a job, or the run of that name, counted `back` from the latest (0, unless given).
 *
 * **Example** (Every third night)
 *
 * ```ts
 * import { Scenario } from "@coalesce-runs/simulator"
 *
 * const everyThird: Scenario.Which = { of: "Nightly sales", back: (back) => back % 3 === 0 }
 * const lastFive: Scenario.Which = { of: "Nightly sales", back: [0, 1, 2, 3, 4] }
 * ```
 *
 * @category models
 * @since 0.1.0
 */
export interface Which {
  readonly of: string
  readonly back?: number | ReadonlyArray<number> | ((back: number) => boolean)
}

interface State {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  readonly drafts: ReadonlyArray<Draft>
}

class ScenarioImpl extends Pipeable.Class implements Scenario {
  readonly now: DateTime.Utc
  readonly timeZone: DateTime.TimeZone
  readonly seed: number
  readonly firstID: number
  readonly drafts: ReadonlyArray<Draft>
  constructor({ now, timeZone, seed, firstID, drafts }: State) {
    super()
    this.now = now
    this.timeZone = timeZone
    this.seed = seed
    this.firstID = firstID
    this.drafts = drafts
  }
}

/**
 * A history without any run, up to `now`. `timeZone` is an IANA name or an offset, UTC unless given. Ids start at
 * `firstID`, 1001 unless given.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: {
  readonly now: DateTime.DateTime | Date | string
  readonly timeZone?: string | DateTime.TimeZone
  readonly seed?: number
  readonly firstID?: number
}): Scenario => {
  const { timeZone = "UTC", seed = 1, firstID = 1001 } = options
  return new ScenarioImpl({
    now: DateTime.toUtc(DateTime.makeUnsafe(options.now)),
    timeZone: typeof timeZone === "string"
      ? DateTime.makeZonedUnsafe(0, { timeZone }).zone
      : timeZone,
    seed,
    firstID,
    drafts: []
  })
}

export const calendarOf = ({ now, timeZone }: Scenario): Calendar.Calendar => ({
  now: DateTime.toEpochMillis(now),
  zone: timeZone
})

export const millis = (duration: Duration.Input) => Duration.toMillis(Duration.fromInputUnsafe(duration))

const withDrafts = (self: Scenario, drafts: ReadonlyArray<Draft>): Scenario => new ScenarioImpl({ ...self, drafts })

interface NewDraft extends Partial<Omit<Draft, "key">> {
  readonly name: string
  readonly created: number
  readonly environmentID: string
}

/** Adds runs. One that would end after now is still running. */
export const add = (self: Scenario, added: ReadonlyArray<NewDraft>): Scenario => {
  const now = DateTime.toEpochMillis(self.now)
  return withDrafts(self, [
    ...self.drafts,
    ...added.map((draft, index): Draft => {
      if (draft.created > now) {
        throw new Error(`"${draft.name}" would start at ${new Date(draft.created).toISOString()}, which is after now`)
      }
      const goesOn = draft.ended !== undefined && draft.ended > now
      return {
        runType: "refresh",
        runStatus: "completed",
        started: draft.created,
        details: {},
        nodes: nodeNames(12),
        failures: [],
        blocked: [],
        tests: [],
        reason: undefined,
        reRunOf: undefined,
        edit: (run) => run,
        ...draft,
        ...(goesOn ? { runStatus: "running", ended: undefined } : {}),
        ended: goesOn ? undefined : draft.ended,
        key: self.drafts.length + index
      }
    })
  ])
}

const chosen = (self: Scenario, { of, back = 0 }: Which): ReadonlyArray<Draft> => {
  const isMeant = typeof back === "function"
    ? back
    : typeof back === "number"
    ? (index: number) => index === back
    : (index: number) => back.includes(index)
  const found = self.drafts
    .filter(({ name }) => name === of)
    .sort((a, b) => b.created - a.created)
    .filter((_, index) => isMeant(index))
  if (found.length === 0) throw new Error(`The scenario has no such run: ${JSON.stringify({ of, back })}`)
  return found
}

export const one = (self: Scenario, which: Which): Draft => {
  const [draft, ...others] = chosen(self, which)
  if (draft === undefined || others.length > 0) throw new Error(`Expected one run of "${which.of}"`)
  return draft
}

export const change = (self: Scenario, which: Which, f: (draft: Draft) => Draft): Scenario => {
  const meant = new Set(chosen(self, which))
  return withDrafts(self, self.drafts.map((draft) => meant.has(draft) ? f(draft) : draft))
}

/**
 * The runs of the scenario, the oldest first.
 *
 * @category getters
 * @since 0.1.0
 */
export const runs = (self: Scenario): ReadonlyArray<SimulatedRun> => Array.from(toRuns(self.drafts, self).values())

/**
 * One run as it is served, so that a test knows its id. It throws where there is none.
 *
 * @category getters
 * @since 0.1.0
 */
export const find = (self: Scenario, of: string, back = 0): SimulatedRun => {
  const run = toRuns(self.drafts, self).get(one(self, { of, back }).key)
  if (run === undefined) throw new Error(`The scenario has no run of "${of}"`)
  return run
}
