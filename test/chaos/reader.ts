/** Reads a schedule once: until its end, until it is given up, or until an error. */
import { type ListRunsQuery, type Run, RunCursor, RunHistory, RunsClient, RunWindow } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { epoch, type Schedule } from "./schedule.ts"

/** What was read so far, by one reader after another. */
export interface Reading {
  readonly used: Array<Run.AnyRun>
  /** Behind the last run that was used. */
  position: RunCursor.RunCursor | undefined
}

export interface Stopped {
  readonly error: RunsClient.ListError | undefined
  /** Whether it was given up before its end. */
  readonly isCut: boolean
}

const order = ({ query: { orderBy, orderByDirection } }: Schedule) => ({ orderBy, orderByDirection })

const errorOf = (result: Result.Result<unknown, RunsClient.ListError>): RunsClient.ListError | undefined =>
  Result.isFailure(result) ? result.failure : undefined

/** Reads page by page, each requested alone. */
const byPage = Effect.fnUntraced(function*(
  client: RunsClient.Shape,
  query: Omit<ListRunsQuery.StreamRunsQuery, "pageSize" | "prefetch" | "startingFrom">,
  limit: number,
  cut: number,
  reading: Reading
) {
  for (let count = 0; count < cut; count++) {
    const page = yield* client.listPage({ ...query, limit, startingFrom: reading.position })
    if (page.runs.length > limit) return yield* Effect.die("a page has more runs than requested")
    reading.used.push(...page.runs)
    reading.position = page.cursor
    if (!page.hasMore) return false
  }
  return true
})

/** Reads on from a position. `cut` is after how many runs, or pages, it is given up. */
export const readOn = Effect.fnUntraced(function*(
  client: RunsClient.Shape,
  schedule: Schedule,
  undecodableRows: "fail" | "skip",
  cut: number,
  reading: Reading
): Effect.fn.Return<Stopped> {
  const { concurrency, query: { pageSize, prefetch, ...rest }, reader, window } = schedule
  const startingFrom = reading.position === undefined ? undefined : RunCursor.encode(reading.position)
  const query = { ...rest, undecodableRows }
  if (reader === "listPage") {
    const result = yield* Effect.result(byPage(client, query, pageSize ?? 25, cut, reading))
    return { error: errorOf(result), isCut: Result.isSuccess(result) && result.success }
  }
  const streamed = { ...query, pageSize, prefetch, startingFrom }
  let count = 0
  if (reader === "pages") {
    const result = yield* client.pages(streamed).pipe(
      Stream.take(cut),
      Stream.runForEach((page) =>
        Effect.sync(() => {
          count++
          reading.used.push(...page.runs)
          reading.position = page.cursor
        })
      ),
      Effect.result
    )
    return { error: errorOf(result), isCut: count === cut }
  }
  const { orderBy: _, ...unordered } = streamed
  const { prefetch: __, ...unhurried } = unordered
  const ends = { since: DateTime.makeUnsafe(epoch + window[0]), until: DateTime.makeUnsafe(epoch + window[1]) }
  const runs: Stream.Stream<Run.AnyRun, RunsClient.ListError, RunsClient.RunsClient> = reader === "list"
    ? client.list(streamed)
    : reader === "history"
    ? RunHistory.list(unhurried, { concurrency })
    : RunWindow.list(ends, unordered)
  const result = yield* runs.pipe(
    Stream.take(cut),
    Stream.runForEach((run) =>
      Effect.sync(() => {
        count++
        reading.used.push(run)
        reading.position = RunCursor.after(reading.position ?? RunCursor.start(order(schedule)), run)
      })
    ),
    Effect.provideService(RunsClient.RunsClient, client),
    Effect.result
  )
  return { error: errorOf(result), isCut: count === cut }
})
