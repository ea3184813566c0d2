/** What becomes of a scenario's runs. Public through `Scenario.ts`. */
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type { SimulatedResults, SimulatedRun } from "../SimulatedRun.ts"
import type { SnowflakeError } from "../SnowflakeError.ts"
import { add, calendarOf, change, millis, onlyOne, type Scenario, type When, type Which } from "./builder.ts"
import * as Calendar from "./calendar.ts"
import type { Failure } from "./nodes.ts"

/**
 * Makes runs fail: with an error in some nodes, which block others. A run that it is used on twice has two causes.
 *
 * **Details**
 *
 * `nodes` are those that fail, by name (one that the run lacks is added to it) or how many. Default: the
 * third.
 * `blocked` are those that never ran because of it, by name or how many from the end. The SQL and stage of a failed node
 * may be given; `rendering` makes it fail before there is any. `prefixed` puts number and state before the message.
 * `reason` is the run's `runFailureReason`; `null` is none. Default: made from the errors.
 *
 * @category outcomes
 */
export const failure = (
  options: Which & {
    readonly error: SnowflakeError
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
  change(self, options, (planned) => {
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
  })

/**
 * Makes data tests fail, in nodes and runs that complete nevertheless. Default: a test of the run's first node.
 *
 * @category outcomes
 */
export const testFailure = (
  options: Which & { readonly node?: string; readonly test?: string; readonly message?: string }
) =>
(self: Scenario): Scenario =>
  change(self, options, (planned) => {
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
  })

/**
 * Cancels runs, `after` so long. Default: 4 minutes.
 *
 * @category outcomes
 */
export const canceled = (options: Which & { readonly after?: Duration.Input }) => (self: Scenario): Scenario =>
  change(self, options, (planned) => ({
    ...planned,
    runStatus: "canceled",
    ended: (planned.started ?? planned.created) + millis(options.after ?? "4 minutes")
  }))

/**
 * Lets runs go on, with no end yet: in `status`, or `running` by default. With `waitingToRun` they have no start either.
 *
 * @category outcomes
 */
export const inProgress = (
  options: Which & { readonly status?: "waitingToRun" | "initializing" | "rendering" | "running" }
) =>
(self: Scenario): Scenario =>
  change(self, options, (planned) => ({
    ...planned,
    runStatus: options.status ?? "running",
    started: options.status === "waitingToRun" ? undefined : planned.started,
    ended: undefined
  }))

/**
 * Adds a re-run of a run, at a moment or `after` so long behind the end of the first (default: 10 minutes). The new run
 * completes, unless {@link failure} says otherwise. It is found by its `name` (default: the first's with ` (re-run)`).
 *
 * @category outcomes
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
  const original = onlyOne(self, options)
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

/**
 * Replaces what the results endpoint sends for runs.
 *
 * @category outcomes
 */
export const results = (options: Which & { readonly results: SimulatedResults }) =>
  edit({ ...options, change: (run) => ({ ...run, results: options.results }) })

/**
 * Changes anything else of runs, in the form in which they are served. An id must stay what it is.
 *
 * @category outcomes
 */
export const edit =
  (options: Which & { readonly change: (run: SimulatedRun) => SimulatedRun }) => (self: Scenario): Scenario =>
    change(self, options, (planned) => ({ ...planned, edit: (run) => options.change(planned.edit(run)) }))
