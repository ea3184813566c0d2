/**
 * Reading with what cannot be read put down, instead of failing: a part is there, or it is in the list.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RunId } from "../Run.ts"
import type * as Run from "../Run.ts"
import type * as RunsClient from "../RunsClient.ts"
import type { Ended } from "./history.ts"
import { bounded } from "./lines.ts"
import type { Unread } from "./model.ts"

const maxMessage = 300

type Part = Unread["part"]

/** The parts that could not be read so far. */
export interface Reading {
  readonly unread: Array<Unread>
  /** Takes a part out again: another request had it. */
  readonly found: (part: Part) => void
  /** The value, or undefined and a line in the list. */
  readonly attempt: <A>(
    part: Part,
    effect: Effect.Effect<A, RunsClient.ListError>,
    runID?: RunId
  ) => Effect.Effect<A | undefined>
  readonly note: (part: Part, error: string, message: string, runID?: RunId) => void
}

export const unreadOf = (part: Part, error: RunsClient.ListError, runID?: RunId): Unread => ({
  part,
  ...(runID === undefined ? {} : { runID }),
  ...("status" in error ? { status: error.status } : {}),
  error: error._tag,
  message: bounded(error.message, maxMessage),
  isRetryable: error.isRetryable
})

export const make = (timeout: Duration.Duration): Reading => {
  const unread: Array<Unread> = []
  const add = (part: Part, runID: RunId | undefined, error: string, message: string, isRetryable: boolean) => {
    unread.push({
      part,
      ...(runID === undefined ? {} : { runID }),
      error,
      message: bounded(message, maxMessage),
      isRetryable
    })
  }
  return {
    unread,
    found: (part) => {
      unread.splice(0, unread.length, ...unread.filter((one) => one.part !== part))
    },
    attempt: (part, effect, runID) =>
      effect.pipe(
        Effect.catch((error) =>
          Effect.sync(() => {
            unread.push(unreadOf(part, error, runID))
            return undefined
          })
        ),
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () =>
            Effect.sync(() => {
              add(part, runID, "TimedOut", `No answer within ${Duration.format(timeout)}.`, true)
              return undefined
            })
        })
      ),
    note: (part, error, message, runID) => add(part, runID, error, message, false)
  }
}

/** Puts down the rows of a page that could not be decoded. */
export const noteUndecodable = (
  reading: Reading,
  part: Part,
  rows: ReadonlyArray<RunsClient.UndecodableRow>
): void => {
  const [first] = rows
  if (first === undefined) return
  const which = first.id === undefined ? `row ${first.index}` : `run ${first.id}`
  const count = rows.length === 1 ? "A row" : `${rows.length} rows`
  reading.note(part, "DecodeError", `${count} could not be read: ${which}: ${first.path}: ${first.issue}`)
}

/** Rows, and why there are no more. */
export interface ReadBack<A extends Run.AnyRun> {
  readonly rows: ReadonlyArray<A>
  readonly ended: Ended | "enough"
}

/**
 * The rows of a page, and of one more as large as the limit allows where the first has not got what is looked for. What
 * was read stays when the second cannot be read.
 */
export const readBack = Effect.fnUntraced(function*<A extends Run.AnyRun>(
  reading: Reading,
  part: Part,
  first: RunsClient.RunPage<A>,
  limit: number,
  page: (limit: number, after: RunsClient.RunPage<A>) => Effect.Effect<RunsClient.RunPage<A>, RunsClient.ListError>,
  isEnough: (rows: ReadonlyArray<A>) => boolean
): Effect.fn.Return<ReadBack<A>> {
  noteUndecodable(reading, part, first.undecodable)
  if (!first.hasMore) return { rows: first.runs, ended: "all" }
  if (isEnough(first.runs)) return { rows: first.runs, ended: "enough" }
  const left = limit - first.runs.length - first.undecodable.length
  if (left <= 0) return { rows: first.runs, ended: "limit" }
  const second = yield* reading.attempt(part, page(Math.min(1000, left), first))
  if (second === undefined) return { rows: first.runs, ended: "unreadable" }
  noteUndecodable(reading, part, second.undecodable)
  const rows = [...first.runs, ...second.runs]
  return { rows, ended: !second.hasMore ? "all" : isEnough(rows) ? "enough" : "limit" }
})
