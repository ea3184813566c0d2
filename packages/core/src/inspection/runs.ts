/** Runs beside one another: their order, their environment, their reasons, and the line that tells each. */
import { boundedLine, fromRun, maskReason, type RunLine } from "../list/RunLine.ts"
import * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"

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

/** Returns the address of a run's page if it is that of a web page. */
export const pageOf = (runLink: string | undefined): string | undefined =>
  runLink === undefined || !webPage.test(runLink) ? undefined : runLink

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
