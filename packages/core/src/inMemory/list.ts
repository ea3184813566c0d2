/** Lists runs in memory as the API lists them: filtered, ordered, and cut into pages. Public through `RunsInMemory.ts`. */
import { assertOptions, callback } from "../error/check.ts"
import type { OrderBy, OrderByDirection } from "../RunCursor.ts"

/** What the API filters and orders runs by. */
export interface ListedRun {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly environmentID?: string | undefined
  readonly projectID?: string | undefined
  readonly runStartTime?: string | undefined
  readonly runEndTime?: string | undefined
}

/** A request of one page. */
export interface PageQuery {
  /** The field that the runs are ordered by. Runs without it are left out. */
  readonly orderBy: OrderBy
  readonly orderByDirection: OrderByDirection
  /** The most runs of the page. */
  readonly limit: number
  /** Where the page starts, **exclusive**: the id of a run, or an ISO 8601 time with an offset. */
  readonly startingFrom?: number | string | undefined
  /** Filters: only runs with this very value. */
  readonly runType?: string | undefined
  readonly runStatus?: string | undefined
  readonly environmentID?: string | undefined
  readonly projectID?: string | undefined
}

/** One page. */
export interface Page<R extends ListedRun> {
  readonly runs: ReadonlyArray<R>
  /** Whether there are runs behind the page. */
  readonly hasMore: boolean
}

/** How runs are listed, where the API's documentation leaves it open. */
export interface Options<R extends ListedRun> {
  /** Whether runs without the time that orders them are left out, or come last in either direction. Default: `omitted`. */
  readonly untimed?: "omitted" | "last"
  /** What times compare by. Undefined for a text that is no time. Default: milliseconds since 1970. */
  readonly instant?: (time: string) => number | string | undefined
  /** Orders runs with equal times, the smaller number first in either direction. Default: by id. */
  readonly tie?: (run: R) => number
}

/** Runs that are ready to be listed. */
export interface RunsInMemory<R extends ListedRun> {
  readonly runs: ReadonlyArray<R>
  readonly find: (id: number) => R | undefined
  readonly page: (query: PageQuery) => Page<R>
}

const millis = (time: string): number | undefined => {
  const millis = Date.parse(time)
  return Number.isNaN(millis) ? undefined : millis
}

/**
 * Makes runs ready to be listed. Each order and filter is sorted once, when it is first requested. Of runs with the same id
 * the last one counts.
 *
 * **Example** (The page behind run 3)
 *
 * ```ts
 * import { RunsInMemory } from "@coalesce-runs/core"
 *
 * const runs = [1, 2, 3, 4].map((id) => ({ id, runType: "refresh", runStatus: "completed" }))
 * const { page } = RunsInMemory.make(runs)
 *
 * const next = page({ orderBy: "id", orderByDirection: "desc", limit: 1, startingFrom: 3 })
 * next.runs.map(({ id }) => id) // => [2]
 * next.hasMore // => true
 * ```
 */
export const make = <R extends ListedRun>(runs: ReadonlyArray<R>, options: Options<R> = {}): RunsInMemory<R> => {
  assertOptions<Options<R>>(options, {
    untimed: ["Expected omitted or last", (value) => value === "omitted" || value === "last"],
    instant: callback,
    tie: callback
  })
  const { instant = millis, tie = ({ id }) => id, untimed = "omitted" } = options
  const byId = new Map(runs.map((run) => [run.id, run]))
  const keyOf = (value: number | string | undefined) => typeof value === "string" ? instant(value) : value
  const entriesOf = ({ environmentID, orderBy, orderByDirection, projectID, runStatus, runType }: PageQuery) => {
    const sign = orderByDirection === "asc" ? 1 : -1
    return Array.from(byId.values())
      .filter((run) =>
        (runType === undefined || run.runType === runType) &&
        (runStatus === undefined || run.runStatus === runStatus) &&
        (environmentID === undefined || run.environmentID === environmentID) &&
        (projectID === undefined || run.projectID === projectID)
      )
      .map((run) => ({ run, key: keyOf(run[orderBy]), tie: tie(run) }))
      .filter(({ key }) => untimed === "last" || key !== undefined)
      .sort(({ key: a, tie: tieOfA }, { key: b, tie: tieOfB }) => {
        const missing = Number(a === undefined) - Number(b === undefined)
        const order = a === undefined || b === undefined ? missing : sign * (a < b ? -1 : a > b ? 1 : 0)
        return order || tieOfA - tieOfB
      })
  }

  const sorted = new Map<string, ReturnType<typeof entriesOf>>()
  return {
    runs,
    find: (id) => byId.get(id),
    page: ({ limit, startingFrom, ...query }) => {
      const name = JSON.stringify(Object.entries(query))
      const entries = sorted.get(name) ?? entriesOf({ ...query, limit })
      sorted.set(name, entries)
      const start = keyOf(startingFrom)
      const isBeyond = (key: number | string) =>
        start === undefined || (query.orderByDirection === "asc" ? key > start : key < start)
      const beyond = entries.findIndex(({ key }) => key === undefined || isBeyond(key))
      const from = beyond < 0 ? entries.length : beyond
      const page = entries.slice(from, from + limit)
      return { runs: page.map(({ run }) => run), hasMore: from + page.length < entries.length }
    }
  }
}
