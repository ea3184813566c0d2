import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as FastCheck from "fast-check"
import { type ListRunsQuery, RunCursor, RunsClient, RunsError } from "../../src/index.ts"
import { answerOf, clientOver, type NextStyle, runs, select, type Server, type WireRun } from "../support/history.ts"

/** What a stream gave until it ended, and the error it ended with. */
const read = (server: Server, query: ListRunsQuery.StreamRunsQuery) => {
  const { layer, log } = clientOver(server)
  const ids: Array<number> = []
  return RunsClient.list(query).pipe(
    Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
    Effect.exit,
    Effect.map((exit) => ({
      ids,
      requests: log.requests,
      error: Exit.isFailure(exit) ? exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error : undefined
    })),
    Effect.provide(layer)
  )
}

const down = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index)

const params = (query: Record<string, unknown>): URLSearchParams =>
  new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))

/** Every run at one of few instants. */
const tied = (count: number, perInstant: number) => runs(count, (id) => Math.floor((id - 1) / perInstant) * 1000)

const still = (history: ReadonlyArray<WireRun>): Server["history"] => () => history

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
  { name: "no runs at all", server: { history: still([]) }, ids: [], requests: 1 },
  { name: "a short page without next ends", server: { history: still(runs(7)) }, ids: down(7, 1), requests: 1 },
  {
    name: "no next: goes on from the last row after a full page",
    server: { history: still(runs(7)) },
    query: { pageSize: 3 },
    ids: down(7, 1),
    requests: 3
  },
  {
    name: "a full last page costs one empty page",
    server: { history: still(runs(6)) },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  ...(["null", "blank"] as const).map((next): Case => ({
    name: `next ${next} is as good as absent`,
    server: { history: still(runs(7)), next },
    query: { pageSize: 3 },
    ids: down(7, 1),
    requests: 3
  })),
  ...(["last", "lastAsString"] as const).map((next): Case => ({
    name: `next (${next}) saves the empty page`,
    server: { history: still(runs(6)), next },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  })),
  {
    name: "an opaque next is sent back as it came",
    server: {
      history: still(runs(4)),
      spoil: (answer, request, index) =>
        index === 0
          ? { ...answer, next: "page-two" }
          : request.get("startingFrom") === "page-two"
          ? answerOf({ history: still(runs(4)) }, params({ limit: 2, startingFrom: 3 }))
          : answer
    },
    query: { pageSize: 2 },
    ids: down(4, 1),
    requests: 3
  },
  {
    name: "an empty page with a new next goes on",
    server: {
      history: still(runs(6)),
      spoil: (answer, _, index) => index === 1 ? { ...answer, data: [], next: 3 } : answer
    },
    query: { pageSize: 2 },
    ids: [6, 5, 2, 1],
    requests: 4
  },
  {
    name: "a short page with next goes on",
    server: {
      history: still(runs(6)),
      spoil: (answer, _, index) =>
        index === 0 ? { ...answer, data: (answer.data as Array<unknown>).slice(0, 1), next: 6 } : answer
    },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  {
    name: "a clamped limit is a full page",
    server: { history: still(runs(7)), maxLimit: 2 },
    query: { pageSize: 100 },
    ids: down(7, 1),
    requests: 4
  },
  {
    name: "a repeated next is an error after the good rows",
    server: { history: still(runs(9)), spoil: (answer, _, index) => index === 1 ? { ...answer, next: 7 } : answer },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "RepeatedCursor"
  },
  {
    name: "a repeated opaque next is an error after the good rows",
    server: {
      history: still(runs(9)),
      spoil: (_, __, index) => ({
        ...answerOf({ history: still(runs(9)) }, params({ limit: 3, startingFrom: 10 - 3 * index })),
        next: "again"
      })
    },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "RepeatedCursor"
  },
  {
    name: "a backward next is an error after the good rows",
    server: { history: still(runs(9)), spoil: (answer, _, index) => index === 1 ? { ...answer, next: 42 } : answer },
    query: { pageSize: 3 },
    ids: down(9, 4),
    requests: 2,
    error: "BackwardCursor"
  },
  {
    name: "three pages with nothing new are an error",
    server: {
      history: still(runs(9)),
      spoil: (answer, _, index) => index === 0 ? answer : { ...answer, data: [], next: 7 - index }
    },
    query: { pageSize: 3 },
    ids: down(9, 7),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "a server that ignores startingFrom is found out",
    server: {
      history: still(runs(9)),
      spoil: () => answerOf({ history: still(runs(9)) }, params({ limit: 3 }))
    },
    query: { pageSize: 3 },
    ids: down(9, 7),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "duplicate rows are dropped",
    server: {
      history: still(runs(6)),
      spoil: (answer) => {
        const data = answer.data as Array<unknown>
        return { ...answer, data: data.flatMap((row) => [row, row]) }
      }
    },
    query: { pageSize: 2 },
    ids: down(6, 1),
    requests: 4
  },
  {
    name: "rows before the cursor are dropped",
    server: {
      history: still(runs(6)),
      spoil: (answer, _, index) =>
        index === 1
          ? {
            ...answer,
            data: [{ id: 6, runType: "refresh", runStatus: "completed" }, ...answer.data as Array<unknown>]
          }
          : answer
    },
    query: { pageSize: 3 },
    ids: down(6, 1),
    requests: 3
  },
  {
    name: "ties at a page's edge all come",
    server: { history: still(tied(10, 4)) },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 4
  },
  {
    name: "ties at a page's edge all come, though next is a time",
    server: { history: still(tied(10, 4)), next: "last" },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 4
  },
  {
    name: "a next on every page, the last too, ends",
    server: { history: still(tied(10, 4)), next: "always" },
    query: { ...byTime, pageSize: 3 },
    ids: [9, 10, 5, 6, 7, 8, 1, 2, 3, 4],
    requests: 5
  },
  {
    name: "pages that share one time entirely",
    server: { history: still(tied(50, 50)) },
    query: { ...byTime, orderByDirection: "asc", pageSize: 7 },
    ids: Array.from({ length: 50 }, (_, index) => index + 1),
    requests: 8
  },
  {
    name: "999 runs in one millisecond",
    server: { history: still(tied(999, 999)) },
    query: { ...byTime, pageSize: 400 },
    ids: Array.from({ length: 999 }, (_, index) => index + 1),
    requests: 3
  },
  {
    name: "over 1000 runs in one millisecond are an error after the good rows",
    server: { history: still(tied(1100, 1100)) },
    query: { ...byTime, pageSize: 600 },
    ids: Array.from({ length: 1000 }, (_, index) => index + 1),
    requests: 2,
    error: "TooManyTies"
  },
  {
    name: "runs without the time come last, once",
    server: {
      history: still(
        runs(9).map((run) => run.id > 4 ? { ...run, runStartTime: undefined } : run) as ReadonlyArray<WireRun>
      ),
      untimed: "last"
    },
    query: { ...byTime, pageSize: 3 },
    ids: [4, 3, 2, 1, 5, 6, 7, 8, 9],
    requests: 4
  },
  {
    name: "only runs without the time",
    server: {
      history: still(runs(8).map((run) => ({ ...run, runStartTime: undefined })) as unknown as ReadonlyArray<WireRun>),
      untimed: "last"
    },
    query: { ...byTime, pageSize: 3 },
    ids: [1, 2, 3, 4, 5, 6, 7, 8],
    requests: 3
  }
]

/** 80 runs in two milliseconds, a microsecond apart. */
const fine = runs(80).map(({ id, runStatus, runType }, index) => ({
  id,
  runType,
  runStatus,
  runStartTime: `2026-01-01T00:00:00.${122_000 + 1000 * Math.floor(index / 40) + index % 40}Z`
}))

/** What a server may say besides, which must cost no run and no silence. */
const misleading: ReadonlyArray<Case> = [
  {
    name: "by a time, a next that is an id says only that there is more",
    server: {
      history: still(tied(40, 4)),
      spoil: (answer) => ({ ...answer, next: (answer.data as Array<{ id: number }>).at(-1)?.id })
    },
    query: { ...byTime, pageSize: 10 },
    ids: Array.from({ length: 10 }, (_, instant) => [37, 38, 39, 40].map((id) => id - 4 * instant)).flat(),
    requests: 5
  },
  {
    name: "by a time, a server that clamps in the middle of a tie is found out",
    server: {
      history: still(tied(30, 20)),
      spoil: (_, request) => {
        const answer = answerOf({ history: still(tied(30, 20)), maxLimit: 12 }, request)
        const rows = answer.data as Array<{ id: number }>
        return { data: rows, next: rows.at(-1)?.id }
      }
    },
    query: { ...byTime, orderByDirection: "asc", pageSize: 50 },
    ids: Array.from({ length: 12 }, (_, index) => index + 1),
    requests: 4,
    error: "NoProgress"
  },
  {
    name: "by a time, an empty page whose next is no time is asked again",
    server: {
      history: still(runs(20)),
      spoil: (answer, _, index) => index === 1 ? { ...answer, data: [], next: 7 } : answer
    },
    query: { ...byTime, pageSize: 10 },
    ids: down(20, 1),
    requests: 3
  },
  {
    name: "by a time, an empty page with a next further on goes on there",
    server: {
      history: still(runs(6)),
      spoil: (answer, _, index) => index === 1 ? { ...answer, data: [], next: runs(6)[2]?.runStartTime } : answer
    },
    query: { ...byTime, pageSize: 2 },
    ids: [6, 5, 3, 2, 1],
    requests: 3
  },
  ...([[5, "RepeatedCursor"], [9, "BackwardCursor"]] as const).map(([id, error]): Case => ({
    name: `by a time, an empty page with a next that leads nowhere: ${error}`,
    server: {
      history: still(runs(9)),
      spoil: (answer, _, index) => index === 1 ? { ...answer, data: [], next: runs(9)[id - 1]?.runStartTime } : answer
    },
    query: { ...byTime, pageSize: 5 },
    ids: down(9, 5),
    requests: 2,
    error
  })),
  ...["1e1", "0x15", "5e3"].map((token): Case => ({
    name: `a token that JavaScript takes for a number is no id: ${token}`,
    server: {
      history: still(runs(9)),
      spoil: (answer, request, index) =>
        index === 0
          ? { ...answer, next: token }
          : request.get("startingFrom") === token
          ? answerOf({ history: still(runs(9)) }, params({ limit: 5, startingFrom: 5 }))
          : answer
    },
    query: { pageSize: 5 },
    ids: down(9, 1),
    requests: 2
  })),
  ...[0, -1].map((next): Case => ({
    name: `a next of ${next} is none`,
    server: { history: still(runs(9)), spoil: (answer) => ({ ...answer, next }) },
    query: { pageSize: 5 },
    ids: down(9, 1),
    requests: 2
  })),
  ...(["asc", "desc"] as const).map((orderByDirection): Case => ({
    name: `times finer than a millisecond, ${orderByDirection}`,
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
    requests: 4
  }))
]

describe("paging, case by case", () => {
  it.effect.each([...cases, ...misleading])("$name", (test) =>
    Effect.gen(function*() {
      const { error, ids, requests } = yield* read(test.server, test.query ?? {})
      assert.deepStrictEqual(ids, [...test.ids])
      assert.strictEqual(requests.length, test.requests)
      if (test.error === undefined) assert.isUndefined(error)
      else {
        assert.instanceOf(error, RunsError.PaginationError)
        assert.strictEqual(error.reason, test.error)
        assert.isDefined(error.resumeFrom)
      }
    }))

  it.effect("a run appended while reading changes nothing that was there before", () =>
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

  it.effect("a run deleted at the cursor loses no other", () =>
    Effect.gen(function*() {
      let page = 0
      const { ids } = yield* read({
        history: () => page++ === 0 ? runs(9) : runs(9).filter((run) => run.id !== 7)
      }, { pageSize: 3 })
      assert.deepStrictEqual(ids, down(9, 1))
    }))

  it.effect.each([{ next: 7 }, { next: 42 }])(
    "a page whose next ($next) leads nowhere is not taken for the last",
    ({ next }) =>
      Effect.gen(function*() {
        const { layer } = clientOver({
          history: still(runs(9)),
          spoil: (answer, _, index) => index === 1 ? { ...answer, next } : answer
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

  it.effect("pages grow, unless their size is given", () =>
    Effect.gen(function*() {
      const grown = yield* read({ history: still(runs(2000)) }, {})
      assert.deepStrictEqual(grown.requests.map((request) => request.get("limit")), ["25", "250", "1000", "1000"])
      const fixed = yield* read({ history: still(runs(2000)) }, { pageSize: 900 })
      assert.deepStrictEqual(fixed.requests.map((request) => request.get("limit")), ["900", "900", "900"])
    }))
})

describe("laziness", () => {
  it.effect.each([
    { take: 0, requests: 0 },
    { take: 1, requests: 1 },
    { take: 25, requests: 1 },
    { take: 26, requests: 2 },
    { take: 275, requests: 2 },
    { take: 276, requests: 3 }
  ])("take($take) makes $requests requests", ({ requests, take }) =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: still(runs(2000)) })
      const ids = yield* RunsClient.list().pipe(
        Stream.take(take),
        Stream.map((run) => run.id),
        Stream.runCollect,
        Effect.provide(layer)
      )
      assert.deepStrictEqual([...ids], [...down(2000, 1)].slice(0, take))
      assert.strictEqual(log.requests.length, requests)
    }))

  it.effect("nothing is fetched before a pull", () =>
    Effect.gen(function*() {
      const { layer, log } = clientOver({ history: still(runs(100)) })
      yield* Effect.gen(function*() {
        const client = yield* RunsClient.RunsClient
        client.list()
        client.pages()
        assert.strictEqual(log.requests.length, 0)
      }).pipe(Effect.provide(layer))
    }))
})

const history = FastCheck.array(
  FastCheck.record({
    gap: FastCheck.integer({ min: 1, max: 3 }),
    start: FastCheck.integer({ min: 0, max: 12 }),
    length: FastCheck.integer({ min: 0, max: 4 }),
    runType: FastCheck.constantFrom("deploy" as const, "refresh" as const),
    runStatus: FastCheck.constantFrom("completed", "failed", "running"),
    environmentID: FastCheck.constantFrom("1", "2")
  }),
  { maxLength: 60 }
).map((shapes): ReadonlyArray<WireRun> => {
  let id = 0
  return shapes.map(({ gap, length, start, ...run }) => {
    id += gap
    return {
      ...run,
      id,
      runStartTime: new Date(Date.UTC(2026, 0, 1) + start).toISOString(),
      runEndTime: new Date(Date.UTC(2026, 0, 1) + start + length).toISOString()
    }
  })
})

const query = FastCheck.record({
  pageSize: FastCheck.integer({ min: 1, max: 20 }),
  orderBy: FastCheck.constantFrom("id" as const, "runStartTime" as const, "runEndTime" as const),
  orderByDirection: FastCheck.constantFrom("asc" as const, "desc" as const),
  runType: FastCheck.option(FastCheck.constantFrom("deploy" as const, "refresh" as const), { nil: undefined }),
  runStatus: FastCheck.option(FastCheck.constantFrom("completed" as const, "failed" as const), { nil: undefined }),
  environmentID: FastCheck.option(FastCheck.constantFrom("1", "2"), { nil: undefined }),
  detail: FastCheck.boolean()
})

const nextStyle = FastCheck.constantFrom<NextStyle>("absent", "null", "blank", "last", "lastAsString", "always")

const expected = (history: ReadonlyArray<WireRun>, query: Record<string, unknown>): ReadonlyArray<number> =>
  select(history, params(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))))
    .map((run) => run.id)

describe("for any history, page size, order, filter and style of next", () => {
  it.effect("the stream is the filtered, sorted history, each run once", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, nextStyle, async (history, query, next) => {
          const { error, ids } = await Effect.runPromise(read({ history: () => history, next }, query))
          assert.isUndefined(error)
          assert.deepStrictEqual(ids, [...expected(history, query)])
        }),
        { numRuns: 400 }
      )
    ))

  it.effect("a stream cut anywhere goes on from the cursor of what was used, through its string", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(
          history,
          query,
          nextStyle,
          FastCheck.nat({ max: 60 }),
          async (history, query, next, cut) => {
            const { layer } = clientOver({ history: () => history, next })
            const first = await Effect.runPromise(
              RunsClient.list(query).pipe(Stream.take(cut), Stream.runCollect, Effect.provide(layer))
            )
            const cursor = RunCursor.encode([...first].reduce(RunCursor.after, RunCursor.start(query)))
            const rest = await Effect.runPromise(
              RunsClient.list({ ...query, startingFrom: cursor }).pipe(Stream.runCollect, Effect.provide(layer))
            )
            assert.deepStrictEqual([...first, ...rest].map((run) => run.id), [...expected(history, query)])
          }
        ),
        { numRuns: 400 }
      )
    ))

  it.effect("listPage leads through the same runs by its cursor", () =>
    Effect.promise(() =>
      FastCheck.assert(
        FastCheck.asyncProperty(history, query, nextStyle, async (history, { pageSize, ...query }, next) => {
          const { layer } = clientOver({ history: () => history, next })
          const ids: Array<number> = []
          let startingFrom: RunCursor.RunCursor | undefined
          for (let hasMore = true; hasMore;) {
            const page: RunsClient.RunPage = await Effect.runPromise(
              RunsClient.listPage({ ...query, limit: pageSize, startingFrom }).pipe(Effect.provide(layer))
            )
            assert.isAtMost(page.runs.length, pageSize)
            ids.push(...page.runs.map((run) => run.id))
            startingFrom = page.cursor
            hasMore = page.hasMore
          }
          assert.deepStrictEqual(ids, [...expected(history, query)])
        }),
        { numRuns: 200 }
      )
    ))
})
