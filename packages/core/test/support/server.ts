/**
 * The server of core's tests: keyset paging in memory, small enough to see that it is right. What a test expects comes from
 * `select`, which shares no code with the library or the simulator.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { RunsClient } from "../../src/index.ts"
import type { RunCursor } from "../../src/index.ts"

export interface WireRun {
  readonly id: number
  readonly runType: "deploy" | "refresh"
  readonly runStatus: string
  readonly environmentID: string
  readonly runStartTime?: string
  readonly runEndTime?: string
  readonly runFailureReason?: string
  /** What a detailed row of a refresh has besides. */
  readonly runDetails?: { readonly jobID?: number; readonly refreshDescription?: string }
}

export type NextStyle = "absent" | "null" | "blank" | "last" | "lastAsString" | "always"

export interface Server {
  readonly history: () => ReadonlyArray<WireRun>
  readonly next?: NextStyle
  readonly maxLimit?: number
  /** What a response says of its limit. Default: `used`. */
  readonly states?: "used" | "requested" | "nothing"
  /** Where runs come that do not have the time which orders them. Default: `omitted`. */
  readonly untimed?: "first" | "last" | "omitted"
  /** Replaces the body of a response: for what a healthy server never does. */
  readonly spoil?: (body: Record<string, unknown>, request: URLSearchParams, index: number) => unknown
}

const millis = (time: string | undefined): number | undefined => time === undefined ? undefined : Date.parse(time)

const keyOf = (run: WireRun, orderBy: RunCursor.OrderBy): number | undefined =>
  orderBy === "id" ? run.id : millis(run[orderBy])

/** Filters and sorts as the documentation says; ids break ties, whichever way the order goes. */
export const select = (
  history: ReadonlyArray<WireRun>,
  params: URLSearchParams,
  untimed: Server["untimed"] = "omitted"
): ReadonlyArray<WireRun> => {
  const orderBy = (params.get("orderBy") ?? "id") as RunCursor.OrderBy
  const sign = params.get("orderByDirection") === "asc" ? 1 : -1
  const matching = history.filter((run) =>
    (["runType", "runStatus", "environmentID"] as const).every((name) =>
      params.get(name) === null || params.get(name) === run[name]
    )
  )
  const timed = matching.filter((run) => keyOf(run, orderBy) !== undefined).sort((a, b) =>
    sign * ((keyOf(a, orderBy) ?? 0) - (keyOf(b, orderBy) ?? 0)) || a.id - b.id
  )
  const rest = untimed === "omitted" ? [] : matching.filter((run) => keyOf(run, orderBy) === undefined)
  const byId = rest.sort((a, b) => a.id - b.id)
  return untimed === "first" ? [...byId, ...timed] : [...timed, ...byId]
}

const toRow = (run: WireRun, detail: boolean): Record<string, unknown> => {
  const { runDetails, ...summary } = run
  if (!detail) return summary
  const { environmentID, runFailureReason: _, ...rest } = summary
  return { ...rest, runDetails: { environmentID, ...runDetails }, runTimeParameters: {} }
}

export const respond = (server: Server, params: URLSearchParams): Record<string, unknown> => {
  const orderBy = (params.get("orderBy") ?? "id") as RunCursor.OrderBy
  const limit = Math.min(Number(params.get("limit") ?? 25), server.maxLimit ?? 1000)
  const from = params.get("startingFrom")
  const start = from === null ? undefined : orderBy === "id" ? Number(from) : Date.parse(from)
  const desc = params.get("orderByDirection") !== "asc"
  const rows = select(server.history(), params, server.untimed).filter((run) => {
    const key = keyOf(run, orderBy)
    return start === undefined || key === undefined || (desc ? key < start : key > start)
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const value = last === undefined ? undefined : orderBy === "id" ? last.id : last[orderBy] ?? null
  const more = rows.length > page.length
  const next = server.next === "null"
    ? null
    : server.next === "blank"
    ? " "
    : server.next === "always"
    ? value
    : more && server.next === "last"
    ? value
    : more && server.next === "lastAsString"
    ? String(value)
    : undefined
  const states = server.states ?? "used"
  return {
    ...(states === "nothing" ? {} : { limit: states === "used" ? limit : Number(params.get("limit") ?? 25) }),
    orderBy,
    orderByDirection: desc ? "desc" : "asc",
    data: page.map((run) => toRow(run, params.get("detail") === "true")),
    ...(next === undefined ? {} : { next })
  }
}

export interface Log {
  readonly requests: Array<URLSearchParams>
}

/** A client over the server, and the log of its requests. */
export const clientOver = (server: Server, options?: Partial<RunsClient.Options>) => {
  const log: Log = { requests: [] }
  const http = HttpClient.make((request, url) =>
    Effect.sync(() => {
      const params = new URLSearchParams(url.searchParams)
      const index = log.requests.push(params) - 1
      const healthy = respond(server, params)
      const body = server.spoil === undefined ? healthy : server.spoil(healthy, params, index)
      return HttpClientResponse.fromWeb(
        request,
        body instanceof Response ? body : new Response(JSON.stringify(body), { status: 200 })
      )
    })
  )
  const layer = RunsClient.layer({ accessToken: "a-token-for-tests", ...options }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
  )
  return { layer, log }
}

/** Runs with ids 1..count; `startTimes` repeat so that ties come up. */
export const runs = (count: number, timeOf: (id: number) => number = (id) => id * 60_000): ReadonlyArray<WireRun> =>
  Array.from({ length: count }, (_, index) => {
    const id = index + 1
    const start = Date.UTC(2026, 0, 1) + timeOf(id)
    return {
      id,
      runType: id % 5 === 0 ? "deploy" : "refresh",
      runStatus: id % 7 === 0 ? "failed" : "completed",
      environmentID: String(1 + id % 3),
      runStartTime: new Date(start).toISOString(),
      runEndTime: new Date(start + 30_000).toISOString(),
      ...(id % 7 === 0 ? { runFailureReason: `reason of ${id}` } : {})
    }
  })

/** A history that does not change while it is read. */
export const still = (history: ReadonlyArray<WireRun>): Server["history"] => () => history

/** The ids from `from` down to `to`. */
export const down = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index)

/** The parameters of a URL, without the ones that are not set. */
export const paramsOf = (query: object): URLSearchParams =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => value === undefined ? [] : [[name, String(value)]])
  )

/** Runs a stream, and returns the ids that came, the error that ended it, and the requests that the server got. */
export const collect = (
  { layer, log }: ReturnType<typeof clientOver>,
  stream: Stream.Stream<{ readonly id: number }, RunsClient.ListError, RunsClient.RunsClient>
) => {
  const ids: Array<number> = []
  return stream.pipe(
    Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
    Effect.result,
    Effect.map((result) => ({
      ids,
      requests: log.requests,
      error: Result.isFailure(result) ? result.failure : undefined
    })),
    Effect.provide(layer)
  )
}
