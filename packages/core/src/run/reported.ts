/** A detailed run with its failure reason. Public through `Run.ts`. */
import * as Schema from "effect/Schema"
import { optional } from "../wire/field.ts"
import { DeployRun, RefreshRun, type Run } from "./model.ts"

const reason = {
  /** Why the run failed, in the words of Coalesce or the database. Joined from the summary row. */
  runFailureReason: optional(Schema.String)
}

/**
 * A detailed run joined with the `runFailureReason` that only its summary row has: what a query with `detail: true` and
 * `failureReasons: true` gives. The schema keeps the reason, where {@link Run} would drop it.
 */
export const Reported = Schema.Union([
  Schema.Struct({ ...DeployRun.fields, ...reason }),
  Schema.Struct({ ...RefreshRun.fields, ...reason })
]).pipe(Schema.toTaggedUnion("runType"))

export type Reported<R extends Run = Run> = R extends Run ? R & { readonly runFailureReason?: string } : never
