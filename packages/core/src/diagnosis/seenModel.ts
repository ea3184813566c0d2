/** The facts about earlier failures of the same cause. Public: `RunDiagnosis` exports them. */
import * as Schema from "effect/Schema"
import { listOf } from "../inspection/boundedList.ts"
import { RunLine } from "../RunList.ts"

const count = Schema.Int
const optionally = Schema.optionalKey

/** An earlier failure of the same cause, and how it ended. */
export const Occurrence = Schema.Struct({
  run: RunLine,
  /** The names of its nodes that failed of this cause, if its results were read. At most 3. */
  nodes: listOf(Schema.String),
  /** The next success of the same job. Absent if it is not among the rows that were read. */
  passed: optionally(RunLine),
  /** Whether that success is a re-run of the failure. Only beside `passed`. */
  by: optionally(Schema.Literals(["reRun", "laterRun"])),
  /** The deploys that completed between the failure and that success, the latest first. At most 3. */
  deploys: listOf(RunLine)
})

export interface Occurrence extends Schema.Schema.Type<typeof Occurrence> {}

/**
 * Whether the cause was seen before: in failures of the same job (or selector, or in deploys) in the 90 days before the run,
 * without those of its streak.
 */
export const SeenBefore = Schema.Struct({
  /** How many such failures were read. */
  failures: count,
  /** Whether the failures that were read do not reach back 90 days: every count is "at least". */
  truncated: Schema.Boolean,
  /** How many of them had the same cause. */
  same: count,
  /** How many of them may have had it: neither a reason nor node results that were read say. */
  notKnown: count,
  /** How many of those with the same cause are known to have passed later. */
  passed: count,
  /** How many of these passed with no deploy in between. */
  passedUnchanged: count,
  /** How many of those with the same cause passed when they were run again. */
  passedOnReRun: count,
  /** The failures with the same cause, the latest first. At most 3. */
  occurrences: listOf(Occurrence),
  /** The failures with the same kind of error on another node or object, the latest first. At most 3. */
  elsewhere: listOf(Schema.Struct({
    run: RunLine,
    /** The names of its failed nodes, if its results were read. At most 3. */
    nodes: listOf(Schema.String),
    /** The objects of its messages. At most 3. */
    objects: listOf(Schema.String)
  }))
})

export interface SeenBefore extends Schema.Schema.Type<typeof SeenBefore> {}
