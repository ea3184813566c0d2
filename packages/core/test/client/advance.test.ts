/** Long because the cases of paging are one table. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type ListRunsQuery, type RunCursor, RunsClient, RunsError } from "../../src/index.ts"
import {
  clientOver,
  collect,
  down,
  paramsOf,
  respond,
  runs,
  type Server,
  still,
  type WireRun
} from "../support/server.ts"

const read = (server: Server, query: ListRunsQuery.StreamRunsQuery) =>
  collect(clientOver(server), RunsClient.list(query))

/** Every run at one of few instants. */
const tied = (count: number, perInstant: number) => runs(count, (id) => Math.floor((id - 1) / perInstant) * 1000)

interface Case {
  readonly name: string
  readonly server: Server
  readonly query?: ListRunsQuery.StreamRunsQuery
  readonly ids: ReadonlyArray<number>
  readonly requests: number
  readonly error?: RunsError.PaginationError["reason"]
}

const byTime = { orderBy: "runStartTime" } as const

const cases: ReadonlyArray<Case> = [
  { name: "ends with an empty first page", server: { history: still([]) }, ids: [], requests: 1 },
  { name: "ends with a short page without next", server: { history: still(runs(7)) }, ids: down(7, 1), requests: 1 },
  {
    name: "continues behind the last row of a full page without next",
    server: { history: still(runs(7)) },
    query: { pageSize: 3 },
    ids: down(7, 1),
    requests: 3
  },
  {
    name: "requests one empty page behind a full last page",
    server: { history: still(runs(6)) },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  ...(["null", "blank"] as const).map((next): Case => ({
    name: `takes a ${next} next for an absent one`,
    server: { history: still(runs(7)), next },
    query: { pageSize: 3 },
    ids: down(7, 1),
    requests: 3
  })),
  ...(["last", "lastAsString"] as const).map((next): Case => ({
    name: `requests no empty page where next (${next}) says that there is no more`,
    server: { history: still(runs(6)), next },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  })),
  {
    name: "sends an opaque next back unchanged",
    server: {
      history: still(runs(4)),
      spoil: (body, request, index) =>
        index === 0
          ? { ...body, next: "page-two" }
          : request.get("startingFrom") === "page-two"
          ? respond({ history: still(runs(4)) }, paramsOf({ limit: 2, startingFrom: 3 }))
          : body
    },
    query: { pageSize: 2 },
    ids: down(4, 1),
    requests: 3
  },
  {
    name: "continues behind an empty page with a new next",
    server: {
      history: still(runs(6)),
      spoil: (body, _, index) => index === 1 ? { ...body, data: [], next: 3 } : body
    },
    query: { pageSize: 2 },
    ids: [6, 5, 2, 1],
    requests: 4
  },
  {
    name: "continues behind a short page with next",
    server: {
      history: still(runs(6)),
      spoil: (body, _, index) =>
        index === 0 ? { ...body, data: (body.data as Array<unknown>).slice(0, 1), next: 6 } : body
    },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  {
    name: "takes a page of the server's own limit for a full one",
    server: { history: still(runs(7)), maxLimit: 2 },
    query: { pageSize: 100 },
    ids: down(7, 1),
    requests: 4
  },
  {
    name: "fails with RepeatedCursor after the rows of a page whose next is where it started",
    server: { history: still(runs(9)), spoil: (body, _, index) => index === 1 ? { ...body, next: 7 } : body },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "RepeatedCursor"
  },
  {
    name: "fails with RepeatedCursor after the rows of a page with the opaque next of the page before",
    server: {
      history: still(runs(9)),
      spoil: (_, __, index) => ({
        ...respond({ history: still(runs(9)) }, paramsOf({ limit: 3, startingFrom: 10 - 3 * index })),
        next: "again"
      })
    },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "RepeatedCursor"
  },
  {
    name: "fails with BackwardCursor after the rows of a page whose next lies before them",
    server: { history: still(runs(9)), spoil: (body, _, index) => index === 1 ? { ...body, next: 42 } : body },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "BackwardCursor"
  },
  {
    name: "fails with NoProgress after 3 pages without a new run",
    server: {
      history: still(runs(9)),
      spoil: (body, _, index) => index === 0 ? body : { ...body, data: [], next: 7 - index }
    },
    query: { pageSize: 3 },
    ids: down(9, 7),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "fails with NoProgress where the server ignores startingFrom",
    server: {
      history: still(runs(9)),
      spoil: () => respond({ history: still(runs(9)) }, paramsOf({ limit: 3 }))
    },
    query: { pageSize: 3 },
    ids: down(9, 7),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "drops duplicate rows",
    server: {
      history: still(runs(6)),
      spoil: (body) => {
        const data = body.data as Array<unknown>
        return { ...body, data: data.flatMap((row) => [row, row]) }
      }
    },
    query: { pageSize: 2 },
    ids: down(6, 1),
    requests: 4
  },
  {
    name: "drops rows before the cursor",
    server: {
      history: still(runs(6)),
      spoil: (body, _, index) =>
        index === 1
          ? {
            ...body,
            data: [{ id: 6, runType: "refresh", runStatus: "completed" }, ...body.data as Array<unknown>]
          }
          : body
    },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  {
    name: "lists all runs of one time where a page ends among them",
    server: { history: still(tied(10, 4)) },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 4
  },
  {
    name: "lists all runs of one time where a page ends among them, with a time for next",
    server: { history: still(tied(10, 4)), next: "last" },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 4
  },
  {
    name: "ends where every page has a next, the last one too",
    server: { history: still(tied(10, 4)), next: "always" },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 5
  },
  {
    name: "lists pages of runs that all share one time",
    server: { history: still(tied(50, 50)) },
    query: { ...byTime, orderByDirection: "asc", pageSize: 7 },
    ids: Array.from({ length: 50 }, (_, index) => index + 1),
    requests: 10
  },
  {
    name: "lists 999 runs of one millisecond",
    server: { history: still(tied(999, 999)) },
    query: { ...byTime, pageSize: 400 },
    ids: Array.from({ length: 999 }, (_, index) => index + 1),
    requests: 5
  },
  {
    name: "fails with TooManyTies after the rows where more than 1000 runs share one millisecond",
    server: { history: still(tied(1100, 1100)) },
    query: { ...byTime, pageSize: 600 },
    ids: Array.from({ length: 1000 }, (_, index) => index + 1),
    requests: 2,
    error: "TooManyTies"
  },
  {
    name: "lists runs without the time last, each once",
    server: {
      history: still(
        runs(9).map((run) => run.id > 4 ? { ...run, runStartTime: undefined } : run) as ReadonlyArray<WireRun>
      ),
      untimed: "last"
    },
    query: { ...byTime, pageSize: 3 },
    ids: [4, 3, 2, 1, 5, 6, 7, 8, 9],
    requests: 5
  },
  {
    name: "lists runs that all have no time",
    server: {
      history: still(runs(8).map((run) => ({ ...run, runStartTime: undefined })) as unknown as ReadonlyArray<WireRun>),
      untimed: "last"
    },
    query: { ...byTime, pageSize: 3 },
    ids: [1, 2, 3, 4, 5, 6, 7, 8],
    requests: 5
  }
]

/** 80 runs in two milliseconds, a microsecond apart. */
const fine = runs(80).map(({ id, runStatus, runType }, index) => ({
  id,
  runType,
  runStatus,
  runStartTime: `2026-01-01T00:00:00.${122_000 + 1000 * Math.floor(index / 40) + index % 40}Z`
}))

/** Misleading responses, which must neither lose a run nor end a stream in silence. */
const misleading: ReadonlyArray<Case> = [
  {
    name: "by a time: takes a next that is an id for a sign that there is more",
    server: {
      history: still(tied(40, 4)),
      spoil: (body) => ({ ...body, next: (body.data as Array<{ id: number }>).at(-1)?.id })
    },
    query: { ...byTime, pageSize: 10 },
    ids: Array.from({ length: 10 }, (_, instant) => [37, 38, 39, 40].map((id) => id - 4 * instant)).flat(),
    requests: 5
  },
  {
    name: "by a time: fails with NoProgress where the server's own limit cuts runs of one time",
    server: {
      history: still(tied(30, 20)),
      spoil: (_, request) => {
        const body = respond({ history: still(tied(30, 20)), maxLimit: 12 }, request)
        const rows = body.data as Array<{ id: number }>
        return { data: rows, next: rows.at(-1)?.id }
      }
    },
    query: { ...byTime, orderByDirection: "asc", pageSize: 50 },
    ids: Array.from({ length: 12 }, (_, index) => index + 1),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "by a time: requests an empty page again whose next is no time",
    server: {
      history: still(runs(20)),
      spoil: (body, _, index) => index === 1 ? { ...body, data: [], next: 7 } : body
    },
    query: { ...byTime, pageSize: 10 },
    ids: down(20, 1),
    requests: 3
  },
  {
    name: "by a time: continues at the next of an empty page",
    server: {
      history: still(runs(6)),
      spoil: (body, _, index) => index === 1 ? { ...body, data: [], next: runs(6)[2]?.runStartTime } : body
    },
    query: { ...byTime, pageSize: 2 },
    ids: [6, 5, 3, 2, 1],
    requests: 3
  },
  ...([[5, "RepeatedCursor"], [9, "BackwardCursor"]] as const).map(([id, error]): Case => ({
    name: `by a time: fails with ${error} where the next of an empty page does not advance`,
    server: {
      history: still(runs(9)),
      spoil: (body, _, index) => index === 1 ? { ...body, data: [], next: runs(9)[id - 1]?.runStartTime } : body
    },
    query: { ...byTime, pageSize: 5 },
    ids: down(9, 5),
    requests: 2,
    error
  })),
  ...["1e1", "0x15", "5e3"].map((next): Case => ({
    name: `takes a next that JavaScript reads as a number for an opaque cursor: ${next}`,
    server: {
      history: still(runs(9)),
      spoil: (body, request, index) =>
        index === 0
          ? { ...body, next }
          : request.get("startingFrom") === next
          ? respond({ history: still(runs(9)) }, paramsOf({ limit: 5, startingFrom: 5 }))
          : body
    },
    query: { pageSize: 5 },
    ids: down(9, 1),
    requests: 2
  })),
  ...[0, -1].map((next): Case => ({
    name: `takes a next of ${next} for an absent one`,
    server: { history: still(runs(9)), spoil: (body) => ({ ...body, next }) },
    query: { pageSize: 5 },
    ids: down(9, 1),
    requests: 2
  })),
  ...[0, -1, "0", "-1", null, "", " "].flatMap((next) =>
    [{}, byTime].map((order): Case => ({
      name: `by ${order === byTime ? "a time" : "id"}: ends with a short page whose next is ${JSON.stringify(next)}`,
      server: { history: still(runs(3)), spoil: (body) => ({ ...body, next }) },
      query: order,
      ids: down(3, 1),
      requests: 1
    }))
  ),
  {
    name: "by a time: ends where every page has its last time in epoch milliseconds as next, the last one too",
    server: {
      history: still(tied(3, 3)),
      spoil: (body) => ({ ...body, next: Date.UTC(2026, 0, 1) })
    },
    query: byTime,
    ids: [1, 2, 3],
    requests: 4
  },
  ...[{}, byTime].flatMap((order) => {
    const by = order === byTime ? "by a time" : "by id"
    return [
      {
        name: `${by}: does not end in silence where a server clamps its pages and states no limit`,
        server: {
          history: still(runs(7)),
          maxLimit: 2,
          spoil: ({ data }) => ({ data })
        },
        query: { ...order, pageSize: 100 },
        ids: down(7, 1),
        // By a time each page lists the last run again.
        requests: order === byTime ? 7 : 4
      },
      {
        name: `${by}: does not end in silence where a server clamps its pages and states the limit that was asked for`,
        server: {
          history: still(runs(230)),
          maxLimit: 100,
          spoil: (body, request) => ({ ...body, limit: Number(request.get("limit")) })
        },
        query: order,
        ids: down(230, 1),
        requests: 4
      }
    ] satisfies ReadonlyArray<Case>
  }),
  ...(["asc", "desc"] as const).map((orderByDirection): Case => ({
    name: `lists runs with times finer than a millisecond, ${orderByDirection}`,
    server: {
      history: still([]),
      // As a server compares them that keeps what the text says.
      spoil: (_, request) => {
        const from = request.get("startingFrom")?.replace("Z", "000Z")
        const ordered = orderByDirection === "asc" ? fine : fine.toReversed()
        const beyond = ordered.filter(({ runStartTime }) =>
          from === undefined || (orderByDirection === "asc" ? runStartTime > from : runStartTime < from)
        )
        return { data: beyond.slice(0, Number(request.get("limit"))) }
      }
    },
    query: { ...byTime, orderByDirection, pageSize: 25 },
    ids: orderByDirection === "asc" ? down(80, 1).toReversed() : down(80, 1),
    requests: orderByDirection === "asc" ? 7 : 4
  }))
]

const minute = 60_000

const untimed = ({ runStartTime: _, ...run }: WireRun): WireRun => run

/** 14 runs of one time, the order by which lists 3 others by id only. One of these is in the middle. */
const partlyTimed = runs(17, () => 0).map((run) => [1, 8, 17].includes(run.id) ? untimed(run) : run)

/** Shows another history to each request. */
const moving = (historyAt: (index: number) => ReadonlyArray<WireRun>): Server => ({
  history: still([]),
  spoil: (_, request, index) => respond({ history: still(historyAt(index)) }, request)
})

/** The cursor behind a run, by its start. */
const behind = (orderByDirection: RunCursor.OrderByDirection, millis: number, id: number): RunCursor.RunCursor => ({
  orderBy: "runStartTime",
  orderByDirection,
  value: Date.UTC(2026, 0, 1) + millis,
  seen: [id]
})

/** What proves the end of a stream, and what each proof costs. */
const ends: ReadonlyArray<Case> = [
  {
    name: "by id: requests one page more behind a short first page, unless something proves that it is the last",
    server: { history: still(runs(9).slice(2)) },
    ids: down(9, 3),
    requests: 2
  },
  {
    name: "by id: takes run 1 for the last of all, the newest first",
    server: { history: still(runs(9)) },
    ids: down(9, 1),
    requests: 1
  },
  {
    name: "by id: requests one page more behind run 1, the oldest first",
    server: { history: still(runs(1)) },
    query: { orderByDirection: "asc" },
    ids: [1],
    requests: 2
  },
  {
    name: "by id: takes a page that is shorter than one before for the last",
    server: { history: still(runs(40).slice(2)) },
    query: { pageSize: 20 },
    ids: down(40, 3),
    requests: 2
  },
  {
    name: "by id: takes a short page for the last where the server states a limit below the requested",
    server: { history: still(runs(9).slice(2)), maxLimit: 8 },
    ids: down(9, 3),
    requests: 1
  },
  {
    name: "by id: takes a page without next for the last where another had one",
    server: {
      history: still(runs(9).slice(2)),
      maxLimit: 5,
      states: "requested",
      next: "last",
      spoil: (body, _, index) =>
        index === 0 ? { ...body, data: (body.data as Array<unknown>).slice(0, 1), next: 9 } : body
    },
    ids: down(9, 3),
    requests: 3
  },
  ...([
    [40, "nothing", 5, 5],
    [300, "requested", 5, 5],
    [37, "requested", 5, 5],
    [1, "requested", 8, 6],
    [24, "nothing", 5, 5]
  ] as const).flatMap(([maxLimit, states, ofIds, ofTimes]) => {
    const count = Math.min(1003, 4 * maxLimit + 3)
    return [{}, byTime].map((order): Case => ({
      name: `by ${
        order === byTime ? "a time" : "id"
      }: does not end in silence where a server clamps to ${maxLimit} rows and states ${states}`,
      server: { history: still(runs(count).map((run) => ({ ...run, id: run.id + 1000 }))), maxLimit, states },
      query: order,
      ids: order === byTime && maxLimit === 1 ? [1007] : down(count + 1000, 1001),
      requests: order === byTime ? ofTimes : ofIds,
      ...(order === byTime && maxLimit === 1 ? { error: "TooManyTies" as const } : {})
    }))
  }),
  {
    name: "by a time: fails with TooManyTies where a server clamps its pages among runs of one time and says nothing",
    server: { history: still(tied(30, 10)), maxLimit: 7, states: "requested" },
    query: byTime,
    ids: [21, 22, 23, 24, 25, 26, 27],
    requests: 4,
    error: "TooManyTies"
  },
  {
    name: "by a time: asks by id whether a single run is all that there is",
    server: { history: still(runs(9).slice(8)) },
    query: byTime,
    ids: [9],
    requests: 3
  },
  {
    name: "by a time: asks no more where the runs by id are more than those of the last page",
    server: { history: still(runs(9)) },
    query: { ...byTime, startingFrom: runs(9)[1]?.runStartTime },
    ids: [1],
    requests: 2
  },
  ...([["an id of true", (row) => ({ ...row, id: true })], ["an id of null", (row) => ({ ...row, id: null })], [
    "the form of an array",
    (row) => [row]
  ]] satisfies ReadonlyArray<readonly [string, (row: WireRun) => unknown]>).map(([form, spoiled]): Case => ({
    name: `by a time: counts a row with ${form} on the page by id, which so shows that no run was cut off`,
    server: {
      history: still(partlyTimed),
      spoil: (body) => ({
        ...body,
        data: (body.data as Array<WireRun>).map((row) => row.id === 8 ? spoiled(row) : row)
      })
    },
    query: byTime,
    ids: partlyTimed.flatMap(({ id, runStartTime }) => runStartTime === undefined ? [] : [id]),
    requests: 2
  })),
  {
    name: "by a time: does not take a row without an id on the page by id for a run that was cut off",
    server: {
      history: still(runs(3, (id) => id === 1 ? 0 : minute)),
      spoil: (body) => ({
        ...body,
        data: (body.data as Array<WireRun>).map((row) => row.id === 2 ? row : { ...row, id: "?" })
      })
    },
    query: { startingFrom: behind("asc", minute, 2), undecodableRows: "skip" },
    ids: [],
    requests: 3
  },
  {
    name: "by a time: requests the page by time again for a run that appeared before the page by id",
    server: moving((index) => runs(2).slice(index < 1 ? 1 : 0)),
    query: { startingFrom: behind("desc", 2 * minute, 2) },
    ids: [1],
    requests: 4
  },
  {
    name: "by a time: requests the page by time again for a run without the time that appeared behind the page by id",
    server: moving((index) => [...runs(1), ...index < 2 ? [] : runs(2).slice(1).map(untimed)]),
    query: { ...byTime, orderByDirection: "asc" },
    ids: [1],
    requests: 5
  },
  {
    name: "by a time: takes a page that lists the last run alone again for the end",
    server: { history: still(runs(9)) },
    query: byTime,
    ids: down(9, 1),
    requests: 2
  }
]

const descriptions = {
  RepeatedCursor: /^the response's next, .+, is where that page started$/,
  BackwardCursor: /^the response's next, .+, lies before the runs of that page$/,
  NoProgress: /^3 pages in succession returned no new run$/,
  TooManyTies: /^\d+ runs or more share one runStartTime, or have none: one page cannot hold them$/
}

describe("paging", () => {
  it.effect.each([...cases, ...misleading, ...ends])("$name", (test) =>
    Effect.gen(function*() {
      const { error, ids, requests } = yield* read(test.server, test.query ?? {})
      assert.deepStrictEqual(ids, [...test.ids])
      assert.strictEqual(requests.length, test.requests)
      if (test.error === undefined) assert.isUndefined(error)
      else {
        assert.instanceOf(error, RunsError.PaginationError)
        assert.strictEqual(error.reason, test.error)
        assert.match(error.description, descriptions[test.error])
        assert.isDefined(error.resumeFrom)
      }
    }))

  it.effect("lists the same runs when others are appended meanwhile", () =>
    Effect.gen(function*() {
      let history = runs(9)
      const { ids } = yield* read({
        history: () => {
          const now = history
          history = [...history, ...runs(history.length + 1).slice(-1)]
          return now
        }
      }, { pageSize: 3 })
      assert.deepStrictEqual(ids, down(9, 1))
    }))

  it.effect("loses no other run when the one at the cursor is deleted", () =>
    Effect.gen(function*() {
      let page = 0
      const { ids } = yield* read({
        history: () => page++ === 0 ? runs(9) : runs(9).filter((run) => run.id !== 7)
      }, { pageSize: 3 })
      assert.deepStrictEqual(ids, down(9, 1))
    }))

  it.effect.each([{ next: 7 }, { next: 42 }])(
    "does not take a page whose next ($next) does not advance for the last",
    ({ next }) =>
      Effect.gen(function*() {
        const { layer } = clientOver({
          history: still(runs(9)),
          spoil: (body, _, index) => index === 1 ? { ...body, next } : body
        })
        const ids: Array<number> = []
        let page: RunsClient.RunPage | undefined
        do {
          page = yield* RunsClient.listPage({ limit: 3, startingFrom: page?.cursor }).pipe(Effect.provide(layer))
          ids.push(...page.runs.map((run) => run.id))
        } while (page.hasMore)
        assert.deepStrictEqual(ids, down(9, 1))
      })
  )

  it.effect("skips a row without an id once, though the next page lists it again", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({
        history: still(runs(9)),
        spoil: (body) => ({
          ...body,
          data: (body.data as Array<WireRun>).map((row) => [7, 4, 3].includes(row.id) ? { ...row, id: "?" } : row)
        })
      })
      for (const [order, pageSize] of [["id", 3], ["id", 2], ["id", 1], ["runStartTime", 3]] as const) {
        log.requests.length = 0
        const pages = yield* RunsClient.pages({ orderBy: order, pageSize, undecodableRows: "skip" }).pipe(
          Stream.runCollect,
          Effect.provide(layer)
        )
        assert.deepStrictEqual(pages.flatMap(({ runs }) => runs.map(({ id }) => Number(id))), [9, 8, 6, 5, 2, 1])
        assert.strictEqual(pages.flatMap(({ undecodable }) => undecodable).length, 3, `${order}, ${pageSize}`)
      }
    }))

  it.effect("requests 25 and then 1000 rows, or always pageSize", () =>
    Effect.gen(function*() {
      const grown = yield* read({ history: still(runs(2000)) }, {})
      assert.deepStrictEqual(grown.requests.map((request) => request.get("limit")), ["25", "1000", "1000"])
      const fixed = yield* read({ history: still(runs(2000)) }, { pageSize: 900 })
      assert.deepStrictEqual(fixed.requests.map((request) => request.get("limit")), ["900", "900", "900"])
    }))
})
