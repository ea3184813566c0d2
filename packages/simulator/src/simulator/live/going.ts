/** A run of a live simulator: how it starts, and as what the API shows it at a time. */
import * as DateTime from "effect/DateTime"
import type { Scenario } from "../../Scenario.ts"
import { nodeNames } from "../../scenario/nodes.ts"
import { type PlannedRun, toRun } from "../../scenario/plannedRun.ts"
import { chance, hex } from "../../scenario/random.ts"
import type { Job } from "../../scenario/schedule.ts"
import {
  completed,
  type Deploy,
  lastDeploy,
  type Outcome,
  outcomeOf,
  outcomeOfReRun,
  type Step,
  stepsToRunning
} from "./outcome.ts"

/** A run that has not ended. */
export interface Going {
  readonly planned: PlannedRun
  readonly id: number
  readonly reRunID: number | undefined
  /** How many runs it follows as their re-run. */
  readonly reRuns: number
  readonly key: string
  /** When its nodes begin, and when the last would be done. */
  readonly from: number
  readonly until: number
  /** Its status now, and those to come. The last is an end. */
  readonly steps: readonly [Step, ...ReadonlyArray<Step>]
}

/** What will start. */
export type Due =
  | { readonly at: number; readonly what: "job"; readonly job: Job; readonly scheduled: number }
  | { readonly at: number; readonly what: "deploy"; readonly environmentID: string; readonly deploy: Deploy }
  | { readonly at: number; readonly what: "reRun"; readonly of: Going }

export const isOver = (status: string): boolean =>
  status === "completed" || status === "failed" || status === "canceled"

const plannedRun = (
  fields: Partial<PlannedRun> & Pick<PlannedRun, "name" | "created" | "environmentID">
): PlannedRun => ({
  key: 0,
  runType: "refresh",
  runStatus: "waitingToRun",
  started: undefined,
  ended: undefined,
  details: {},
  nodes: [],
  failures: [],
  blocked: [],
  tests: [],
  work: {},
  reason: undefined,
  reRunKey: undefined,
  edit: (run) => run,
  ...fields
})

/** Makes the steps of a run from its status, and from how long its nodes take and how they end. */
export const goingOf = (
  run: Pick<Going, "id" | "key" | "planned" | "reRunID" | "reRuns">,
  since: number,
  takes: number,
  { status, ...nodes }: Outcome,
  seed: number
): Going => {
  const { key, planned } = run
  const [first, ...rest] = stepsToRunning(planned.runStatus, since, seed, key)
  const running = rest.at(-1)?.at ?? since
  const from = planned.started !== undefined && rest.length === 0 ? planned.started : running
  const until = running + takes
  const ended = status === "canceled"
    ? running + Math.round(takes * (0.2 + 0.6 * chance(seed, key, "canceled")))
    : until
  const steps = [...rest, { at: ended, status }]
  const started = planned.started ?? steps.find((step) => step.status !== "waitingToRun")?.at
  return {
    ...run,
    planned: { ...planned, ...nodes, started },
    from,
    until,
    steps: [first ?? { at: since, status: planned.runStatus }, ...steps]
  }
}

const varied = (takes: number, seed: number, key: string) =>
  Math.round(takes * (0.9 + 0.2 * chance(seed, key, "takes")))

const startJob = ({ now, seed }: Scenario, { at, job, scheduled }: Due & { readonly what: "job" }, id: number) => {
  const key = `${job.name}/${scheduled}`
  const { details, environmentID, name, nodes, takes } = job
  const planned = plannedRun({ name, created: at, environmentID, details, nodes })
  const deploy = lastDeploy(at, environmentID, seed)
  // Deploys of the time before the simulator began are not in the history.
  const broken = deploy.at < DateTime.toEpochMillis(now) ? undefined : deploy.broken
  const outcome = outcomeOf(nodes, broken, seed, key)
  return goingOf({ id, key, planned, reRunID: undefined, reRuns: 0 }, at, varied(takes, seed, key), outcome, seed)
}

const startReRun = ({ seed }: Scenario, { at, of }: Due & { readonly what: "reRun" }, id: number) => {
  const key = `${of.key}/${of.id}`
  const planned: PlannedRun = {
    ...of.planned,
    runStatus: "waitingToRun",
    created: at,
    started: undefined
  }
  const outcome = outcomeOfReRun(of.planned, seed, key)
  return goingOf({ id, key, planned, reRunID: of.id, reRuns: of.reRuns + 1 }, at, of.until - of.from, outcome, seed)
}

const startDeploy = (
  { seed }: Scenario,
  { at, deploy, environmentID }: Due & { readonly what: "deploy" },
  id: number
) => {
  const key = `deploy/${environmentID}/${at}`
  const planned = plannedRun({
    name: "deploy",
    runType: "deploy",
    created: at,
    environmentID,
    nodes: nodeNames(4),
    details: { deployCommit: hex(40, seed, key, "commit"), deployCommitMessage: deploy.message }
  })
  return goingOf({ id, key, planned, reRunID: undefined, reRuns: 0 }, at, varied(120_000, seed, key), completed, seed)
}

export const start = (scenario: Scenario, due: Due, id: number): Going => {
  switch (due.what) {
    case "job":
      return startJob(scenario, due, id)
    case "reRun":
      return startReRun(scenario, due, id)
    case "deploy":
      return startDeploy(scenario, due, id)
  }
}

/** Returns the run as the API shows it at a time. */
export const shown = (
  scenario: Scenario,
  { from, id, planned, reRunID, steps: [{ at, status }], until }: Going,
  now: number
) =>
  toRun(
    {
      ...planned,
      runStatus: status,
      started: status === "waitingToRun" ? undefined : planned.started,
      ended: isOver(status) ? at : undefined,
      progress: { from, until, reached: isOver(status) ? at : now }
    },
    id,
    scenario,
    reRunID
  )
