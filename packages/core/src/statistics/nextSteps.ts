/** Suggests what to call after a summary: for the rest of its window, the causes, the failed runs. */
import { argumentsOf } from "../list/report.ts"
import type { NextStep } from "../report/model.ts"
import { isoUtc } from "../report/time.ts"
import type { RunWindow } from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Summary } from "./summaryModel.ts"

const maxSteps = 3
const maxDiagnoses = 2

const endsOf = ({ since, until }: RunWindow) => ({ since: isoUtc(since), until: isoUtc(until) })

export const nextSteps = ({ groupBy, query, remaining, statistics, window }: Summary): ReadonlyArray<NextStep> => {
  const zone = omitUndefined({ timeZone: query.timeZone })
  const steps: ReadonlyArray<NextStep> = [
    ...(remaining === undefined ? [] : [{
      action: "summarize" as const,
      arguments: { ...argumentsOf(query), ...endsOf(remaining), ...omitUndefined({ groupBy }) },
      why: "counts the rest of the window"
    }]),
    ...statistics.causes.slice(0, maxDiagnoses).map(({ class: name, lastRun }) => ({
      action: "diagnose" as const,
      arguments: { runID: lastRun.id, ...zone },
      why: `why the latest of ${name} failed`
    })),
    ...(statistics.causes.length === 0 ? [] : [{
      action: "list" as const,
      arguments: { ...argumentsOf(query), ...endsOf(window), runStatus: ["failed"] },
      why: "the failed runs one by one"
    }])
  ]
  return steps.slice(0, maxSteps)
}
