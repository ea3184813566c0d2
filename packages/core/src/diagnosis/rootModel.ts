/** The facts about what a failure follows from. Public: `RunDiagnosis` exports them. */
import * as Schema from "effect/Schema"
import { FailureCause } from "../FailureCause.ts"
import { listOf } from "../inspection/boundedList.ts"
import { RunLine } from "../RunList.ts"

const optionally = Schema.optionalKey
const text = optionally(Schema.String)

/**
 * What failed nodes follow from: another node of the same run, or one of a run of the same night.
 *
 * **Details**
 *
 * - `notMade`: the failed nodes miss `object`, which `node` did not make, because it failed, was skipped or was canceled.
 * - `failedTest`: a `test` of `node` for unique rows failed before a merge of these rows met duplicates.
 * - `stillAtWork`: `node` was still at work on `object`, or had not begun, when the failed nodes read it.
 * - `heldLock`: `node` held the lock on `object`.
 *
 * `by` says how the two were matched: by the name of the object, or by the id of the query that the message names, which is
 * certain.
 */
export const Root = Schema.Struct({
  kind: Schema.Literals(["notMade", "failedTest", "stillAtWork", "heldLock"]),
  by: Schema.Literals(["object", "queryID"]),
  /** The failed nodes of the diagnosed run that follow from it. At most 10. */
  nodes: listOf(Schema.String),
  /** The table that both are about, as the message or the SQL names it. */
  object: text,
  /** The name of the node at the root. */
  node: Schema.String,
  /** The run of that node; absent if it is the diagnosed run itself. */
  run: optionally(RunLine),
  /** What became of that node. */
  outcome: Schema.Literals(["completed", "failed", "skipped", "canceled", "running", "unknown"]),
  /** Why that node failed, if it did and says so. */
  cause: optionally(FailureCause),
  /** The data test that failed. Only of a `failedTest`. */
  test: text
})

export interface Root extends Schema.Schema.Type<typeof Root> {}
