/** `diagnose_run`: why did a run fail? */
import * as Run from "@coalesce-runs/core/Run"
import * as RunDiagnosis from "@coalesce-runs/core/RunDiagnosis"
import * as Schema from "effect/Schema"
import * as fields from "../../input/fields.ts"
import { withTimeZone } from "../../input/timeZone.ts"
import { explainNotFound } from "../../result/notFound.ts"
import { withinCallTime } from "../../result/timeLimit.ts"
import * as Tool from "../Tool.ts"

const name = "diagnose_run"

const Input = Schema.Struct({
  runID: fields.runID("The run; only timeZone goes with it"),
  ...fields.window,
  environmentID: fields.environmentID,
  projectID: fields.projectID,
  jobID: fields.jobID,
  runType: fields.argument(Schema.Literals(Run.knownTypes), "refresh (default), deploy")
})

/** The choice of the run and three parts, one after another, stay within the time of a call. */
const partTimeout = "12 seconds"

export const diagnoseRun = Tool.make({
  name,
  title: "Why did a Coalesce run fail?",
  description:
    "Explains in one call why a run failed: the failed nodes with the database's message, code and SQL, since when, what " +
    "changed before (suspects, not verdicts), re-runs, and what was unavailable. Without arguments it takes the latest " +
    "failed refresh of last night and lists the other failures. If nothing failed: what ran, and failed data tests.",
  input: Input,
  facts: RunDiagnosis.Diagnosis,
  handle: (input) =>
    withTimeZone(input, (options) => RunDiagnosis.diagnose({ ...options, partTimeout }), input.runID === undefined)
      .pipe(
        explainNotFound(input.runID, `without runID, ${name} takes the latest failed run of a window`),
        withinCallTime("the run to diagnose", "or pass runID, which takes fewer requests")
      ),
  report: RunDiagnosis.report
})
