/** A run that was asked for by its id and did not fail, in a report. */
import { startedAt, titleOf, took } from "../list/runWords.ts"
import { line } from "../Report.ts"
import type { Line } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"
import { recoveryLine } from "./reportFailure.ts"

const verdicts: { readonly [K in Diagnosis["outcome"]]?: string } = {
  completed: "completed, so it did not fail",
  running: "has not ended, and has not failed so far",
  waiting: "is waiting and never started, so it did not fail",
  canceled: "was canceled, and did not fail by itself",
  otherStatus: "has a status that is not known here"
}

export const headlineOfRun = ({ outcome }: Diagnosis, run: DiagnosedRun, words: Words): Line => {
  const verdict = verdicts[outcome] ?? "did not fail"
  const status = words.status(run.runStatus)
  return line`Run ${run.id} ${verdict}: ${titleOf(run, words)}, ${status}${startedAt(run, words)}${took(run)}.`
}

export const unfailedLines = (diagnosis: Diagnosis, words: Words): ReadonlyArray<Line> => {
  const { nodes, outcome } = diagnosis
  const counts = nodes === undefined
    ? []
    : (["failed", "completed", "skipped", "canceled", "running", "unknown"] as const)
      .flatMap((state) => nodes[state] === 0 ? [] : [`${nodes[state]} ${state}`])
  return [
    ...(nodes === undefined || nodes.total === 0 ? [] : [[`${plural(nodes.total, "node")}: ${counts.join(", ")}.`]]),
    ...(outcome === "canceled" ? [recoveryLine(diagnosis, words)] : [])
  ]
}
