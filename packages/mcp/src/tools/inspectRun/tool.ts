/** `inspect_run`: what happened inside a run, node by node? */
import * as Run from "@coalesce-runs/core/Run"
import * as RunInspection from "@coalesce-runs/core/RunInspection"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import { withTimeZone } from "../../input/timeZone.ts"
import { explainNotFound } from "../../result/notFound.ts"
import { withinCallTime } from "../../result/timeLimit.ts"
import * as Tool from "../Tool.ts"

const position = Schema.Int.check(
  Schema.isBetween({ minimum: 0, maximum: 1e9 }, { expected: "an integer of a result's next step" })
)

const Input = Schema.Struct({
  runID: fields.runID("Default: the latest of the job"),
  jobID: fields.jobID,
  environmentID: fields.environmentID,
  runType: fields.argument(Schema.Literals(Run.knownTypes), "refresh (default), deploy"),
  node: fields.argument(Schema.String, "Name, or pattern such as STG_*: all stages with SQL"),
  compareWith: fields.argument(Schema.String, "last_success (default), a run's id, none"),
  limit: fields.argument(
    Schema.Int.check(
      Schema.isBetween(
        { minimum: 1, maximum: RunInspection.maxLimit },
        { expected: `an integer from 1 to ${RunInspection.maxLimit}` }
      )
    ),
    `Nodes. Default: ${RunInspection.defaultLimit}`
  ),
  startingFrom: fields.argument(position, "From a result's next step"),
  sqlFrom: fields.argument(position, "Likewise"),
  timeZone: fields.window.timeZone
})

type Input = typeof Input.Type

/** The run, two pages of the search and the other run, one after another, stay within the time of a call. */
const partTimeout = "9 seconds"

/** The characters of SQL of a result. Structured content cuts longer texts. */
const sqlLimit = 3600

const inspect = Effect.fnUntraced(function*({ compareWith, ...input }: Input) {
  const beside = yield* RunInspection.readCompareWith(compareWith)
  const sql = input.node === undefined ? {} : { sqlLimit }
  return yield* RunInspection.inspect({ ...input, ...sql, compareWith: beside, partTimeout })
})

export const inspectRun = Tool.make({
  name: "inspect_run",
  title: "Inspect a Coalesce run",
  description:
    "Shows what happened inside a run, node by node: state, duration, rows, tests, errors, queries, how far a running run " +
    "is, and what differs from its last success (nodes, rows, SQL). With `node`: all SQL.",
  input: Input,
  facts: RunInspection.Inspection,
  handle: (input) =>
    withTimeZone(input, inspect, false).pipe(
      explainNotFound(input.runID, "pass jobID for the latest run of a job"),
      withinCallTime("the run and its nodes", "or with compareWith none, which takes fewer requests")
    ),
  report: RunInspection.report
})
