/** `check_runs`: what needs attention? */
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import { withTimeZone } from "../../input/timeZone.ts"
import { withinCallTime } from "../../result/timeLimit.ts"
import * as Tool from "../Tool.ts"

const Input = Schema.Struct({
  ...fields.window,
  environmentID: fields.environmentID,
  projectID: fields.projectID,
  jobID: fields.jobID
})

/** A job's name and four parts, one after another, stay within the time of a call. */
const partTimeout = "7 seconds"

export const checkRuns = Tool.make({
  name: "check_runs",
  title: "Which Coalesce runs need attention?",
  description:
    "Says what needs attention, the most urgent first (default: last night to now): failures by cause, each " +
    "over or not; loops; what did not run, is late, stuck or waiting; what completed with failed tests, fewer nodes or no " +
    "rows. Start here for \"is everything all right?\".",
  input: Input,
  facts: RunHealth.Health,
  handle: (input) =>
    withTimeZone(input, (options) => RunHealth.check({ ...options, partTimeout }), true).pipe(
      withinCallTime("the runs to check", "or pass environmentID, which takes fewer rows")
    ),
  report: RunHealth.report
})
