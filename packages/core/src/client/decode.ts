/**
 * From the parsed JSON of an answer to runs and node results. A row that cannot be decoded is set aside with the place
 * and the reason, so that it never takes the good rows of its page with it.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { DeployRun, knownTypes, RefreshRun, type Run, RunId, RunSummary, SchedulerStatus } from "../Run.ts"
import { type RunResult, RunResults } from "../RunResult.ts"
import { IntFromWire } from "../wire/field.ts"
import { millisFromWire } from "../wire/time.ts"
import { readDetailed, readResult, readSummary } from "./decodeFast.ts"

/** A row that could not be decoded: which, and why. Of its content it holds the id and the times alone. */
export interface UndecodableRow {
  /** Its position in the page, from 0. */
  readonly index: number
  /** Its id, where that could be read. */
  readonly id: RunId | undefined
  /** Epoch milliseconds, where readable: what paging needs to go past the row. */
  readonly runStartTime: number | undefined
  /** Epoch milliseconds, where readable. */
  readonly runEndTime: number | undefined
  /** Where in the row, such as `runDetails.nodesInRun`; `""` for the row itself. */
  readonly path: string
  /** What was expected there, in a sentence of at most 200 characters. */
  readonly issue: string
}

/** A page's rows, good ones and others, both in page order. */
export interface DecodedRows<A> {
  readonly rows: ReadonlyArray<A>
  readonly undecodable: ReadonlyArray<UndecodableRow>
}

/** The answer around the rows. Only `data` is required: a server that says less is paged all the same. */
export interface Envelope {
  readonly data: ReadonlyArray<unknown>
  /** The page size that the server used. */
  readonly limit: number | undefined
  /** The cursor that the server names, as it came; `null` and blank are absent. */
  readonly next: string | number | undefined
}

/** Where a value does not fit its schema, and how. */
export interface Misfit {
  readonly path: string
  readonly issue: string
}

type Decoder<A> = (input: unknown) => Result.Result<A, Misfit>

const maxIssueLength = 200

const bounded = (text: string): string => text.length <= maxIssueLength ? text : `${text.slice(0, maxIssueLength - 1)}…`

const formatPath = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === "number") return `${before}[${key}]`
    return before === "" ? String(key) : `${before}.${String(key)}`
  }, "")

const standardIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const misfit = (issue: SchemaIssue.Issue): Misfit => {
  const found = standardIssues(issue).issues.map(({ message, path }) => ({
    message,
    path: formatPath((path ?? []).map((segment) => typeof segment === "object" ? segment.key : segment))
  }))
  const path = found[0]?.path ?? ""
  // One place can have several issues: the members of a union that might have taken it.
  const messages = found.filter((one) => one.path === path).map((one) => one.message)
  const [first = "Expected another value", ...others] = new Set(messages)
  return { path, issue: bounded([first, ...others.map((other) => other.replace(/^Expected /, ""))].join(" or ")) }
}

const decoder = <S extends Schema.ConstraintDecoder<unknown>>(schema: S): Decoder<S["Type"]> => {
  const decode = SchemaParser.decodeUnknownResult(schema)
  return (input) => Result.mapError(decode(input), misfit)
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const decodeSummary = decoder(RunSummary)
const decodeDeploy = decoder(DeployRun)
const decodeRefresh = decoder(RefreshRun)

// By the row's type, since the issue of a union says nothing about the member that was meant.
const decodeDetailedRow: Decoder<Run> = (row) => {
  if (!isRecord(row)) return Result.fail({ path: "", issue: "Expected object" })
  switch (row.runType) {
    case "deploy":
      return decodeDeploy(row)
    case "refresh":
      return decodeRefresh(row)
    default:
      return Result.fail({ path: "runType", issue: unknownType(row.runType) })
  }
}

const unknownType = (runType: unknown): string => {
  const expected = `Expected ${knownTypes.map((type) => JSON.stringify(type)).join(" | ")}`
  if (runType === undefined) return "Missing key"
  return typeof runType === "string" ? bounded(`${expected}, got ${JSON.stringify(runType.slice(0, 80))}`) : expected
}

const decodeId = Schema.decodeUnknownOption(RunId)
const decodeInt = Schema.decodeUnknownOption(IntFromWire)

const epochMillis = (value: unknown): number | undefined => {
  const millis = typeof value === "string" ? millisFromWire(value) : Number.NaN
  return Number.isNaN(millis) ? undefined : millis
}

const undecodableRow = (row: unknown, index: number, { issue, path }: Misfit): UndecodableRow => {
  const fields = isRecord(row) ? row : {}
  const id = decodeId(fields.id)
  return {
    index,
    id: id._tag === "Some" ? id.value : undefined,
    runStartTime: epochMillis(fields.runStartTime),
    runEndTime: epochMillis(fields.runEndTime),
    path,
    issue
  }
}

// Where the fast reader is not sure, the schema gives the value or the exact issue.
const decodeRows = <A>(
  rows: ReadonlyArray<unknown>,
  read: (row: unknown) => A | undefined,
  decode: Decoder<A>
): DecodedRows<A> => {
  const good: Array<A> = []
  const undecodable: Array<UndecodableRow> = []
  rows.forEach((row, index) => {
    const known = read(row)
    if (known !== undefined) {
      good.push(known)
      return
    }
    const decoded = decode(row)
    if (Result.isSuccess(decoded)) good.push(decoded.success)
    else undecodable.push(undecodableRow(row, index, decoded.failure))
  })
  return { rows: good, undecodable }
}

/** The rows of a page that was asked for without `detail`. */
export const decodeSummaries = (rows: ReadonlyArray<unknown>): DecodedRows<RunSummary> =>
  decodeRows(rows, readSummary, decodeSummary)

/** The rows of a page that was asked for with `detail`. */
export const decodeDetailed = (rows: ReadonlyArray<unknown>): DecodedRows<Run> =>
  decodeRows(rows, readDetailed, decodeDetailedRow)

const decodeReason = Schema.decodeUnknownOption(Schema.Struct({ id: RunId, runFailureReason: Schema.NonEmptyString }))

/** The reasons of summary rows by the runs' ids. Whatever else may be wrong with a row is no matter here. */
export const decodeReasons = (rows: ReadonlyArray<unknown>): ReadonlyMap<number, string> =>
  new Map(rows.flatMap((row) => {
    const decoded = decodeReason(row)
    return decoded._tag === "Some" ? [[decoded.value.id, decoded.value.runFailureReason] as const] : []
  }))

/** The answer for one run, which is not wrapped. */
export const decodeRun = (body: unknown): Result.Result<Run, UndecodableRow> =>
  Result.mapError(decodeDetailedRow(body), (misfit) => undecodableRow(body, 0, misfit))

const decodeRunResults = decoder(RunResults)

const isKnown = <A>(value: A | undefined): value is A => value !== undefined

/** The node results of a run, out of their `data`. One that cannot be decoded fails them all. */
export const decodeResults = (body: unknown): Result.Result<ReadonlyArray<RunResult>, Misfit> => {
  if (isRecord(body) && Array.isArray(body.data)) {
    const results = body.data.map(readResult)
    if (results.every(isKnown)) return Result.succeed(results)
  }
  return Result.map(decodeRunResults(body), (answer) => answer.data)
}

/** The scheduler's answer for one run. */
export const decodeSchedulerStatus: Decoder<SchedulerStatus> = decoder(SchedulerStatus)

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return "an array"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** The answer around the rows of a page, or a sentence on what is wrong with it. */
export const decodeEnvelope = (body: unknown): Result.Result<Envelope, string> => {
  if (!isRecord(body)) return Result.fail(`Expected an object with the rows in "data", got ${kindOf(body)}`)
  const { data, limit, next } = body
  if (!Array.isArray(data)) {
    return Result.fail(
      data === undefined ? `The answer has no "data"` : `Expected "data" to be an array, got ${kindOf(data)}`
    )
  }
  const size = decodeInt(limit)
  return Result.succeed({
    data,
    limit: size._tag === "Some" ? size.value : undefined,
    next: (typeof next === "number" && Number.isFinite(next)) || (typeof next === "string" && next.trim() !== "")
      ? next
      : undefined
  })
}
