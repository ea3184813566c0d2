/**
 * Decodes the parsed JSON of a response into runs and node results. Each row of a page is a result of its own, so that
 * an undecodable one never takes the others with it.
 */
import type * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { type AnyRun, DeployRun, knownTypes, RefreshRun, type Run, RunId, RunSummary, SchedulerStatus } from "../Run.ts"
import { type RunResult, RunResults } from "../RunResult.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut, quote } from "../wire/text.ts"
import { readDetailed, readResult, readSummary } from "./decodeFast.ts"
import { FieldReader, isJsonObject } from "./fieldReader.ts"

/**
 * A row of a page that could not be decoded: which one, where and why. Of its content it holds the id and the times.
 */
export interface UndecodableRow {
  /** The run's id, if that could be decoded. */
  readonly id: RunId | undefined
  /** The row's position in the response, from 0. */
  readonly index: number
  /** When the run started, if that could be decoded. */
  readonly runStartTime?: DateTime.Utc
  /** When the run ended, if that could be decoded. */
  readonly runEndTime?: DateTime.Utc
  /** Where in the row, such as `runDetails.nodesInRun`; `""` for the row itself. */
  readonly path: string
  /** What was expected there, in a sentence of at most 200 characters. */
  readonly issue: string
}

/** A row of a page: a run, or where and why it could not be decoded. */
export type Row<A = AnyRun> = Result.Result<A, UndecodableRow>

/** The response around the rows. Only `data` is required: a server that says less is paged all the same. */
export interface Envelope {
  readonly data: ReadonlyArray<unknown>
  /** The page size that the server used. */
  readonly limit: number | undefined
  /** The cursor that the server names, as it came. `null`, as is blank text, says that there is none. */
  readonly next: string | number | null | undefined
}

/** Where a value does not fit its schema, and how. */
export interface Mismatch {
  readonly path: string
  readonly issue: string
}

type Decoder<A> = (input: unknown) => Result.Result<A, Mismatch>

const maxIssueLength = 200

const bounded = (text: string): string => cut(text, maxIssueLength)

const formatPath = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>((before, key) => {
    if (typeof key === "number") return `${before}[${key}]`
    return before === "" ? String(key) : `${before}.${String(key)}`
  }, "")

const standardIssues = SchemaIssue.makeFormatterStandardSchemaV1()

const mismatch = (issue: SchemaIssue.Issue): Mismatch => {
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
  return (input) => Result.mapError(decode(input), mismatch)
}

const decodeDeploy = decoder(DeployRun)
const decodeRefresh = decoder(RefreshRun)

// By the row's type, since the issue of a union says nothing about the member that was meant.
const decodeDetailedRow: Decoder<Run> = (row) => {
  if (!isJsonObject(row)) return Result.fail({ path: "", issue: "Expected object" })
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
  return typeof runType === "string" ? bounded(`${expected}, got ${quote(cut(runType, 80))}`) : expected
}

/** Reads single fields, where nothing counts what it drops. */
const reader = new FieldReader()

const undecodableRow = (row: unknown, index: number, { issue, path }: Mismatch): UndecodableRow => {
  const fields = isJsonObject(row) ? row : {}
  return {
    id: reader.runId(fields.id),
    index,
    ...omitUndefined({ runStartTime: reader.time(fields.runStartTime), runEndTime: reader.time(fields.runEndTime) }),
    path,
    issue
  }
}

// Where the fast reader finds no run, the schema says what is wrong.
const rowDecoder =
  <A>(read: (row: unknown, reader: FieldReader) => A | undefined, decode: Decoder<A>) =>
  (reader: FieldReader) =>
  (row: unknown, index: number): Row<A> => {
    const run = read(row, reader)
    return run !== undefined
      ? Result.succeed(run)
      : Result.mapError(decode(row), (mismatch) => undecodableRow(row, index, mismatch))
  }

const summaryDecoder = rowDecoder(readSummary, decoder(RunSummary))
const detailedDecoder = rowDecoder(readDetailed, decodeDetailedRow)

/** Decodes a row of a page that was requested without `detail`. */
export const decodeSummary = (row: unknown, index: number): Row<RunSummary> =>
  summaryDecoder(new FieldReader())(row, index)

/** Decodes a row of a page that was requested with `detail`. */
export const decodeDetailed = (row: unknown, index: number): Row<Run> => detailedDecoder(new FieldReader())(row, index)

/** Decodes the rows of a page, and counts in the reader the optional fields that it drops. */
export const decodeRows = (rows: ReadonlyArray<unknown>, detail: boolean, reader: FieldReader): ReadonlyArray<Row> =>
  rows.map(detail ? detailedDecoder(reader) : summaryDecoder(reader))

/** Decodes the `runFailureReason` of summary rows, by the runs' ids. The rest of a row does not matter here. */
export const decodeReasons = (rows: ReadonlyArray<unknown>): ReadonlyMap<number, string> =>
  new Map(rows.flatMap((row) => {
    const id = isJsonObject(row) ? reader.runId(row.id) : undefined
    const reason = isJsonObject(row) ? reader.text(row.runFailureReason) : undefined
    return id === undefined || reason === undefined ? [] : [[id, reason] as const]
  }))

/** Decodes the response for one run, which is not wrapped. */
export const decodeRun = (body: unknown, reader = new FieldReader()): Row<Run> => detailedDecoder(reader)(body, 0)

const decodeRunResults = decoder(RunResults)

const isKnown = <A>(value: A | undefined): value is A => value !== undefined

/** Decodes the node results of a run, out of their `data`. One that cannot be decoded fails them all. */
export const decodeResults = (
  body: unknown,
  reader?: FieldReader
): Result.Result<ReadonlyArray<RunResult>, Mismatch> => {
  if (isJsonObject(body) && Array.isArray(body.data)) {
    const results = body.data.map((result: unknown) => readResult(result, reader))
    if (results.every(isKnown)) return Result.succeed(results)
  }
  return Result.map(decodeRunResults(body), ({ data }) => data)
}

/** Decodes the scheduler's response for one run. */
export const decodeSchedulerStatus: Decoder<SchedulerStatus> = decoder(SchedulerStatus)

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return "an array"
  return typeof value === "object" ? "an object" : `a ${typeof value}`
}

/** Decodes the response around the rows of a page, or says in a sentence what is wrong with it. */
export const decodeEnvelope = (body: unknown): Result.Result<Envelope, string> => {
  if (!isJsonObject(body)) return Result.fail(`Expected an object with the rows in "data", got ${kindOf(body)}`)
  const { data, limit, next } = body
  if (!Array.isArray(data)) {
    return Result.fail(
      data === undefined ? `The response has no "data"` : `Expected "data" to be an array, got ${kindOf(data)}`
    )
  }
  return Result.succeed({
    data,
    limit: reader.integer(limit),
    next: next === undefined || (typeof next === "number" && Number.isFinite(next)) ||
        (typeof next === "string" && next.trim() !== "")
      ? next
      : null
  })
}
