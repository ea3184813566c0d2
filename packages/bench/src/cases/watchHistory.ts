/** A client of a history that is made as it is requested, so that one of a million runs costs no more than one of a thousand. */
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"

export interface History {
  /** The greatest id; the ids begin with 1. */
  newest: number
  /** Whether a run has ended. */
  hasEnded: (id: number) => boolean
  /** How many requests there were. */
  requests: number
}

const second = (id: number) => new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString()

const rowOf = (id: number, hasEnded: boolean) => ({
  id,
  runType: "refresh",
  runStatus: hasEnded ? "completed" : "running",
  environmentID: "3",
  runStartTime: second(id),
  ...(hasEnded ? { runEndTime: second(id + 600) } : {})
})

const listed = ({ hasEnded, newest }: History, query: URLSearchParams): string => {
  const limit = Number(query.get("limit"))
  const isAscending = query.get("orderByDirection") === "asc"
  const [start, status] = [query.get("startingFrom"), query.get("runStatus")]
  const rows = []
  const first = isAscending ? Number(start ?? 0) + 1 : Math.min(newest, start === null ? newest : Number(start) - 1)
  // Of one status only the newest 10,000 are searched: older ones have ended in these histories.
  const last = status === null ? 1 : Math.max(1, newest - 10_000)
  for (let id = first; rows.length < limit && (isAscending ? id <= newest : id >= last); id += isAscending ? 1 : -1) {
    const row = rowOf(id, hasEnded(id))
    if (status === null || row.runStatus === status) rows.push(row)
  }
  return JSON.stringify({ limit, orderBy: "id", orderByDirection: isAscending ? "asc" : "desc", data: rows })
}

export const layer = (history: History) =>
  RunsClient.layer({ accessToken: "bench-token", baseUrl: "https://bench.invalid" }).pipe(
    Layer.provide(Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make((request, url) =>
        Effect.sync(() => {
          history.requests++
          const body = new TextEncoder().encode(listed(history, url.searchParams))
          // A stream, as the body that `fetch` returns is: of a text, Node 20 keeps a copy until it collects its whole heap.
          const stream = new ReadableStream<Uint8Array>({
            start: (controller) => {
              controller.enqueue(body)
              controller.close()
            }
          })
          return HttpClientResponse.fromWeb(
            request,
            new Response(stream, { headers: { "content-type": "application/json" } })
          )
        })
      )
    ))
  )
