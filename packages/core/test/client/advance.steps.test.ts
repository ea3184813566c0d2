/** Single steps of paging, where no server is needed to see what they say. Long because the cases are one table. */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as paging from "../../src/client/advance.ts"
import { validateStream } from "../../src/client/query.ts"

const begin = (query: Parameters<typeof validateStream>[0] = {}): paging.State =>
  paging.begin(Result.getOrThrow(validateStream(query)))

const byId = begin()
const byTime = begin({ orderBy: "runStartTime" })
const oldestFirst = begin({ orderByDirection: "asc" })
const [second, first] = [Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 1)]

const at = (state: paging.State, value: number, more: Partial<paging.State> = {}): paging.State => ({
  ...state,
  cursor: { ...state.cursor, value },
  ...more
})

type Pair = readonly [id: number | undefined, value: number | undefined]

const rowsOf = (rows: ReadonlyArray<number | undefined | Pair>): ReadonlyArray<paging.Row> =>
  rows.map((row) => typeof row === "object" ? { id: row[0], value: row[1] } : { id: row, value: row })

interface Response {
  /** Ids, which are the values too, or pairs of both. */
  readonly rows: ReadonlyArray<number | undefined | Pair>
  readonly next?: paging.PageResponse["next"]
  readonly limit?: number
  /** How many rows were requested. Default: 10. */
  readonly requested?: number
}

const advance = (state: paging.State, { limit, next, requested = 10, rows }: Response): paging.Advance =>
  paging.advance(state, { limit: requested, startingFrom: undefined, isOpaque: false }, {
    rows: rowsOf(rows),
    limit,
    next
  })

interface Case {
  readonly name: string
  readonly state: paging.State
  readonly response: Response
  readonly is: Partial<Omit<paging.Advance, "state" | "problem">> & {
    readonly state?: Partial<paging.State>
    readonly problem?: paging.Problem["reason"] | undefined
  }
}

/** What a page by id says of the two runs that a page by time listed again. */
const probes: ReadonlyArray<readonly [name: string, response: Response, is: Case["is"]]> = [
  ["a longer page by id", { rows: [[9, undefined], [8, undefined], [7, undefined]] }, { hasMore: false }],
  ["a page by id as long as that by time", { rows: [[9, undefined], [7, undefined]] }, {
    hasMore: true,
    isDoubtful: true,
    state: { probe: { rows: 2, behind: 7 } }
  }],
  ["a page by id of rows without an id", { rows: [[undefined, first], [undefined, first]] }, { hasMore: false }],
  ["a run by id that the page by time lacks", { rows: [[9, undefined], [6, first - 1]] }, {
    hasMore: true,
    state: { wentBack: true, probe: undefined }
  }]
]

const cases: ReadonlyArray<Case> = [
  {
    name: "counts a page of rows without an id as fruitless, and remembers how many come again",
    state: byId,
    response: { rows: [undefined, undefined] },
    is: { fresh: [0, 1], hasMore: true, isDoubtful: true, state: { fruitless: 1, unnamed: 2, pages: 1 } }
  },
  {
    name: "forgets the rows without an id before the last row with one",
    state: { ...byId, fruitless: 2 },
    response: { rows: [undefined, 9, undefined], requested: 3 },
    is: { hasMore: true, isDoubtful: false, state: { fruitless: 0, unnamed: 1 } }
  },
  {
    name: "counts rows without an id among runs without the time",
    state: byTime,
    response: { rows: [[undefined, first], [7, undefined], [undefined, undefined]] },
    is: { state: { unnamed: 2, cursor: { ...byTime.cursor, value: first, untimed: [7] } } }
  },
  {
    name: "counts every row without an id of a page without a new run",
    state: { ...byTime, cursor: { ...byTime.cursor, untimed: [7] } },
    response: { rows: [[undefined, first], [7, undefined]] },
    is: { fresh: [0], state: { fruitless: 1, unnamed: 1, cursor: { ...byTime.cursor, value: first, untimed: [7] } } }
  },
  {
    name: "expects no row without an id again behind an opaque next",
    state: byId,
    response: { rows: [9, undefined], next: "page-two" },
    is: { hasMore: true, isDoubtful: false, state: { unnamed: 0, opaque: "page-two" } }
  },
  {
    name: "expects no row without an id again behind a next that lies behind the rows",
    state: byId,
    response: { rows: [9, undefined], next: 5 },
    is: { hasMore: true, state: { unnamed: 0, cursor: { ...byId.cursor, value: 5 } } }
  },
  {
    name: "continues behind the furthest row of a page that is out of order",
    state: byId,
    response: { rows: [9, 7, 8], requested: 3 },
    is: { fresh: [0, 1, 2], state: { cursor: { ...byId.cursor, value: 7 } } }
  },
  {
    name: "drops the row of the cursor, oldest first",
    state: at(oldestFirst, 5),
    response: { rows: [5, 6] },
    is: { fresh: [1], state: { cursor: { ...oldestFirst.cursor, value: 6 } } }
  },
  {
    name: "ends at a short page without a new run",
    state: at(byId, 5),
    response: { rows: [6, 5] },
    is: { fresh: [], hasMore: false, isDoubtful: false }
  },
  {
    name: "does not follow a next between the cursor and the page",
    state: at(byId, 10),
    response: { rows: [5, 4], next: 8 },
    is: { hasMore: false, problem: "BackwardCursor" }
  },
  {
    name: "does not follow a next between the cursor and the first row with an id",
    state: at(byId, 10),
    response: { rows: [undefined, 5, 4], next: 8 },
    is: { hasMore: false, problem: "BackwardCursor" }
  },
  {
    name: "does not follow a next before the cursor of a page without a new run",
    state: at(byId, 10),
    response: { rows: [10], next: 12 },
    is: { hasMore: false, problem: "BackwardCursor" }
  },
  {
    name: "follows a next that is the first row of a page",
    state: at(byId, 10),
    response: { rows: [5, 4], next: 5 },
    is: { hasMore: true, problem: undefined, state: { cursor: { ...byId.cursor, value: 4 } } }
  },
  {
    name: "follows a next behind the cursor of a page without a new run",
    state: at(byId, 10),
    response: { rows: [10, undefined], next: 8 },
    is: { hasMore: true, problem: undefined, state: { cursor: { ...byId.cursor, value: 8 } } }
  },
  {
    name: "does not follow the opaque next that it came by",
    state: { ...byId, opaque: "page-two" },
    response: { rows: [9], next: "page-two" },
    is: { hasMore: false, problem: "RepeatedCursor" }
  },
  {
    name: "does not follow a next that is the cursor",
    state: at(byId, 10),
    response: { rows: [5], next: 10 },
    is: { hasMore: false, problem: "RepeatedCursor" }
  },
  {
    name: "takes a server that had more behind a page without next for one that says nothing",
    state: at(byId, 10, { wasSilent: true, server: { largest: 1, speaks: true } }),
    response: { rows: [9] },
    is: { hasMore: true, state: { wasSilent: true, server: { largest: 1, speaks: false } } }
  },
  {
    name: "learns nothing of a server from a page without a new run",
    state: at(byId, 10, { wasSilent: true, server: { largest: 1, speaks: true } }),
    response: { rows: [10] },
    is: { hasMore: false, state: { server: { largest: 1, speaks: true } } }
  },
  {
    name: "does not believe a limit of the server that is full of runs that came before",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [9] }, server: { largest: 1 } },
    response: { rows: [[9, first]], limit: 1, requested: 2 },
    is: { fresh: [], hasMore: true, isDoubtful: true }
  },
  {
    name: "believes a next of null",
    state: byId,
    response: { rows: [9], next: null },
    is: { hasMore: false, isDoubtful: false }
  },
  {
    name: "does not believe a next of null of a server that had more behind one",
    state: { ...byId, server: { largest: 1, speaks: false } },
    response: { rows: [9], next: null },
    is: { hasMore: true, isDoubtful: true }
  },
  {
    name: "does not believe an absent next of a server that is not known to send one",
    state: byId,
    response: { rows: [9] },
    is: { hasMore: true, isDoubtful: true }
  },
  {
    name: "believes a page that is shorter than another was",
    state: { ...byId, server: { largest: 2 } },
    response: { rows: [9] },
    is: { hasMore: false, isDoubtful: false }
  },
  {
    name: "believes a page that is not full by the limit that it states",
    state: byId,
    response: { rows: [9, 8], limit: 3 },
    is: { hasMore: false }
  },
  {
    name: "takes a page for full by the limit that it states",
    state: byId,
    response: { rows: [9, 8], limit: 2 },
    is: { hasMore: true, isDoubtful: false }
  },
  {
    name: "takes a page for full by a stated limit of 1",
    state: byId,
    response: { rows: [9], limit: 1 },
    is: { hasMore: true, isDoubtful: false }
  },
  {
    name: "takes a stated limit of 0 for none",
    state: byId,
    response: { rows: [9], limit: 0 },
    is: { hasMore: true, isDoubtful: true }
  },
  {
    name: "has no problem at the end, however many pages had no new run",
    state: at(byId, 5, { fruitless: 2 }),
    response: { rows: [5] },
    is: { hasMore: false, problem: undefined, state: { fruitless: 3 } }
  },
  {
    name: "has a problem after three pages without a new run",
    state: at(byId, 5, { fruitless: 2 }),
    response: { rows: [5], requested: 1 },
    is: { hasMore: true, problem: "NoProgress", state: { fruitless: 3 } }
  },
  {
    name: "moves a run that has its time now from those without one to those of its time",
    state: at(byTime, second, { cursor: { ...byTime.cursor, value: second, seen: [9], untimed: [7, 8] } }),
    response: { rows: [[7, first], [6, first], [8, undefined]], requested: 3 },
    is: {
      fresh: [1],
      state: { cursor: { ...byTime.cursor, value: first, seen: [7, 6], untimed: [8] } }
    }
  },
  {
    name: "has no field for runs without the time where there are none",
    state: byTime,
    response: { rows: [[7, first]], requested: 1 },
    is: { state: { cursor: { ...byTime.cursor, value: first, seen: [7] } } }
  },
  {
    name: "asks by id whether the runs that came again were all",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [7] }, unnamed: 1 },
    response: { rows: [[7, first], [undefined, first]] },
    is: { hasMore: true, isDoubtful: true, problem: undefined, state: { probe: { rows: 2 }, unnamed: 1 } }
  },
  {
    name: "asks by id where the next is the time of the cursor",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [7] }, fruitless: 2 },
    response: { rows: [[7, first]], next: "2026-01-01T00:00:00Z" },
    is: { hasMore: true, isDoubtful: true, problem: undefined, state: { probe: { rows: 1 }, fruitless: 3 } }
  },
  {
    name: "does not ask by id where the next is another time",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [7] } },
    response: { rows: [[7, first]], next: "2025-12-31T00:00:00Z" },
    is: { hasMore: true, state: { probe: undefined } }
  },
  {
    name: "does not ask by id behind a full page of the cursor's time",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [7] } },
    response: { rows: [[7, first]], next: "2026-01-01T00:00:00Z", requested: 1 },
    is: { hasMore: true, state: { probe: undefined } }
  },
  {
    name: "does not ask by id behind a page of the cursor's time that is shorter than another was",
    state: { ...byTime, cursor: { ...byTime.cursor, value: first, seen: [7] }, server: { largest: 2 } },
    response: { rows: [[7, first]], next: "2026-01-01T00:00:00Z" },
    is: { hasMore: false, state: { probe: undefined } }
  },
  {
    name: "continues at the next of an empty page, and keeps the runs without a time",
    state: { ...byTime, cursor: { ...byTime.cursor, value: second, seen: [7], untimed: [8] } },
    response: { rows: [], next: "2026-01-01T00:00:00Z" },
    is: { hasMore: true, state: { cursor: { ...byTime.cursor, value: first, seen: [], untimed: [8] } } }
  },
  {
    name: "does not follow the next of an empty page that is the cursor's time",
    state: at(byTime, first),
    response: { rows: [], next: "2026-01-01T00:00:00Z" },
    is: { hasMore: false, problem: "RepeatedCursor" }
  },
  {
    name: "does not follow the next of an empty page that lies before the cursor",
    state: at(byTime, first),
    response: { rows: [], next: "2026-01-02T00:00:00Z" },
    is: { hasMore: false, problem: "BackwardCursor" }
  },
  ...probes.map(([name, response, is]): Case => ({
    name: `takes no new run from ${name}, which does not count as fruitless`,
    state: at(byTime, first, {
      cursor: { ...byTime.cursor, value: first, seen: [9, 7] },
      probe: { rows: 2 },
      unnamed: 1,
      fruitless: 2
    }),
    response,
    is: {
      ...is,
      fresh: [],
      problem: undefined,
      state: {
        ...is.state,
        unnamed: 1,
        fruitless: 2,
        cursor: { ...byTime.cursor, value: first, seen: [9, 7] }
      }
    }
  })),
  {
    name: "fails where a run by id is missing again",
    state: at(byTime, first, { probe: { rows: 1 }, wentBack: true }),
    response: { rows: [[6, first - 1]] },
    is: { hasMore: false, problem: "TooManyTies" }
  },
  {
    name: "fails where a run behind the last id is missing again, and not for one before it",
    state: at(byTime, first, { probe: { rows: 2, behind: 7 }, wentBack: true }),
    response: { rows: [[6, undefined]] },
    is: { hasMore: false, problem: "TooManyTies" }
  },
  {
    name: "ends where no run lies behind the last id",
    state: at(byTime, first, { probe: { rows: 1, behind: 7 }, wentBack: true }),
    response: { rows: [[7, undefined]] },
    is: { hasMore: false, problem: undefined }
  }
]

describe("a step of paging", () => {
  it.each(cases)("$name", ({ is, response, state }) => {
    const step = advance(state, response)
    const { problem, state: expected, ...rest } = is
    assert.deepInclude(step, rest)
    if (expected !== undefined) assert.deepInclude(step.state, expected)
    if ("problem" in is) assert.strictEqual(step.problem?.reason, problem)
  })

  it("requests what its state says", () => {
    assert.deepStrictEqual(paging.request(at(byTime, first, { probe: { rows: 4, behind: 7 } }), 3), {
      limit: 5,
      startingFrom: "7",
      isOpaque: false,
      orderBy: "id"
    })
    assert.deepStrictEqual(paging.request({ ...byId, opaque: "x" }, 3), { limit: 3, startingFrom: "x", isOpaque: true })
    assert.deepStrictEqual(paging.request(at(byId, 7), 3), { limit: 3, startingFrom: "7", isOpaque: false })
    const sizes = [0, 1, 2, 3].map((pages) => paging.request({ ...byId, pages }, undefined).limit)
    assert.deepStrictEqual(sizes, [25, 1000, 1000, 1000])
  })

  it("advances past the first rows alone, whatever the response says of its end", () => {
    const response = { rows: rowsOf([9, 8, 7]), limit: 3, next: null }
    const step = paging.advanceTo(byId, { limit: 3, startingFrom: undefined, isOpaque: false }, response, 2)
    assert.deepInclude(step, { fresh: [0, 1], hasMore: true, isDoubtful: false, problem: undefined })
    assert.deepStrictEqual(step.state.cursor, { ...byId.cursor, value: 8 })
  })

  it("is stuck where a page had no new run and its cursor did not move", () => {
    const before = at(byTime, first, { cursor: { ...byTime.cursor, value: first, seen: [7] } })
    const after: paging.State = { ...before, fruitless: 1 }
    assert.deepStrictEqual(paging.stuck(before, after), {
      reason: "NoProgress",
      description: "the page returned no new run, and its cursor did not advance"
    })
    assert.isUndefined(paging.stuck(before, { ...after, fruitless: 0 }))
    assert.isUndefined(paging.stuck(before, { ...after, opaque: "x" }))
    assert.isUndefined(paging.stuck(before, at(after, second)))
    assert.isUndefined(paging.stuck(before, { ...after, cursor: { ...after.cursor, seen: [7, 8] } }))
  })

  it("joins what two readings have shown of a server: the longest page, and its silence once it was shown", () => {
    assert.deepStrictEqual(paging.known(), { largest: 0, speaks: undefined })
    assert.deepStrictEqual(paging.known({ largest: 3, speaks: true }), { largest: 3, speaks: true })
    assert.deepStrictEqual(paging.known({ largest: 3, speaks: true }, { largest: 5 }), { largest: 5, speaks: true })
    assert.deepStrictEqual(paging.known({ largest: 5 }, { largest: 3, speaks: true }), { largest: 5, speaks: true })
    assert.isFalse(paging.known({ largest: 3, speaks: true }, { largest: 3, speaks: false }).speaks)
    assert.isFalse(paging.known({ largest: 3, speaks: false }, { largest: 3, speaks: true }).speaks)
  })
})
