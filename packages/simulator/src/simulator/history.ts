/**
 * The runs behind the API, ready to be paged: one sorted list for each order and filter that was asked for, rows written
 * once.
 */
import { hash } from "../scenario/random.ts"
import { detailedRow, type IdsAs, type SimulatedRun, summaryRow } from "../SimulatedRun.ts"
import { canonicalTime } from "./canonicalTime.ts"

export type OrderBy = "id" | "runStartTime" | "runEndTime"

export interface PageQuery {
  readonly orderBy: OrderBy
  readonly direction: "asc" | "desc"
  readonly limit: number
  /** An id, or a canonical time. */
  readonly after: number | string | undefined
  readonly detail: boolean
  readonly runType: string | undefined
  readonly runStatus: string | undefined
  readonly environmentID: string | undefined
}

export interface HistoryOptions {
  readonly idsAs: IdsAs
  readonly untimed: "omitted" | "last"
  readonly ties: "asc" | "desc" | "shuffled"
  readonly seed: number
  readonly forbiddenEnvironments: ReadonlySet<string>
}

/** A run with the texts of its rows, each written when it is first sent. */
export interface Entry {
  readonly run: SimulatedRun
  readonly summary: () => string
  readonly detailed: () => string
  readonly tie: number
  readonly start: string | undefined
  readonly end: string | undefined
}

export interface HistoryPage {
  readonly rows: ReadonlyArray<string>
  readonly last: SimulatedRun | undefined
  readonly hasMore: boolean
}

export interface History {
  readonly runs: ReadonlyArray<SimulatedRun>
  readonly find: (id: number) => Entry | undefined
  readonly page: (query: PageQuery) => HistoryPage
}

const once = (make: () => string): () => string => {
  let text: string | undefined
  return () => text ??= make()
}

const makeEntry = (run: SimulatedRun, options: HistoryOptions): Entry => ({
  run,
  summary: once(() => JSON.stringify(summaryRow(run, options.idsAs))),
  detailed: once(() => JSON.stringify(detailedRow(run, options.idsAs))),
  tie: options.ties === "shuffled" ? hash(`${options.seed}/tie/${run.id}`) : options.ties === "asc" ? run.id : -run.id,
  start: run.runStartTime === undefined ? undefined : canonicalTime(run.runStartTime),
  end: run.runEndTime === undefined ? undefined : canonicalTime(run.runEndTime)
})

const keyOf = (entry: Entry, orderBy: OrderBy): number | string | undefined =>
  orderBy === "id" ? entry.run.id : orderBy === "runStartTime" ? entry.start : entry.end

const compare = (a: number | string, b: number | string): number => a < b ? -1 : a > b ? 1 : 0

export const make = (runs: ReadonlyArray<SimulatedRun>, options: HistoryOptions): History => {
  const byId = new Map(runs.map((run) => [run.id, makeEntry(run, options)]))
  const cache = new Map<string, ReadonlyArray<Entry>>()
  const cached = (key: string, list: () => ReadonlyArray<Entry>): ReadonlyArray<Entry> => {
    const known = cache.get(key)
    if (known !== undefined) return known
    const entries = list()
    cache.set(key, entries)
    return entries
  }

  const sort = (orderBy: OrderBy, sign: 1 | -1): ReadonlyArray<Entry> =>
    Array.from(byId.values())
      .filter(({ run }) => run.environmentID === undefined || !options.forbiddenEnvironments.has(run.environmentID))
      .filter((entry) => options.untimed === "last" || keyOf(entry, orderBy) !== undefined)
      .sort((a, b) => {
        const left = keyOf(a, orderBy)
        const right = keyOf(b, orderBy)
        // Runs without the time come last in either direction.
        if (left === undefined || right === undefined) {
          return left === right ? a.tie - b.tie : left === undefined ? 1 : -1
        }
        return sign * compare(left, right) || a.tie - b.tie
      })

  const matching = ({ orderBy, direction, runType, runStatus, environmentID }: PageQuery): ReadonlyArray<Entry> =>
    cached(
      JSON.stringify([orderBy, direction, runType, runStatus, environmentID]),
      () =>
        cached(`${orderBy} ${direction}`, () => sort(orderBy, direction === "asc" ? 1 : -1)).filter(({ run }) =>
          (runType === undefined || run.runType === runType) &&
          (runStatus === undefined || run.runStatus === runStatus) &&
          (environmentID === undefined || run.environmentID === environmentID)
        )
    )

  // How many of the entries are not beyond the cursor.
  const position = (entries: ReadonlyArray<Entry>, query: PageQuery): number => {
    if (query.after === undefined) return 0
    const sign = query.direction === "asc" ? 1 : -1
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = entries[middle]
      const key = entry === undefined ? undefined : keyOf(entry, query.orderBy)
      if (key !== undefined && sign * compare(key, query.after) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    runs,
    find: (id) => byId.get(id),
    page: (query) => {
      const entries = matching(query)
      const from = position(entries, query)
      const page = entries.slice(from, from + query.limit)
      return {
        rows: page.map((entry) => query.detail ? entry.detailed() : entry.summary()),
        last: page.at(-1)?.run,
        hasMore: from + page.length < entries.length
      }
    }
  }
}
