/** Changes how the runs of a scenario end. Public through `Scenario.ts`. */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as check from "../check/options.ts"
import type { SimulatedResults, SimulatedRun } from "../SimulatedRun.ts"
import {
  add,
  calendarOf,
  change,
  millis,
  nodesShape,
  onlyOne,
  type Scenario,
  type When,
  when,
  type Which,
  whichShape
} from "./builder.ts"
import * as Calendar from "./calendar.ts"
import type { DatabaseError, Failure } from "./nodes.ts"
import type { PlannedRun } from "./plannedRun.ts"

/**
 * Makes runs fail with an error in some nodes, which block others. Used twice on a run, it gives the run two causes.
 *
 * **Details**
 *
 * - `nodes`: the nodes that fail, by name or by number. A name that the run lacks is added to it. Default: the third node.
 * - `blocked`: the nodes that did not run because of it, by name, or a number of nodes from the end. Default: none.
 * - `sql`, `stage`: the SQL and the stage of the failed nodes. `rendering: true` makes them fail before they have any.
 * - `prefixed`: puts the number and the SQL state in front of the message. Default: false.
 * - `reason`: the run's `runFailureReason`, or `null` for none. Default: made from the errors.
 */
export const failure = (
  options: Which & {
    readonly error: DatabaseError
    readonly nodes?: number | string | ReadonlyArray<string>
    readonly blocked?: number | ReadonlyArray<string>
    readonly stage?: string
    readonly sql?: string
    readonly rendering?: boolean
    readonly prefixed?: boolean
    readonly reason?: string | null
  }
) =>
(self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.failure", options, {
      ...whichShape,
      error: check.required(check.plain),
      nodes: check.either(nodesShape, check.text),
      blocked: nodesShape,
      stage: check.text,
      sql: check.text,
      rendering: check.flag,
      prefixed: check.flag,
      reason: check.either(check.text, check.oneOf(null))
    }),
    (planned) => {
      const free = planned.nodes.filter((node) => !planned.failures.some(({ nodes }) => nodes.includes(node)))
      const failed = typeof options.nodes === "string"
        ? [options.nodes]
        : typeof options.nodes === "number"
        ? free.slice(0, options.nodes)
        : options.nodes ?? free.slice(2, 3)
      const healthy = free.filter((node) => !failed.includes(node) && !planned.blocked.includes(node))
      const blocked = typeof options.blocked === "object"
        ? options.blocked
        : healthy.slice(healthy.length - Math.min(options.blocked ?? 0, healthy.length))
      const cause: Failure = {
        nodes: failed,
        error: options.error,
        stage: options.stage,
        sql: options.sql,
        prefixed: options.prefixed ?? false,
        rendering: options.rendering ?? false
      }
      return {
        ...planned,
        runStatus: "failed",
        ended: planned.ended ?? DateTime.toEpochMillis(self.now),
        nodes: Array.from(new Set([...planned.nodes, ...failed, ...blocked])),
        failures: [...planned.failures, cause],
        blocked: [...planned.blocked, ...blocked],
        reason: options.reason === undefined ? planned.reason : options.reason
      }
    }
  )

/** Makes data tests fail. Their nodes and runs still complete. Default: a test of the run's first node. */
export const testFailure = (
  options: Which & { readonly node?: string; readonly test?: string; readonly message?: string }
) =>
(self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.testFailure", options, {
      ...whichShape,
      node: check.text,
      test: check.text,
      message: check.text
    }),
    (planned) => {
      const node = options.node ?? planned.nodes[0] ?? "STG_ORDERS"
      return {
        ...planned,
        nodes: Array.from(new Set([...planned.nodes, node])),
        tests: [...planned.tests, {
          node,
          test: options.test ?? `${node}: no duplicate keys`,
          message: options.message ?? "Test failed: the query returned 3 rows."
        }]
      }
    }
  )

/**
 * Changes what nodes do in runs: the `sql` of their insert, the `rows` that they insert, how long each `takes`. A name that a
 * run lacks is added to it.
 *
 * **Details**
 *
 * A node takes at most until the end of its run. The nodes after it run at the same time.
 */
export const nodeWork = (
  options: Which & {
    readonly node: string | ReadonlyArray<string>
    readonly sql?: string
    readonly rows?: number
    readonly takes?: Duration.Input
  }
) =>
(self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.nodeWork", options, {
      ...whichShape,
      node: check.required(check.either(check.text, check.texts)),
      sql: check.text,
      rows: check.number,
      takes: check.duration
    }),
    (planned) => {
      const nodes = [options.node].flat()
      const { rows, sql } = options
      const takes = options.takes === undefined ? undefined : millis(options.takes)
      return {
        ...planned,
        nodes: Array.from(new Set([...planned.nodes, ...nodes])),
        work: { ...planned.work, ...Object.fromEntries(nodes.map((node) => [node, { sql, rows, takes }])) }
      }
    }
  )

/** Cancels runs, `after` this time. Default: 4 minutes. */
export const canceled = (options: Which & { readonly after?: Duration.Input }) => (self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.canceled", options, { ...whichShape, after: check.duration }),
    (planned) => ({
      ...planned,
      runStatus: "canceled",
      ended: (planned.started ?? planned.created) + millis(options.after ?? "4 minutes")
    })
  )

/**
 * Makes runs unfinished: they have this `status` and no end. With `waitingToRun` they have no start either. Default: `running`.
 */
export const inProgress = (
  options: Which & { readonly status?: "waitingToRun" | "initializing" | "rendering" | "running" }
) =>
(self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.inProgress", options, {
      ...whichShape,
      status: check.oneOf("waitingToRun", "initializing", "rendering", "running")
    }),
    (planned) => ({
      ...planned,
      runStatus: options.status ?? "running",
      started: options.status === "waitingToRun" ? undefined : planned.started,
      ended: undefined
    })
  )

/**
 * Adds a re-run of a run, `at` a moment or some time `after` the end of the original. Default: 10 minutes after it.
 *
 * **Details**
 *
 * The re-run completes, unless {@link failure} changes it. Other steps find it by its `name`. Default: the name of the original
 * with ` (re-run)`.
 */
export const rerun = (
  options: Which & {
    readonly name?: string
    readonly at?: When
    readonly after?: Duration.Input
    readonly takes?: Duration.Input
  }
) =>
(self: Scenario): Scenario => {
  const original = onlyOne(
    self,
    check.checkOptions("Scenario.rerun", options, {
      ...whichShape,
      name: check.text,
      at: when,
      after: check.duration,
      takes: check.duration
    })
  )
  const end = original.ended ?? original.created
  const created = options.at === undefined
    ? end + millis(options.after ?? "10 minutes")
    : Calendar.resolve(calendarOf(self), options.at)
  return add(self, [{
    name: options.name ?? `${original.name} (re-run)`,
    runType: original.runType,
    environmentID: original.environmentID,
    details: original.details,
    nodes: original.nodes,
    reRunKey: original.key,
    created,
    ended: created + (options.takes === undefined ? end - original.created : millis(options.takes))
  }])
}

/** A run that would end after now is still running. */
const timed = (self: Scenario, planned: PlannedRun, started: number, ended: number | undefined): PlannedRun =>
  ended !== undefined && ended > DateTime.toEpochMillis(self.now)
    ? { ...planned, started, ended: undefined, runStatus: "running" }
    : { ...planned, started, ended }

/** Makes runs take this long. A run that would end after now is still running. */
export const slow = (options: Which & { readonly takes: Duration.Input }) => (self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.slow", options, { ...whichShape, takes: check.required(check.duration) }),
    (planned) => {
      const started = planned.started ?? planned.created
      return timed(self, planned, started, started + millis(options.takes))
    }
  )

/** Moves runs to a later time. A run that would end after now is still running. */
export const delayed = (options: Which & { readonly by: Duration.Input }) => (self: Scenario): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.delayed", options, { ...whichShape, by: check.required(check.duration) }),
    (planned) => {
      const by = millis(options.by)
      const created = planned.created + by
      return {
        ...timed(self, planned, (planned.started ?? planned.created) + by, planned.ended && planned.ended + by),
        created
      }
    }
  )

/** Gives runs other nodes, by name or by number. With none, a run completes without results. */
export const nodes = (options: Which & { readonly nodes: number | ReadonlyArray<string> }) =>
(
  self: Scenario
): Scenario =>
  change(
    self,
    check.checkOptions("Scenario.nodes", options, { ...whichShape, nodes: check.required(nodesShape) }),
    (planned) => ({
      ...planned,
      nodes: typeof options.nodes === "number" ? planned.nodes.slice(0, options.nodes) : options.nodes
    })
  )

/** Sets what the results endpoint sends for runs. */
export const results = (options: Which & { readonly results: SimulatedResults }) => {
  const { results, ...which } = check.checkOptions("Scenario.results", options, {
    ...whichShape,
    results: check.required(check.either(check.array, check.callback, check.oneOf("forbidden"), check.plain))
  })
  return edit({ ...which, change: (run) => ({ ...run, results }) })
}

/** Changes anything else of runs, as the simulator serves them. Ids must stay the same. */
export const edit =
  (options: Which & { readonly change: (run: SimulatedRun) => SimulatedRun }) => (self: Scenario): Scenario =>
    change(
      self,
      check.checkOptions("Scenario.edit", options, { ...whichShape, change: check.required(check.callback) }),
      (planned) => ({ ...planned, edit: (run) => options.change(planned.edit(run)) })
    )
