/** Requests one page of List Runs, and joins its failed runs with the reasons that only summary rows have. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { valueOf } from "../cursor/order.ts"
import { maxLimit } from "../ListRunsQuery.ts"
import type { RunId } from "../Run.ts"
import type { RunCursor } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { expectedTime } from "../wire/time.ts"
import type { PageRequest } from "./advance.ts"
import { decodeEnvelope, decodeReasons, decodeRows, type Row } from "./decode.ts"
import { FieldReader, isJsonObject } from "./fieldReader.ts"
import type { GetError } from "./model.ts"
import { urlParams, type ValidQuery } from "./query.ts"
import { BothAtOnce, ReasonsAtOnce } from "./references.ts"
import type { RequestContext } from "./statusError.ts"
import { countDropped } from "./telemetry.ts"
import type { Get, Transport } from "./transport.ts"

export interface Response {
  /** The rows in the response's order. */
  readonly rows: ReadonlyArray<Row>
  readonly limit: number | undefined
  readonly next: string | number | null | undefined
  readonly context: RequestContext
}

const send = (
  transport: Transport,
  params: URLSearchParams,
  resumeFrom?: RunCursor,
  onText?: Get["onText"]
) => {
  if (transport.projectID !== undefined && !params.has("projectID")) params.set("projectID", transport.projectID)
  return Effect.flatMap(
    transport.get({ endpoint: "runs", path: `/api/v1/runs?${params}`, resumeFrom, onText }),
    ({ body, context }) =>
      Effect.fromResult(Result.mapBoth(decodeEnvelope(body), {
        onSuccess: (envelope) => ({ ...envelope, context }),
        onFailure: (issue) => new RunsError.DecodeError({ ...context, path: "data", issue })
      }))
  )
}

/**
 * Refuses rows that do not fit the query, though they are runs. A server that ignores `runType` would make the types of
 * this library lie, and a run whose time cannot be read has no place in an order by that time.
 */
const checkRow = ({ orderBy, runType }: ValidQuery, data: ReadonlyArray<unknown>) => (row: Row, index: number): Row =>
  Result.flatMap(row, (run) => {
    const { id, runEndTime, runStartTime } = run
    const refuse = (path: string, issue: string): Row =>
      Result.fail({ id, index, ...omitUndefined({ runStartTime, runEndTime }), path, issue })
    if (runType !== undefined && run.runType !== runType) {
      return refuse("runType", `Expected ${JSON.stringify(runType)} as requested, got ${JSON.stringify(run.runType)}`)
    }
    const raw = data[index]
    return valueOf(run, orderBy) === undefined && isJsonObject(raw) && (raw[orderBy] ?? "") !== ""
      ? refuse(orderBy, `Expected ${expectedTime}, because the query is ordered by it`)
      : row
  })

const withReasons = (response: Response, reasons: ReadonlyMap<number, string>): Response => ({
  ...response,
  rows: response.rows.map(Result.map((run) => {
    const runFailureReason = reasons.get(run.id)
    return runFailureReason === undefined ? run : { ...run, runFailureReason }
  }))
})

const firstFailed = ({ rows }: Response): RunId | undefined => {
  for (const row of rows) if (Result.isSuccess(row) && row.success.runStatus === "failed") return row.success.id
  return undefined
}

/**
 * Requests a page. Where the query wants failure reasons of failed runs alone, both forms of the page are requested at
 * the same time; otherwise the second follows when the first turns out to hold a failed run. With {@link ReasonsAtOnce} both
 * forms of any page are, and a run that has not failed has its reason too. `onText` gets the text of the page itself.
 */
export const listRuns = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  request: PageRequest,
  resumeFrom: RunCursor | undefined,
  onText?: Get["onText"]
): Effect.fn.Return<Response, GetError> {
  const page = Effect.flatMap(
    send(transport, urlParams(query, request), resumeFrom, onText),
    ({ data, ...response }): Effect.Effect<Response> => {
      const reader = new FieldReader()
      const rows = decodeRows(data, query.detail, reader)
      return Effect.as(
        countDropped(response.context.request.url, reader.dropped),
        { ...response, rows: rows.map(checkRow(query, data)) }
      )
    }
  )
  // A few rows more, since runs may begin between the two requests.
  const limit = Math.min(request.limit + 9, maxLimit)
  const reasons = (of: ValidQuery, startingFrom: string | undefined) =>
    Effect.map(
      send(transport, urlParams({ ...of, detail: false }, { limit, startingFrom }), resumeFrom),
      ({ data }) => decodeReasons(data)
    )
  if (!query.failureReasons || request.orderBy !== undefined) return yield* page
  const isAtOnce = query.runStatus === "failed" || (query.runStatus === undefined && (yield* ReasonsAtOnce))
  if (isAtOnce && !request.isOpaque) {
    return yield* Effect.zipWith(page, reasons(query, request.startingFrom), withReasons, {
      concurrent: yield* BothAtOnce
    })
  }
  const response = yield* page
  const id = firstFailed(response)
  if (id === undefined) return response
  // An opaque cursor may hold for the query that it was given for, and no other.
  const startingFrom = request.isOpaque
    ? String(query.orderByDirection === "desc" ? id + 1 : id - 1)
    : request.startingFrom
  return withReasons(response, yield* reasons({ ...query, runStatus: "failed" }, startingFrom))
})

/** Requests the reason of one failed run: the one row behind the next id. */
export const failureReason = (transport: Transport, id: RunId): Effect.Effect<string | undefined, GetError> =>
  Effect.map(
    send(
      transport,
      new URLSearchParams({ limit: "1", startingFrom: String(id + 1), orderBy: "id", orderByDirection: "desc" })
    ),
    ({ data }) => decodeReasons(data).get(id)
  )
