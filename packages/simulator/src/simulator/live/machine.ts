/**
 * Goes on with a scenario along simulated time: a machine that knows no clock. `begin` takes the scenario, `advance` takes a
 * time and lets happen what happens until then. The same scenario gives the same runs, whatever the steps of time.
 */
import * as DateTime from "effect/DateTime"
import type { Scenario } from "../../Scenario.ts"
import { toRuns } from "../../scenario/plannedRun.ts"
import { between } from "../../scenario/random.ts"
import { type Job, nextDue } from "../../scenario/schedule.ts"
import type { SimulatedRun } from "../../SimulatedRun.ts"
import { type Due, type Going, goingOf, isOver, shown, start } from "./going.ts"
import { nextDeploy, outcomeOf, reRunAfter } from "./outcome.ts"

/** A scenario at a simulated time. */
export interface Live {
  readonly scenario: Scenario
  readonly now: number
  readonly nextID: number
  readonly due: ReadonlyArray<Due>
  readonly going: ReadonlyArray<Going>
  /** All runs. It is another list whenever one has changed. */
  readonly runs: ReadonlyArray<SimulatedRun>
}

const nextOfJob = ({ seed, timeZone: zone }: Scenario, job: Job, after: number): ReadonlyArray<Due> => {
  const scheduled = nextDue(job.schedule, { now: after, zone })
  if (scheduled === undefined) return []
  return [{ what: "job", job, scheduled, at: scheduled + between(0, 3000, seed, job.name, scheduled, "jitter") }]
}

const nextOfDeploys = ({ seed }: Scenario, environmentID: string, after: number): Due => {
  const deploy = nextDeploy(after, environmentID, seed)
  return { what: "deploy", environmentID, deploy, at: deploy.at }
}

/** Returns what starts after this one. */
const following = (scenario: Scenario, due: Due): ReadonlyArray<Due> => {
  switch (due.what) {
    case "job":
      return nextOfJob(scenario, due.job, due.scheduled)
    case "reRun":
      return []
    case "deploy":
      return [nextOfDeploys(scenario, due.environmentID, due.at)]
  }
}

/** How long a run of the scenario goes on that has not ended when the simulator begins. */
const remaining = 5 * 60_000

/** Begins at the scenario's `now`. Its runs that have not ended go on. */
export const begin = (scenario: Scenario): Live => {
  const { jobs, plannedRuns, seed } = scenario
  const now = DateTime.toEpochMillis(scenario.now)
  const byKey = toRuns(plannedRuns, scenario)
  const runs = [...byKey.values()]
  const going = plannedRuns.flatMap((planned): ReadonlyArray<Going> => {
    const run = byKey.get(planned.key)
    if (run === undefined || !["waitingToRun", "initializing", "rendering", "running"].includes(run.runStatus)) {
      return []
    }
    const key = `${planned.name}/${run.id}`
    const outcome = outcomeOf(planned.nodes, undefined, seed, key)
    return [goingOf({ id: run.id, key, planned, reRunID: run.reRunID, reRuns: 0 }, now, remaining, outcome, seed)]
  })
  return {
    scenario,
    now,
    nextID: scenario.firstID + runs.length,
    due: [
      ...jobs.flatMap((job) => nextOfJob(scenario, job, now)),
      ...[...new Set(jobs.map(({ environmentID }) => environmentID))].map((id) => nextOfDeploys(scenario, id, now))
    ],
    going,
    runs
  }
}

const earliest = <A>(items: Iterable<A>, atOf: (item: A) => number): A | undefined => {
  let found: A | undefined
  for (const item of items) if (found === undefined || atOf(item) < atOf(found)) found = item
  return found
}

const nextStep = ({ steps: [, next] }: Going): number => next?.at ?? Infinity

/** Lets happen what happens until a time. A time before that of the state changes nothing. */
export const advance = (live: Live, now: number): Live => {
  if (now <= live.now) return live
  const { scenario } = live
  let { nextID } = live
  const runs = new Map(live.runs.map((run) => [run.id, run]))
  const going = new Map(live.going.map((run) => [run.id, run]))
  const due = new Set(live.due)
  let isChanged = false

  const show = (run: Going, at: number) => {
    runs.set(run.id, shown(scenario, run, at))
    isChanged = true
  }
  const step = (run: Going) => {
    const [, next, ...rest] = run.steps
    if (next === undefined) return
    const stepped: Going = { ...run, steps: [next, ...rest] }
    show(stepped, next.at)
    if (!isOver(next.status)) {
      going.set(run.id, stepped)
      return
    }
    going.delete(run.id)
    const after = next.status === "failed" ? reRunAfter(run.reRuns, scenario.seed, run.key) : undefined
    if (after !== undefined) due.add({ what: "reRun", at: next.at + after, of: stepped })
  }

  while (true) {
    const starts = earliest(due, ({ at }) => at)
    const steps = earliest(going.values(), nextStep)
    if (steps !== undefined && nextStep(steps) <= Math.min(now, starts?.at ?? Infinity)) {
      step(steps)
    } else if (starts !== undefined && starts.at <= now) {
      const run = start(scenario, starts, nextID++)
      due.delete(starts)
      for (const next of following(scenario, starts)) due.add(next)
      going.set(run.id, run)
      show(run, starts.at)
    } else break
  }
  // Their nodes have progressed, also where their status has not changed.
  for (const run of going.values()) if (run.steps[0].status === "running") show(run, now)

  return {
    scenario,
    now,
    nextID,
    due: [...due],
    going: [...going.values()],
    runs: isChanged ? [...runs.values()] : live.runs
  }
}

/** Takes runs that a test has changed: those that it changed or deleted stay as they are. */
export const replace = (live: Live, runs: ReadonlyArray<SimulatedRun>): Live => {
  const kept = new Map(runs.map((run) => [run.id, run]))
  const before = new Map(live.runs.map((run) => [run.id, run]))
  return {
    ...live,
    runs,
    nextID: runs.reduce((next, { id }) => Math.max(next, id + 1), live.nextID),
    going: live.going.filter(({ id }) => kept.has(id) && kept.get(id) === before.get(id))
  }
}
