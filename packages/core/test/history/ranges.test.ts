/** Long because the cases of a history are one table. */
import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as ranges from "../../src/history/ranges.ts"
import { Run, RunCursor, type RunsClient } from "../../src/index.ts"

const summary = (id: number): Run.RunSummary => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus: "completed"
})

interface PageOptions {
  /** Default: true. */
  readonly hasMore?: boolean
  /** Default: the last id. */
  readonly cursor?: number | undefined
  /** Undecodable rows: the id if that could be decoded, and the position. */
  readonly undecodable?: ReadonlyArray<readonly [id: number | undefined, index: number]>
}

const page = (
  ids: ReadonlyArray<number>,
  { cursor = ids.at(-1), hasMore = true, undecodable = [] }: PageOptions = {}
): RunsClient.RunPage<Run.RunSummary> => {
  const order = { orderBy: "id", orderByDirection: "desc" } as const
  const start = RunCursor.start(order)
  return {
    ...order,
    runs: ids.map(summary),
    undecodable: undecodable.map(([id, index]) => ({
      id: id === undefined ? undefined : Run.RunId.make(id),
      index,
      path: "runStatus",
      issue: "Expected string"
    })),
    cursor: cursor === undefined ? start : { ...start, value: cursor },
    hasMore
  }
}

/** Ids from `first` to `last`, every `step`th. */
const ids = (first: number, last: number, step = 1): ReadonlyArray<number> => {
  const sign = last < first ? -1 : 1
  return Array.from({ length: Math.floor(Math.abs(last - first) / step) + 1 }, (_, n) => first + sign * step * n)
}

interface Call {
  /** The new requests as `from > to (limit)`. */
  readonly requests: ReadonlyArray<string>
  /** The page of the first request in order. */
  readonly page: RunsClient.RunPage<Run.RunSummary>
  /** Default: all of the page's. */
  readonly runs?: ReadonlyArray<number>
  /** The indices of the undecodable rows to report. */
  readonly undecodable?: ReadonlyArray<number>
  /** What is left, in order: requested ranges as `[from > to]`. Absent at the end. */
  readonly left?: ReadonlyArray<string>
  readonly readOnFrom?: number
}

interface Case {
  readonly name: string
  readonly options?: Partial<ranges.Options>
  /** Default: 2. */
  readonly concurrency?: number
  readonly calls: ReadonlyArray<Call>
}

const first: Call = { requests: ["start > 0 (3)"], page: page([100, 99, 98]), left: ["98 > 0"] }

const cases: ReadonlyArray<Case> = [
  {
    name: "ends with the first page if there is no more",
    calls: [{ requests: ["start > 0 (3)"], page: page([2, 1], { hasMore: false }) }]
  },
  {
    name: "reads the first page alone, and then as many pages ahead as its concurrency",
    calls: [
      first,
      { requests: ["98 > 88 (10)", "88 > 78 (10)"], page: page(ids(97, 88)), left: ["[88 > 78]", "78 > 0"] },
      { requests: ["78 > 68 (10)"], page: page(ids(87, 78)), left: ["[78 > 68]", "68 > 0"] }
    ]
  },
  {
    name: "starts behind a run",
    options: { start: 50 },
    calls: [{ requests: ["50 > 0 (3)"], page: page([49, 48, 47]), left: ["47 > 0"] }]
  },
  {
    name: "reads the oldest runs first, without an end",
    options: { direction: "asc", start: 7 },
    calls: [
      { requests: ["7 > 9007199254740991 (3)"], page: page([8, 9, 10]), left: ["10 > 9007199254740991"] },
      {
        requests: ["10 > 20 (10)", "20 > 30 (10)"],
        page: page(ids(11, 20)),
        left: ["[20 > 30]", "30 > 9007199254740991"]
      },
      { requests: ["30 > 40 (10)"], page: page([21], { hasMore: false }) }
    ]
  },
  {
    name: "takes all of the last page, though another request reads it too",
    calls: [
      first,
      { requests: ["98 > 88 (10)", "88 > 78 (10)"], page: page([90, 60], { hasMore: false }), runs: [90, 60] }
    ]
  },
  {
    name: "leaves to another request the runs that it reads, and passes over a gap behind it",
    calls: [
      first,
      {
        requests: ["98 > 88 (10)", "88 > 78 (10)"],
        page: page([97, 90, 85, 80]),
        runs: [97, 90],
        left: ["[88 > 78]", "78 > 0"]
      },
      // The 4 rows lie among 18 ids, and the first 3 among 3 at half their weight: 3.5 ids a row, and 4 rows a page.
      { requests: ["78 > 71 (7)"], page: page([85, 80, 40, 33]), runs: [85, 80], left: ["[78 > 71]", "41 > 0"] }
    ]
  },
  {
    name: "requests what is left behind a first page that is short in one request, since nothing may be left",
    concurrency: 4,
    options: { start: 1000 },
    calls: [
      { requests: ["1000 > 0 (3)"], page: page([900, 890]), left: [] },
      { requests: ["890 > 0 (10)"], page: page([880]), left: ["880 > 0"] }
    ]
  },
  {
    name: "starts what is left behind a gap that a page shows",
    concurrency: 1,
    calls: [
      first,
      { requests: ["98 > 88 (10)"], page: page([90, 50, 45]), left: ["45 > 0"] }
    ]
  },
  {
    name: "divides a range again that holds more than one page, and keeps the pages behind it",
    concurrency: 2,
    options: { firstLimit: 2 },
    calls: [
      { requests: ["start > 0 (2)"], page: page([1000, 900]), left: ["900 > 0"] },
      {
        requests: ["900 > 648 (10)", "648 > 396 (10)"],
        page: page(ids(899, 890)),
        left: ["890 > 648", "[648 > 396]", "396 > 0"]
      },
      {
        requests: ["890 > 863 (10)", "863 > 836 (10)"],
        page: page(ids(889, 880)),
        left: ["880 > 863", "[863 > 836]", "836 > 648", "[648 > 396]", "396 > 0"]
      }
    ]
  },
  {
    name: "requests ranges in which 1000 rows fit by three standard deviations, where 1 of 35 ids matches",
    concurrency: 1,
    options: { firstLimit: 25, pageSize: 1000 },
    calls: [
      { requests: ["start > 0 (25)"], page: page(ids(99_840, 99_000, 35)), left: ["99000 > 0"] },
      { requests: ["99000 > 68504 (1000)"], page: page([70_000], { hasMore: false }) }
    ]
  },
  {
    name: "takes the gap before a single run as the usual one, and half a page of it",
    concurrency: 1,
    options: { start: 1000, firstLimit: 1 },
    calls: [
      { requests: ["1000 > 0 (1)"], page: page([900]), left: ["900 > 0"] },
      { requests: ["900 > 400 (10)"], page: page([880], { hasMore: false }) }
    ]
  },
  {
    name: "reads on one page at a time where the first page does not advance",
    options: { start: 50 },
    calls: [{ requests: ["50 > 0 (3)"], page: page([], { cursor: 50 }), readOnFrom: 50 }]
  },
  {
    name: "requests smaller ranges of a server that returns fewer rows than requested, and larger ones again",
    concurrency: 1,
    calls: [
      first,
      { requests: ["98 > 88 (10)"], page: page(ids(97, 94)), left: ["94 > 88", "88 > 0"] },
      { requests: ["94 > 90 (4)"], page: page(ids(93, 90)), left: ["90 > 88", "88 > 0"] },
      { requests: ["90 > 88 (2)"], page: page([89, 88]), left: ["88 > 0"] },
      { requests: ["88 > 78 (10)"], page: page(ids(87, 78)), left: ["78 > 0"] }
    ]
  },
  {
    name: "reports the undecodable rows of its own range, and those without an id among the runs it takes",
    calls: [
      first,
      {
        requests: ["98 > 88 (10)", "88 > 78 (10)"],
        page: page([97, 90, 85], { undecodable: [[95, 1], [undefined, 2], [undefined, 4], [82, 6], [undefined, 7]] }),
        runs: [97, 90],
        undecodable: [1, 2, 4],
        left: ["[88 > 78]", "78 > 0"]
      }
    ]
  },
  {
    name:
      "requests a page again, with more rows, that holds nothing but rows without an id, and leaves the pages behind it",
    calls: [
      { requests: ["start > 0 (3)"], page: page([], { cursor: undefined, undecodable: [[undefined, 0]] }), left: [] },
      { requests: ["start > 0 (12)"], page: page(ids(100, 89)), left: ["89 > 0"] },
      {
        requests: ["89 > 79 (10)", "79 > 69 (10)"],
        page: page([], { cursor: 89, undecodable: [[undefined, 0], [undefined, 1]] }),
        left: ["89 > 79", "[79 > 69]", "69 > 0"]
      },
      {
        requests: ["89 > 79 (40)"],
        page: page(ids(86, 70), { undecodable: [[undefined, 0], [undefined, 1], [undefined, 2]] }),
        runs: ids(86, 79),
        undecodable: [0, 1, 2],
        left: ["[79 > 69]", "69 > 0"]
      },
      { requests: ["69 > 59 (10)"], page: page(ids(78, 69)), left: ["[69 > 59]", "59 > 0"] }
    ]
  },
  {
    name: "requests a first page behind a run again that holds nothing but rows without an id, beside the next range",
    options: { start: 50 },
    calls: [
      { requests: ["50 > 0 (3)"], page: page([], { cursor: 50, undecodable: [[undefined, 0]] }), left: ["50 > 0"] },
      {
        requests: ["50 > 40 (12)", "40 > 30 (10)"],
        page: page([45], { undecodable: [[undefined, 0]] }),
        undecodable: [0],
        left: ["45 > 40", "[40 > 30]", "30 > 0"]
      }
    ]
  },
  {
    name: "takes a first page that undecodable rows fill for a full one",
    calls: [{
      requests: ["start > 0 (3)"],
      page: page([100], { cursor: 98, undecodable: [[99, 1], [98, 2]] }),
      undecodable: [1, 2],
      left: ["98 > 0"]
    }]
  },
  {
    name: "leaves to another request the undecodable rows behind the runs that it reads",
    calls: [
      first,
      {
        requests: ["98 > 88 (10)", "88 > 78 (10)"],
        page: page([97, 90, 85, 82], { undecodable: [[undefined, 0], [undefined, 1], [86, 4], [undefined, 6]] }),
        runs: [97, 90],
        undecodable: [0, 1],
        left: ["[88 > 78]", "78 > 0"]
      }
    ]
  },
  {
    name: "reports the rows without an id before the last row with one, which is undecodable too",
    concurrency: 1,
    calls: [
      first,
      {
        requests: ["98 > 88 (10)"],
        page: page([97], { cursor: 95, undecodable: [[undefined, 1], [95, 2], [undefined, 3]] }),
        undecodable: [1, 2],
        left: ["95 > 88", "88 > 0"]
      }
    ]
  },
  {
    name: "reads on one page at a time where 1000 rows without an id fill a page",
    concurrency: 1,
    options: { start: 3000, firstLimit: 1000, pageSize: 1000 },
    calls: [{
      requests: ["3000 > 0 (1000)"],
      page: page([], { cursor: 3000, undecodable: [[undefined, 0]] }),
      undecodable: [0],
      readOnFrom: 3000
    }]
  },
  {
    name: "reports a row without an id behind the last run once, with the page that starts there",
    concurrency: 1,
    calls: [
      first,
      {
        requests: ["98 > 88 (10)"],
        page: page([97, 96, 95], { undecodable: [[undefined, 0], [undefined, 1], [undefined, 3], [undefined, 6]] }),
        undecodable: [0, 1, 3],
        left: ["95 > 88", "88 > 0"]
      },
      {
        requests: ["95 > 92 (3)"],
        page: page([94], { undecodable: [[undefined, 0]], hasMore: false }),
        undecodable: [0]
      }
    ]
  },
  {
    name: "reads on one page at a time behind a page that does not advance",
    calls: [
      first,
      { requests: ["98 > 88 (10)", "88 > 78 (10)"], page: page([], { cursor: 98 }), readOnFrom: 98 }
    ]
  },
  {
    name: "continues behind an empty page that advances",
    concurrency: 1,
    calls: [
      first,
      { requests: ["98 > 88 (10)"], page: page([], { cursor: 90 }), left: ["90 > 88", "88 > 0"] },
      { requests: ["90 > 88 (2)"], page: page([], { cursor: 88 }), left: ["88 > 0"] },
      { requests: ["88 > 78 (10)"], page: page([80], { hasMore: false }) }
    ]
  },
  {
    name: "requests nothing behind the pages that can hold all the runs that are wanted",
    concurrency: 4,
    options: { maxRows: 20 },
    calls: [
      first,
      {
        requests: ["98 > 88 (10)", "88 > 78 (10)"],
        page: page(ids(97, 88)),
        left: ["[88 > 78]", "78 > 0"]
      },
      { requests: [], page: page(ids(86, 78, 2)), left: ["78 > 0"] },
      { requests: ["78 > 75 (3)"], page: page([77, 76, 75]) }
    ]
  },
  {
    name: "ends with the last run that is wanted, and requests no page behind those that hold it",
    concurrency: 4,
    options: { maxRows: 13 },
    calls: [
      first,
      { requests: ["98 > 88 (10)"], page: page(ids(97, 88)) }
    ]
  },
  {
    name: "reads down to id 0",
    calls: [
      { requests: ["start > 0 (3)"], page: page([3, 2, 1]), left: ["1 > 0"] },
      { requests: ["1 > 0 (1)"], page: page([0]) }
    ]
  }
]

describe("the ranges of RunHistory", () => {
  it.each(cases)("$name", ({ calls, concurrency = 2, options }) => {
    let state: ranges.State | undefined = ranges.begin({
      direction: "desc",
      start: undefined,
      firstLimit: 3,
      pageSize: 10,
      maxRows: Infinity,
      ...options
    })
    calls.forEach(({ left, page, readOnFrom, requests, runs, undecodable = [] }, index) => {
      assert.isDefined(state, `call ${index}`)
      if (state === undefined) return
      const plan = ranges.request(state, concurrency)
      assert.deepStrictEqual(
        plan.requests.map(({ from, limit, to }) => `${from ?? "start"} > ${to} (${limit})`),
        requests,
        `requests ${index}`
      )
      assert.isDefined(plan.awaited)
      if (plan.awaited === undefined) return
      const step = ranges.advance(plan.state, plan.awaited, page)
      assert.deepStrictEqual(step.runs.map(({ id }) => Number(id)), runs ?? page.runs.map(({ id }) => Number(id)))
      assert.deepStrictEqual(step.undecodable.map((row) => row.index), undecodable)
      assert.strictEqual(step.readOnFrom?.value, readOnFrom)
      state = Option.getOrUndefined(step.state)
      const found = state?.ranges.map((range) => {
        const text = `${range.from} > ${range.to}`
        return "limit" in range ? `[${text}]` : text
      })
      assert.deepStrictEqual(found, left, `ranges ${index}`)
    })
  })

  it.each([
    { held: 2, requests: 2 },
    { held: 3, requests: 1 },
    { held: 4, requests: 1 },
    { held: 9, requests: 1 }
  ])("makes $requests of 2 requests where $held pages are held that are not next", ({ held, requests }) => {
    const begun = ranges.begin({ direction: "desc", start: 1000, firstLimit: 3, pageSize: 10, maxRows: Infinity })
    const requested = Array.from({ length: held }, (_, n) => ({ from: 900 - 10 * n, to: 890 - 10 * n, limit: 10 }))
    const plan = ranges.request({
      ...begun,
      first: undefined,
      ranges: [{ from: 1000, to: 990 }, { from: 990, to: 900 }, ...requested]
    }, 2)
    assert.strictEqual(plan.requests.length, requests)
    assert.deepStrictEqual(plan.awaited, { from: 1000, to: 990, limit: 10 })
  })
})
