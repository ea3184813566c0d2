/** Runs beside one another: their order, their environment, their reasons, and the line that tells each. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as FailureCause from "../FailureCause.ts"
import { boundedLine, fromRun, maskReason, type RunLine, shortText } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { DiagnosedRun } from "./model.ts"

/** The `runFailureReason`s of runs, by id. Only summary rows have them. */
export type FailureReasons = ReadonlyMap<number, string>

export const reasonsOf = (rows: ReadonlyArray<Run.AnyRun>): FailureReasons =>
  new Map(rows.flatMap((row): ReadonlyArray<[number, string]> => {
    const reason = Run.runFailureReason(row)
    return reason === undefined ? [] : [[row.id, reason]]
  }))

/** Returns a run in one line, with its whole reason if that is known. */
export const lineOf = (run: Run.AnyRun, reasons: FailureReasons = new Map()): RunLine => {
  const line = fromRun(run, reasons.get(run.id))
  return { ...boundedLine(line), ...omitUndefined({ runFailureReason: maskReason(line.runFailureReason) }) }
}

// What the API says is shown to people, and may be followed by them.
const webPage = /^https?:\/\/[^\s\x00-\x1f]{1,500}$/i

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
      durationMillis: Option.getOrUndefined(Option.map(Run.duration(run), Duration.toMillis)),
      parallelism,
      excludeNodesSelector: shortText(excludeNodesSelector),
      runLink: runLink === undefined || !webPage.test(runLink) ? undefined : runLink,
      cause: line.runFailureReason === undefined ? undefined : FailureCause.classify(line.runFailureReason)
    })
  }
}

/** Whether two runs may be of one environment. A run without any comes from a list of one environment. */
export const inSameEnvironment = (a: Run.AnyRun, b: Run.AnyRun): boolean => {
  const [left, right] = [Run.environmentID(a), Run.environmentID(b)]
  return left === undefined || right === undefined || left === right
}

/** Whether a came after b: it started later or, if that is the same or unknown, has the greater id. */
export const isLater = (a: Run.AnyRun, b: Run.AnyRun): boolean => {
  const left = a.runStartTime?.epochMilliseconds
  const right = b.runStartTime?.epochMilliseconds
  return left !== undefined && right !== undefined && left !== right ? left > right : a.id > b.id
}

export const newestFirst = <R extends Run.AnyRun>(runs: ReadonlyArray<R>): ReadonlyArray<R> =>
  [...runs].sort((a, b) => a.id === b.id ? 0 : isLater(a, b) ? -1 : 1)
