/** Root before consequence: what failed nodes follow from, in their run or in another one of the same night. */
import * as DateTime from "effect/DateTime"
import { firstOf } from "../inspection/boundedList.ts"
import { causeOf, endingQuery, failedTestsOf, maxName, nameOf } from "../inspection/nodeResults.ts"
import { type FailureReasons, lineOf } from "../inspection/runs.ts"
import { shortText } from "../list/RunLine.ts"
import type * as Run from "../Run.ts"
import * as RunResult from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Failed } from "./failedNodes.ts"
import type { Root } from "./rootModel.ts"
import { isSameTable, ownName, tableName, tablesRead, tablesWritten } from "./sqlNames.ts"

const maxNodes = 10
const maxRoots = 5

/** Of how many failed nodes the roots are searched. */
const maxFailed = 200

/** A run, and what became of its nodes. */
export interface RunWithResults {
  /** Undefined for the diagnosed run itself. */
  readonly run: Run.Run | undefined
  readonly results: ReadonlyArray<RunResult.RunResult>
}

/** The same with its nodes by their names in capitals: both runs may have thousands. */
interface Searched extends RunWithResults {
  readonly named: (name: string) => ReadonlyArray<RunResult.RunResult>
}

const indexed = (run: RunWithResults): Searched => {
  const byName = new Map<string, Array<RunResult.RunResult>>()
  for (const result of run.results) {
    const name = nameOf(result).toUpperCase()
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [result])
    else same.push(result)
  }
  return { ...run, named: (name) => byName.get(name) ?? [] }
}

/** One match: a failed node, and what it follows from. */
interface Match extends Pick<Root, "by" | "kind" | "test"> {
  readonly failed: Failed
  readonly object: string | undefined
  readonly result: RunResult.RunResult
  readonly run: Run.Run | undefined
}

const classOf = ({ cause }: Failed) => cause?.class

const sqlOf = (result: RunResult.RunResult): ReadonlyArray<string> =>
  (result.queryResults ?? []).flatMap(({ sql }) => sql ?? [])

/** Whether a node of its name makes this table: its SQL may show that it makes another one. */
const writes = (result: RunResult.RunResult, table: string): boolean => {
  const written = sqlOf(result).flatMap(tablesWritten)
  return written.length === 0 || written.some((one) => isSameTable(one, tableName(table)))
}

const makersIn = ({ named }: Searched, table: string): ReadonlyArray<RunResult.RunResult> =>
  named(ownName(table)).filter((result) => writes(result, table))

const readsOf = ({ query }: Failed): ReadonlyArray<string> => tablesRead(query?.sql ?? "").map((name) => name.join("."))

const millis = (time: DateTime.Utc | undefined): number | undefined => time && DateTime.toEpochMillis(time)

/** When a node worked, from its queries; to now while it runs. */
const spanOf = ({ isRunning, queryResults = [] }: RunResult.RunResult): readonly [from: number, to: number] => {
  const starts = queryResults.flatMap(({ startTime }) => millis(startTime) ?? [])
  const ends = queryResults.flatMap(({ endTime }) => millis(endTime) ?? [])
  return [Math.min(...starts), isRunning === true ? Infinity : Math.max(...ends)]
}

const notMade = new Set<RunResult.Outcome>(["failed", "skipped", "canceled"])

/** The object that a failed node misses. */
const missedBy = (result: RunResult.RunResult): string | undefined => {
  const ending = RunResult.outcome(result) === "failed" ? endingQuery(result) : undefined
  const cause = ending && causeOf(ending)
  return cause?.class === "missingObjectOrGrant" ? cause.object : undefined
}

/** A node that misses the same object is no root of it. */
const misses = (result: RunResult.RunResult, object: string): boolean => {
  const missed = missedBy(result)
  return missed !== undefined && isSameTable(tableName(missed), tableName(object))
}

/** What did not make the object that a node misses. */
const makersOf = (failed: Failed, searched: Searched): ReadonlyArray<Match> => {
  const object = failed.cause?.object
  if (classOf(failed) !== "missingObjectOrGrant" || object === undefined) return []
  return makersIn(searched, object)
    .filter((result) =>
      notMade.has(RunResult.outcome(result)) && !misses(result, object) &&
      (searched.run !== undefined || isRoot(result, failed))
    )
    .map((result) => ({ kind: "notMade", by: "object", failed, object, result, run: searched.run }))
}

/** The failed tests for unique rows of what a node merges. */
const testsOf = (failed: Failed, { named, run }: Searched): ReadonlyArray<Match> => {
  if (classOf(failed) !== "duplicateRow") return []
  const merged = new Set([nameOf(failed.result), ...readsOf(failed)].map(ownName))
  const [begun] = spanOf(failed.result)
  return [...merged].flatMap(named).filter((result) => !(spanOf(result)[0] > begun)).flatMap((result) =>
    failedTestsOf([result]).filter(({ message, test }) => /uniq|duplicat|distinct/i.test(`${test} ${message}`))
      .map(({ message, test = message }): Match => ({
        kind: "failedTest",
        by: "object",
        failed,
        object: undefined,
        result,
        run,
        ...omitUndefined({ test })
      }))
  )
}

const overlaps = (failed: Failed, result: RunResult.RunResult): boolean => {
  const [from, to] = spanOf(result)
  const [begun, ended] = spanOf(failed.result)
  return from <= ended && to >= begun
}

/** The node of a message such as `Statement '01b9…' has locked table 'T' in transaction 1742…`. */
const holdersOf = (failed: Failed, searched: Searched): ReadonlyArray<Match> => {
  const { cause } = failed
  if (cause?.class !== "lock") return []
  const { message, object } = cause
  const ids = new Set(Array.from(message.matchAll(/[\w-]{16,80}/g), ([id]) => id.toLowerCase()))
  const isOther = (result: RunResult.RunResult) => result !== failed.result
  const held = { kind: "heldLock", failed, object, run: searched.run } as const
  const certain = searched.results.find((result) =>
    isOther(result) &&
    result.queryResults?.some(({ queryID }) => queryID !== undefined && ids.has(queryID.toLowerCase()))
  )
  if (certain !== undefined) return [{ ...held, by: "queryID", result: certain }]
  return (object === undefined ? [] : makersIn(searched, object))
    .filter((result) => isOther(result) && overlaps(failed, result))
    .map((result) => ({ ...held, by: "object", result }))
}

/** The nodes of another run that were at work on what a node reads, or had not begun while their run was running. */
const workersOf = (failed: Failed, searched: Searched): ReadonlyArray<Match> => {
  const { run } = searched
  const [begun] = spanOf(failed.result)
  if (run === undefined) return []
  const missed = classOf(failed) === "missingObjectOrGrant" ? failed.cause?.object : undefined
  const tables = [...new Set([...missed === undefined ? [] : [missed], ...readsOf(failed)])]
  const wasRunning = (millis(run.runStartTime) ?? Infinity) <= begun && (millis(run.runEndTime) ?? Infinity) >= begun
  if (!wasRunning) return []
  return tables.flatMap((object) =>
    makersIn(searched, object).filter((result) => !notMade.has(RunResult.outcome(result)) && spanOf(result)[1] > begun)
      .map((result): Match => ({ kind: "stillAtWork", by: "object", failed, object, result, run }))
  )
}

const search = [makersOf, testsOf, holdersOf, workersOf]

/** The failed nodes of a run that follow from another node of the same run. */
export const consequencesIn = (
  failed: ReadonlyArray<Failed>,
  results: ReadonlyArray<RunResult.RunResult>
): ReadonlySet<Failed> => {
  const own = indexed({ run: undefined, results })
  return new Set(failed.filter((one) => makersOf(one, own).length > 0))
}

/** Of two nodes that miss each other's table neither is a root. */
const isRoot = (result: RunResult.RunResult, { result: own }: Failed): boolean => {
  const missed = missedBy(result)
  return missed === undefined || nameOf(own).toUpperCase() !== ownName(missed) || !writes(own, missed)
}

const rootOf = (matches: readonly [Match, ...Array<Match>], reasons: FailureReasons): Root => {
  const [{ by, kind, object, result, run, test }] = matches
  const outcome = RunResult.outcome(result)
  const ending = outcome === "failed" ? endingQuery(result) : undefined
  return {
    kind,
    by,
    nodes: firstOf([...new Set(matches.map(({ failed }) => nameOf(failed.result)))], maxNodes),
    node: nameOf(result),
    outcome,
    ...omitUndefined({
      object: shortText(object, maxName),
      run: run && lineOf(run, reasons),
      cause: ending && causeOf(ending),
      test: shortText(test, maxName)
    })
  }
}

/**
 * Returns the roots of failed nodes: those in their own run first, then those in other runs, the latest first. A failed
 * node follows from one root only.
 */
export const rootsOf = (
  failed: ReadonlyArray<Failed>,
  own: ReadonlyArray<RunResult.RunResult>,
  others: ReadonlyArray<RunWithResults>,
  reasons: FailureReasons
): ReadonlyArray<Root> => {
  const runs = [{ run: undefined, results: own }, ...others].map(indexed)
  const found = new Map<RunResult.RunResult, [Match, ...Array<Match>]>()
  for (const one of failed.slice(0, maxFailed)) {
    const matches = search.flatMap((searched) => runs.flatMap((run) => searched(one, run)))
    const match = matches.find(({ by }) => by === "queryID") ?? matches[0]
    if (match === undefined) continue
    const same = found.get(match.result)
    if (same === undefined) found.set(match.result, [match])
    else same.push(match)
  }
  return Array.from(found.values(), (matches) => rootOf(matches, reasons)).slice(0, maxRoots)
}

const nightMillis = 18 * 3_600_000

/** Whether another run is of the same night, and began before this one ended. */
export const isOfNight = (run: Run.AnyRun, other: Run.AnyRun): boolean => {
  const begun = millis(other.runStartTime) ?? Infinity
  return other.id !== run.id && begun <= (millis(run.runEndTime) ?? Infinity) &&
    begun >= (millis(run.runStartTime) ?? Infinity) - nightMillis
}

const maxRuns = 4

/** Classes of cause that another run at work on the same tables can explain. */
const ofOtherWork = new Set<string | undefined>([
  "missingObjectOrGrant",
  "dataConversion",
  "constraint",
  "duplicateRow",
  "truncation",
  "divisionByZero",
  "lock",
  "timeout"
])

/** Returns the runs of the same night whose node results may hold the root, those most likely first. At most 4. */
export const runsToSearch = (
  run: Run.AnyRun,
  failed: ReadonlyArray<Failed>,
  rows: ReadonlyArray<Run.Run>
): ReadonlyArray<Run.Run> => {
  const start = millis(run.runStartTime)
  if (start === undefined) return []
  const classes = new Set(failed.map(classOf))
  const night = rows.filter((other) => isOfNight(run, other))
  const beside = night.filter(({ runEndTime }) => (millis(runEndTime) ?? Infinity) >= start)
  const needed = new Set([
    ...classes.has("lock") ? beside : [],
    ...classes.has("missingObjectOrGrant") ? night.filter(({ runStatus }) => runStatus !== "completed") : [],
    ...[...classes].some((one) => ofOtherWork.has(one)) ? beside : [],
    ...classes.has("duplicateRow") ? night.filter(({ runType }) => runType === "refresh") : []
  ])
  return [...needed].slice(0, maxRuns)
}
