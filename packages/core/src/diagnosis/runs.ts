/** The diagnosed run as facts. */
import * as FailureCause from "../FailureCause.ts"
import { type FailureReasons, lineOf, pageOf } from "../inspection/runs.ts"
import { shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { tookMillis } from "../run/tookMillis.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { DiagnosedRun } from "./model.ts"

/** Returns the diagnosed run: its line, and what only its own responses tell. */
export const diagnosedRun = (
  run: Run.AnyRun,
  reasons: FailureReasons,
  runLink: string | undefined
): Omit<DiagnosedRun, "original"> => {
  const line = lineOf(run, reasons)
  const { excludeNodesSelector, parallelism } = Run.details(run)
  return {
    ...line,
    ...omitUndefined({
      durationMillis: tookMillis(run),
      parallelism,
      excludeNodesSelector: shortText(excludeNodesSelector),
      runLink: pageOf(runLink),
      cause: line.runFailureReason === undefined ? undefined : FailureCause.classify(line.runFailureReason)
    })
  }
}
