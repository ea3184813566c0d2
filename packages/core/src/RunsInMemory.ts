/**
 * Runs in memory, listed as the API lists them: filtered, ordered, and cut into pages. `RunsClient.layerTest` and the
 * simulator share this code.
 *
 * @since 0.1.0
 */
import type { OrderBy, OrderByDirection } from "./RunCursor.ts"

/**
 * A run in the wire's own form: one record with all that the API spreads over a summary row and a detailed row. Only
 * `id`, `runType` and `runStatus` are required.
 *
 * **Details**
 *
 * Times are ISO 8601 with an offset, to any precision. `environmentID` is sent at the top of a summary row and inside
 * `runDetails` of a detailed one. `runFailureReason` is sent in the summary row only. `runDetails` (the rest of the
 * details), `runHistory`, `runTimeParameters`, `userCredentials`, `userID` and `version` are sent in the detailed row
 * only.
 *
 * @category models
 * @since 0.1.0
 */
export interface StoredRun {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly reRunID?: number
  readonly runStartTime?: string
  readonly runEndTime?: string
  readonly environmentID?: string
  readonly runFailureReason?: string
  readonly runDetails?: object
  readonly runHistory?: ReadonlyArray<number>
  readonly runTimeParameters?: object
  readonly userCredentials?: object
  readonly userID?: string
  readonly version?: number
}

/**
 * How the ids of rows are written: as JSON numbers, or as numeric strings.
 *
 * @category models
 * @since 0.1.0
 */
export type IdsAs = "number" | "string"

const writeId = (id: number, idsAs: IdsAs): number | string => idsAs === "string" ? String(id) : id

/**
 * Returns the row that List Runs sends for a run without `detail`.
 *
 * @category encoding
 * @since 0.1.0
 */
export const summaryRow = (run: StoredRun, idsAs: IdsAs = "number"): Record<string, unknown> => ({
  id: writeId(run.id, idsAs),
  ...(run.reRunID === undefined ? {} : { reRunID: String(run.reRunID) }),
  ...(run.runStartTime === undefined ? {} : { runStartTime: run.runStartTime }),
  ...(run.runEndTime === undefined ? {} : { runEndTime: run.runEndTime }),
  runType: run.runType,
  runStatus: run.runStatus,
  ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
  ...(run.runFailureReason === undefined ? {} : { runFailureReason: run.runFailureReason })
})

/**
 * Returns the row that List Runs sends for a run with `detail=true`, and that the single-run endpoint sends alone. It has
 * neither `runFailureReason` nor a top-level `environmentID`.
 *
 * @category encoding
 * @since 0.1.0
 */
export const detailedRow = (run: StoredRun, idsAs: IdsAs = "number"): Record<string, unknown> => ({
  id: writeId(run.id, idsAs),
  ...(run.reRunID === undefined ? {} : { reRunID: String(run.reRunID) }),
  runDetails: {
    ...(run.environmentID === undefined ? {} : { environmentID: run.environmentID }),
    ...run.runDetails
  },
  ...(run.runEndTime === undefined ? {} : { runEndTime: run.runEndTime }),
  ...(run.runHistory === undefined ? {} : { runHistory: run.runHistory.map((id) => writeId(id, idsAs)) }),
  ...(run.runStartTime === undefined ? {} : { runStartTime: run.runStartTime }),
  runStatus: run.runStatus,
  runTimeParameters: run.runTimeParameters ?? {},
  runType: run.runType,
  ...(run.userCredentials === undefined ? {} : { userCredentials: run.userCredentials }),
  ...(run.userID === undefined ? {} : { userID: run.userID }),
  ...(run.version === undefined ? {} : { version: run.version })
})

const isoTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(?:\.(\d+))?(Z|[+-]\d{2}(?::?\d{2})?)$/

/**
 * Returns one fixed-width text for each instant, in UTC to the nanosecond, so that instants compare as their texts do.
 * Undefined for a text that is no ISO 8601 date-time with an offset.
 *
 * **Example** (One instant, written three ways)
 *
 * ```ts
 * import { RunsInMemory } from "@coalesce-runs/core"
 *
 * RunsInMemory.canonicalTime("2026-03-10T02:00:00Z") // => "2026-03-10T02:00:00.000000000Z"
 * RunsInMemory.canonicalTime("2026-03-10T03:00:00.000+01:00") // => "2026-03-10T02:00:00.000000000Z"
 * RunsInMemory.canonicalTime("2026-03-10") // => undefined
 * ```
 *
 * @category encoding
 * @since 0.1.0
 */
export const canonicalTime = (text: string): string | undefined => {
  const match = isoTime.exec(text)
  if (match === null) return undefined
  const [, base = "", fraction = "", offset = ""] = match
  const millis = Date.parse(`${base}${offset}`)
  if (Number.isNaN(millis)) return undefined
  return `${new Date(millis).toISOString().slice(0, 20)}${fraction.slice(0, 9).padEnd(9, "0")}Z`
}

/**
 * A request of one page.
 *
 * @category models
 * @since 0.1.0
 */
export interface PageQuery {
  readonly orderBy: OrderBy
  readonly orderByDirection: OrderByDirection
  readonly limit: number
  /** Where the page starts, **exclusive**: an id, or a time in the form of {@link canonicalTime}. */
  readonly startingFrom?: number | string | undefined
  readonly runType?: string | undefined
  readonly runStatus?: string | undefined
  readonly environmentID?: string | undefined
}

/**
 * One page.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page<R extends StoredRun> {
  readonly runs: ReadonlyArray<R>
  /** Whether there are runs behind the page. */
  readonly hasMore: boolean
}

/**
 * How runs are listed where the API's documentation leaves it open.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options<R extends StoredRun> {
  /** Whether runs without the time that orders them are left out, or come last in either direction. Default: `omitted`. */
  readonly untimed?: "omitted" | "last"
  /** Orders runs with equal times, the smaller number first, whichever the direction. Default: by id. */
  readonly tie?: (run: R) => number
}

/**
 * Runs, ready to be listed.
 *
 * @category models
 * @since 0.1.0
 */
export interface RunsInMemory<R extends StoredRun> {
  readonly runs: ReadonlyArray<R>
  readonly find: (id: number) => R | undefined
  readonly page: (query: PageQuery) => Page<R>
}

const compare = (a: number | string, b: number | string): number => a < b ? -1 : a > b ? 1 : 0

/**
 * Makes runs ready to be listed. Each order and each filter is sorted once, when it is first asked for. Of runs with the
 * same id the last one counts.
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
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <R extends StoredRun>(runs: ReadonlyArray<R>, options: Options<R> = {}): RunsInMemory<R> => {
  interface Entry {
    readonly run: R
    readonly id: number
    readonly tie: number
    readonly runStartTime: string | undefined
    readonly runEndTime: string | undefined
  }

  const tie = options.tie ?? (({ id }) => id)
  const byId = new Map(runs.map((run): readonly [number, Entry] => [run.id, {
    run,
    id: run.id,
    tie: tie(run),
    runStartTime: run.runStartTime === undefined ? undefined : canonicalTime(run.runStartTime),
    runEndTime: run.runEndTime === undefined ? undefined : canonicalTime(run.runEndTime)
  }]))

  const cache = new Map<string, ReadonlyArray<Entry>>()
  const cached = (key: string, list: () => ReadonlyArray<Entry>): ReadonlyArray<Entry> => {
    const known = cache.get(key)
    if (known !== undefined) return known
    const entries = list()
    cache.set(key, entries)
    return entries
  }

  const sorted = (orderBy: OrderBy, direction: OrderByDirection): ReadonlyArray<Entry> =>
    cached(`${orderBy} ${direction}`, () => {
      const sign = direction === "asc" ? 1 : -1
      return Array.from(byId.values())
        .filter((entry) => options.untimed === "last" || entry[orderBy] !== undefined)
        .sort((a, b) => {
          const left = a[orderBy]
          const right = b[orderBy]
          if (left === undefined || right === undefined) {
            return left === right ? a.tie - b.tie : left === undefined ? 1 : -1
          }
          return sign * compare(left, right) || a.tie - b.tie
        })
    })

  const matching = ({ environmentID, orderBy, orderByDirection, runStatus, runType }: PageQuery) =>
    cached(
      JSON.stringify([orderBy, orderByDirection, runType, runStatus, environmentID]),
      () =>
        sorted(orderBy, orderByDirection).filter(({ run }) =>
          (runType === undefined || run.runType === runType) &&
          (runStatus === undefined || run.runStatus === runStatus) &&
          (environmentID === undefined || run.environmentID === environmentID)
        )
    )

  // How many of the entries are not beyond the cursor.
  const position = (
    entries: ReadonlyArray<Entry>,
    { orderBy, orderByDirection, startingFrom }: PageQuery
  ): number => {
    if (startingFrom === undefined) return 0
    const sign = orderByDirection === "asc" ? 1 : -1
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const key = entries[middle]?.[orderBy]
      if (key !== undefined && sign * compare(key, startingFrom) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    runs,
    find: (id) => byId.get(id)?.run,
    page: (query) => {
      const entries = matching(query)
      const from = position(entries, query)
      const page = entries.slice(from, from + query.limit)
      return { runs: page.map(({ run }) => run), hasMore: from + page.length < entries.length }
    }
  }
}
