/** `list_runs`: core's list of runs, as long as a model can read it. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunCursor from "@coalesce-runs/core/RunCursor"
import * as RunList from "@coalesce-runs/core/RunList"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import { withTimeZone } from "../../input/timeZone.ts"
import * as Tool from "../Tool.ts"

export const Input = Schema.Struct({
  ...fields.window,
  runStatus: fields.argument(Schema.Array(Schema.Literals(Run.knownStatuses)), Run.knownStatuses.join(", ")),
  runType: fields.runType,
  environmentID: fields.environmentID,
  projectID: fields.projectID,
  jobID: fields.jobID,
  detail: fields.argument(Schema.Boolean, "Adds nodes, commit"),
  limit: fields.argument(
    Schema.Int.check(
      Schema.isBetween({ minimum: 1, maximum: RunList.maxReadable }, {
        expected: `an integer from 1 to ${RunList.maxReadable}`
      })
    ),
    `Default: ${RunList.defaultLimit}`
  ),
  startingFrom: fields.argument(Schema.String, "From a result's next step"),
  orderBy: fields.argument(RunCursor.OrderBy, "id (default), runStartTime, runEndTime"),
  orderByDirection: fields.argument(RunCursor.OrderByDirection, "desc (default), asc")
})

export const listRuns = Tool.make({
  name: "list_runs",
  title: "List Coalesce runs",
  description:
    "Lists deploys and refreshes with status, start, duration and, for failed runs, the reason. If there is more, the " +
    "result's next step is the exact call. Waiting runs have no start, so they are in no window.",
  input: Input,
  facts: RunList.RunList,
  handle: (input) => withTimeZone(input, RunList.list, false),
  report: RunList.report
})
