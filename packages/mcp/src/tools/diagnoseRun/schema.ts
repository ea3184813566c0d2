/** `diagnose_run`, its arguments and its answer. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import * as interval from "../../input/window.ts"
import type { Violation } from "../../result/failure.ts"

export const Input = Schema.Struct({
  runID: fields.argument(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1e12 }, { expected: "the integer id of a run" })),
    "The run; only timeZone goes with it"
  ),
  ...fields.window,
  environmentID: fields.environmentID,
  jobID: fields.jobID,
  runType: fields.argument(Schema.Literals(Run.knownTypes), "refresh (default), deploy")
})

export type Input = typeof Input.Type

/** Objects whose keys are told in a word: spelt out, the definitions would cost more than the answers. */
const Open = Schema.Record(Schema.String, Schema.Unknown)
const optionally = Schema.optionalKey
const runs = (description: string) => optionally(Schema.Array(Open).annotate({ description }))

/** A call that is ready to make. */
export const NextCall = Schema.Struct({ tool: Schema.String, arguments: Open, why: Schema.String })

export type NextCall = typeof NextCall.Type

export const Output = Schema.Struct({
  outcome: Schema.Literals(RunDiagnosis.Diagnosis.fields.outcome.literals),
  summary: Schema.Array(Schema.String).annotate({ description: "The key facts" }),
  interval: optionally(interval.IntervalContent),
  run: optionally(Open.annotate({ description: "Keys as list_runs has them" })),
  reRunOf: optionally(Open),
  nodes: optionally(Open.annotate({ description: "How many of each outcome" })),
  causes: optionally(
    Schema.Array(Open).annotate({ description: "Failed nodes by like messages: class, message, code, nodes, sql" })
  ),
  moreCauses: optionally(Schema.Finite),
  blocked: optionally(Schema.Array(Schema.String).annotate({ description: "Some; nodes.skipped says how many" })),
  failedTests: optionally(Schema.Array(Open)),
  moreFailedTests: optionally(Schema.Finite),
  history: optionally(
    Open.annotate({
      description: "lastSuccess, firstFailure, failuresInARow, sameCause, recent counts, how far searched"
    })
  ),
  suspects: runs("What changed before the first failure; no verdict"),
  moreDeploys: optionally(Schema.Finite),
  aftermath: optionally(Open.annotate({ description: "Re-runs and later runs" })),
  otherFailures: runs("Other failed runs of the interval"),
  moreFailures: optionally(Schema.Finite),
  noFailure: optionally(
    Open.annotate({ description: "What ran, is running, waiting or canceled; failedTests, nearest, olderFailure" })
  ),
  couldNotRead: runs("What is missing here, with its status"),
  nextCalls: Schema.Array(NextCall)
})

/** What does not go together, each argument by its name. */
export const violations = (input: Input): ReadonlyArray<Violation> => {
  const narrowing = (["window", "since", "until", "environmentID", "jobID", "runType"] as const)
    .filter((name) => input.runID !== undefined && input[name] !== undefined)
  return [
    ...narrowing.map((field) => ({
      field,
      reason: "Cannot be combined with runID, which names the run: pass one of them"
    })),
    ...(narrowing.length > 0 ? [] : fields.windowViolations(input)),
    ...fields.jobViolations(input)
  ]
}
