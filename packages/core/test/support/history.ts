/** A keyset server in memory, small enough to be seen right: the oracle's history on one side, the wire on the other. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
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
  readonly untimed?: "omitted" | "last"
  /** Turns an answer into another: for what a healthy server never does. */
  readonly spoil?: (answer: Record<string, unknown>, request: URLSearchParams, index: number) => unknown
}

const millis = (time: string | undefined): number | undefined => time === undefined ? undefined : Date.parse(time)

export const keyOf = (run: WireRun, orderBy: RunCursor.OrderBy): number | undefined =>
  orderBy === "id" ? run.id : millis(run[orderBy])

/** Filters and sorts as the documentation says; ids break ties, whichever way the order goes. */
export const select = (
  history: ReadonlyArray<WireRun>,
  params: URLSearchParams,
  untimed: "omitted" | "last" = "omitted"
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
  return untimed === "omitted"
    ? timed
    : [...timed, ...matching.filter((run) => keyOf(run, orderBy) === undefined).sort((a, b) => a.id - b.id)]
}

const toRow = (run: WireRun, detail: boolean): Record<string, unknown> => {
  const { runDetails, ...summary } = run
  if (!detail) return summary
  const { environmentID, runFailureReason: _, ...rest } = summary
  return { ...rest, runDetails: { environmentID, ...runDetails }, runTimeParameters: {} }
}

export const answerOf = (server: Server, params: URLSearchParams): Record<string, unknown> => {
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
  return {
    limit,
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
      const answer = answerOf(server, params)
      const body = server.spoil === undefined ? answer : server.spoil(answer, params, index)
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
