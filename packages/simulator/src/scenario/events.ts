/** Adds refreshes and deploys to a scenario. Public through `Scenario.ts`. */
import type * as Duration from "effect/Duration"
import * as check from "../check/options.ts"
import { add, calendarOf, millis, nodesShape, type Scenario, type When, when, withJob } from "./builder.ts"
import * as Calendar from "./calendar.ts"
import { nodeNames } from "./nodes.ts"
import { between, chance, hex } from "./random.ts"
import { type DueTimes, isTimesOfDay, type Schedule } from "./schedule.ts"

const namesOf = (nodes: number | ReadonlyArray<string> | undefined, fallback: number): ReadonlyArray<string> =>
  typeof nodes === "object" ? nodes : nodeNames(nodes ?? fallback)

/** What the runs of a job have in common. */
export interface Refresh {
  readonly environmentID: string
  /** The job's id. Absent for a run with a selector of its own. */
  readonly jobID?: number
  /** How long a run takes. Default: 10 minutes. */
  readonly takes?: Duration.Input
  /** The nodes in the order in which they run, or their number. Default: 12. */
  readonly nodes?: number | ReadonlyArray<string>
  readonly includeNodesSelector?: string
  readonly excludeNodesSelector?: string
}

const refreshShape: check.Shape<Refresh> = {
  environmentID: check.required(check.text),
  jobID: check.number,
  takes: check.duration,
  nodes: nodesShape,
  includeNodesSelector: check.text,
  excludeNodesSelector: check.text
}

const plannedRefresh = (name: string, options: Refresh) => ({
  name,
  environmentID: options.environmentID,
  nodes: namesOf(options.nodes, 12),
  details: {
    ...(options.jobID === undefined ? {} : { jobID: options.jobID }),
    refreshDescription: name,
    ...(options.includeNodesSelector === undefined ? {} : { includeNodesSelector: options.includeNodesSelector }),
    ...(options.excludeNodesSelector === undefined ? {} : { excludeNodesSelector: options.excludeNodesSelector })
  }
})

/**
 * Adds a completed refresh for each time that a job was due, up to now. Change the refreshes with {@link failure} and
 * similar steps.
 *
 * **Details**
 *
 * `at` is, for example, `"02:00"`, `["02:00", "14:00"]`, `{ every: "1 hour" }` or `{ night: 0.4 }`. `days` is the number of
 * days, including today. Default: 14. `weekdays` are the days of the week on which it is due, in the zone, from 0 (Sunday) to 6.
 * Default: all. A run starts up to `jitter` late. Default: 3 seconds. It takes up to a tenth more or less
 * than `takes`.
 */
export const job = (
  options: Refresh & {
    readonly name: string
    readonly at: Schedule
    readonly days?: number
    readonly weekdays?: ReadonlyArray<number>
    readonly jitter?: Duration.Input
  }
) =>
(self: Scenario): Scenario => {
  check.checkOptions("Scenario.job", options, {
    ...refreshShape,
    name: check.required(check.text),
    at: check.required(check.either(check.text, check.texts, check.plain)),
    days: check.number,
    weekdays: check.array,
    jitter: check.duration
  })
  const calendar = calendarOf(self)
  const { at, days = 14, name, weekdays } = options
  const isDue = (time: number) =>
    time <= calendar.now && (weekdays === undefined || weekdays.includes(Calendar.weekday(calendar, time)))
  const daysBack = Array.from({ length: days }, (_, day) => day)
  const due = isTimesOfDay(at)
    ? daysBack.flatMap((daysAgo) => [at].flat().map((time) => Calendar.wallClock(calendar, time, daysAgo)))
    : "night" in at
    ? daysBack.map((nightsAgo) => Calendar.resolve(calendar, { ...at, nightsAgo }))
    : gridBefore(calendar.now, millis(at.every), days)
  const takes = millis(options.takes ?? "10 minutes")
  const jitter = millis(options.jitter ?? "3 seconds")
  const common = plannedRefresh(name, options)
  const after18 = (night: number) => Calendar.resolve(calendar, { night }) - Calendar.wallClock(calendar, "18:00", 1)
  const times: DueTimes["at"] = isTimesOfDay(at)
    ? { timesOfDay: [at].flat() }
    : "night" in at
    ? { after18: after18(at.night) }
    : { every: millis(at.every) }
  return add(
    withJob(self, { ...common, takes, schedule: { at: times, weekdays } }),
    due.filter(isDue).map((time, index) => {
      const created = Math.min(calendar.now, time + between(0, jitter, self.seed, name, index, "jitter"))
      const took = Math.round(takes * (0.9 + 0.2 * chance(self.seed, name, index, "takes")))
      return { ...common, created, ended: created + took }
    })
  )
}

const gridBefore = (now: number, every: number, days: number): ReadonlyArray<number> => {
  const last = Math.floor(now / every) * every
  return Array.from({ length: Math.floor(days * 86_400_000 / every) }, (_, index) => last - index * every)
}

/**
 * Adds one refresh. Other steps find it by its `name`. With a `status` that is not final it has no end, and with
 * `waitingToRun` no start either. Default for `status`: `completed`.
 */
export const refresh = (
  options: Refresh & { readonly name: string; readonly at: When; readonly status?: string }
) =>
(self: Scenario): Scenario => {
  check.checkOptions("Scenario.refresh", options, {
    ...refreshShape,
    name: check.required(check.text),
    at: check.required(when),
    status: check.text
  })
  const created = Calendar.resolve(calendarOf(self), options.at)
  const status = options.status ?? "completed"
  return add(self, [{
    ...plannedRefresh(options.name, options),
    created,
    ...(status === "waitingToRun" ? { started: undefined } : {}),
    runStatus: status,
    ended: isFinal(status) ? created + millis(options.takes ?? "10 minutes") : undefined
  }])
}

const isFinal = (status: string) => status === "completed" || status === "failed" || status === "canceled"

/**
 * Adds a deploy. Other steps find it by its `name`. Default: `deploy`. `commit` is the full hash.
 * Default for `takes`: 3 minutes, for `nodes`: 4.
 */
export const deploy = (options: {
  readonly environmentID: string
  readonly at: When
  readonly name?: string
  readonly commit?: string
  readonly message?: string
  readonly status?: string
  readonly takes?: Duration.Input
  readonly nodes?: number | ReadonlyArray<string>
}) =>
(self: Scenario): Scenario => {
  check.checkOptions("Scenario.deploy", options, {
    environmentID: check.required(check.text),
    at: check.required(when),
    name: check.text,
    commit: check.text,
    message: check.text,
    status: check.text,
    takes: check.duration,
    nodes: nodesShape
  })
  const created = Calendar.resolve(calendarOf(self), options.at)
  const status = options.status ?? "completed"
  return add(self, [{
    name: options.name ?? "deploy",
    runType: "deploy",
    created,
    runStatus: status,
    ended: isFinal(status) ? created + millis(options.takes ?? "3 minutes") : undefined,
    environmentID: options.environmentID,
    nodes: namesOf(options.nodes, 4),
    details: {
      deployCommit: options.commit ?? hex(40, self.seed, "commit", self.plannedRuns.length),
      ...(options.message === undefined ? {} : { deployCommitMessage: options.message })
    }
  }])
}
