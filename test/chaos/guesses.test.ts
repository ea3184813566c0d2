// A page that is requested by a guess of where it starts is believed only where the page before it says the same. A wrong one is aborted,
// and costs nothing but its request.
import { RunsClient } from "@coalesce-runs/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Retry from "effect/Schedule"
import * as Stream from "effect/Stream"
import { timeout } from "./lanes.ts"
import { quiet } from "./mcp/upstream.ts"
import { life, plain } from "./plain.ts"
import { oddities } from "./schedule.ts"
import { type Fault, lies } from "./server/fault.ts"
import type { Oddity } from "./server/history.ts"
import type { Style } from "./server/page.ts"
import { type ChaosServer, type Session, start } from "./server/server.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const count = 60
const pageSize = 5

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)

interface Setting {
  readonly style?: Partial<Style>
  readonly oddityOf?: (id: number) => Oddity | undefined
  readonly faultOf?: (path: string) => Fault | undefined
  readonly retries?: number
}

const open = ({ faultOf, oddityOf, retries = 0, style }: Setting) =>
  Effect.gen(function*() {
    const token = `guesses_${tokens++}_+/=~cAnArY0123456789`
    const session = server.open(token, {
      ...plain,
      lives: down(count, 1).toReversed().map((id) => life(id, id, oddityOf?.(id))),
      style: { ...plain.style, ...style }
    })
    session.faultOf = faultOf
    const client = yield* RunsClient.make({
      accessToken: token,
      baseUrl: server.origin,
      retry: Retry.recurs(retries),
      timeout
    }).pipe(Effect.orDie, Effect.provide(FetchHttpClient.layer))
    return { client, session }
  })

/** Where each request started: undefined for the first page. */
const startOf = (path: string): number | undefined => {
  const [, from] = /startingFrom=(\d+)/.exec(path) ?? []
  return from === undefined ? undefined : Number(from)
}

const startsOf = ({ served }: Session) => served.map(({ path }) => startOf(path))

/** Reads all pages of a history, waiting for each, and returns the runs that came, the error and the paths that were requested. */
const readAll = (setting: Setting, prefetch: boolean) =>
  Effect.gen(function*() {
    const { client, session } = yield* open(setting)
    const ids: Array<number> = []
    const error = yield* client.list({ pageSize, prefetch, undecodableRows: "skip" }).pipe(
      Stream.runForEach((run) => Effect.sync(() => ids.push(run.id))),
      Effect.flip,
      Effect.option
    )
    const { _tag: tag } = error
    const paths = session.served.map(({ path }) => path)
    return { ids, error: tag === "Some" ? `${error.value._tag}: ${error.value.message}` : "none", paths }
  })

/** Fails where a reader with a page ahead gets anything else than one without, or requests a page more than once. */
const isSame = (setting: Setting) =>
  Effect.gen(function*() {
    const exact = yield* readAll(setting, false)
    const ahead = yield* readAll(setting, true)
    // Ports and cursors of a session are in no text here.
    assert.deepStrictEqual([ahead.ids, ahead.error], [exact.ids, exact.error])
    const times = (paths: ReadonlyArray<string>) => {
      const counts = new Map<string, number>()
      for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1)
      return counts
    }
    const [exactly, most] = [times(exact.paths), times(ahead.paths)]
    for (const [path, times] of exactly) assert.strictEqual(most.get(path), times, path)
    // What is requested beside those is a wrong guess: one behind each page at most.
    for (const [path, times] of most) if (!exactly.has(path)) assert.strictEqual(times, 1, path)
    assert.isAtMost(ahead.paths.length, 2 * exact.paths.length)
  })

const hang: Fault = { kind: "hang", at: 0 }

/** In pages that are the wrong way round, the last row leads to their own beginning. */
const isAstray = (path: string): boolean => {
  const from = startOf(path)
  return from !== undefined && from % pageSize === 0
}

const astray = (path: string): Fault => isAstray(path) ? hang : { kind: "lie", lie: "unordered" }

/** Fails where such a request is under way. */
const isOver = ({ underWay }: Session, isWanted: (path: string) => boolean) =>
  Effect.map(Effect.sleep("100 millis"), () => assert.deepStrictEqual([...underWay.values()].filter(isWanted), []))

describe("a page that is requested by a guess", () => {
  it.live("is aborted where it is the wrong one, so that it holds up nobody", () =>
    Effect.gen(function*() {
      const { client, session } = yield* open({ faultOf: astray })
      const ids: Array<number> = []
      yield* client.list({ pageSize }).pipe(
        Stream.runForEach((run) =>
          Effect.gen(function*() {
            ids.push(run.id)
            if (ids.length === count - 1) yield* isOver(session, isAstray)
          })
        )
      )
      assert.deepStrictEqual(ids.toSorted((a, b) => b - a), down(count, 1))
      const starts = startsOf(session)
      // Guessed from the third page on, and each of these once.
      const wrong = starts.filter((from) => from !== undefined && from % pageSize === 0)
      assert.deepStrictEqual(wrong, down(10, 1).map((page) => page * pageSize))
      const right = starts.filter((from) => from === undefined || from % pageSize > 0)
      assert.deepStrictEqual(right, [undefined, ...down(12, 1).map((page) => page * pageSize - 4)])
    }))

  it.live("is aborted with its reader, and no other follows", () =>
    Effect.gen(function*() {
      const { client, session } = yield* open({ faultOf: (path) => startOf(path) === 41 ? hang : undefined })
      let used = 0
      yield* client.list({ pageSize }).pipe(
        Stream.take(17),
        // Long enough for the request to arrive.
        Stream.runForEach(() => ++used < 17 ? Effect.void : Effect.sleep("100 millis"))
      )
      assert.include(startsOf(session), 41)
      yield* Effect.promise(() => quiet(session))
      const sent = session.served.length
      yield* Effect.sleep("50 millis")
      assert.strictEqual(session.served.length, sent)
    }))

  it.live("is aborted where the page before it breaks off and is requested again", () =>
    Effect.gen(function*() {
      let broken = 0
      let hung = 0
      // The third page breaks off though its end can be read, and the page behind it hangs the first time.
      const faultOf = (path: string): Fault | undefined =>
        startOf(path) === 51 && broken++ === 0
          ? { kind: "body", body: "unclosedPage" }
          : startOf(path) === 46 && hung++ === 0
          ? hang
          : undefined
      const { client, session } = yield* open({ faultOf, retries: 1 })
      const ids: Array<number> = []
      yield* client.list({ pageSize }).pipe(
        Stream.runForEach((run) =>
          Effect.gen(function*() {
            ids.push(run.id)
            if (ids.length === count - 1) yield* isOver(session, (path) => startOf(path) === 46)
          })
        )
      )
      assert.deepStrictEqual(ids, down(count, 1))
      assert.strictEqual(hung, 2)
    }))
})

describe("with a page ahead, a list is what it is without", () => {
  const nexts = ["absent", "null", "last", "text"] as const

  it.live.each(oddities)(
    "where the last row of each page is odd (%s)",
    (oddity) =>
      Effect.forEach(
        ["absent", "last"] as const,
        (next) => isSame({ style: { next }, oddityOf: (id) => id % pageSize === 1 ? oddity : undefined })
      )
  )

  it.live.each(["rowsWithin", "moreFields", "echo"] as const)(
    "where every row is odd (%s)",
    (oddity) => Effect.forEach(nexts, (next) => isSame({ style: { next }, oddityOf: () => oddity }))
  )

  it.live.each(lies.filter((lie) => lie !== "hidden"))(
    "where the server lies on each page (%s)",
    (lie) => Effect.forEach(nexts, (next) => isSame({ style: { next }, faultOf: () => ({ kind: "lie", lie }) }))
  )

  it.live.each(["used", "less", "asked", "nothing"] as const)(
    "where pages are shorter than asked for, and say so (%s)",
    (says) => Effect.forEach(nexts, (next) => isSame({ style: { next, says, clamp: 3 } }))
  )
})

describe("a reader that works", () => {
  it.live("makes nobody request more than one page ahead", () =>
    Effect.gen(function*() {
      const { client, session } = yield* open({ style: { next: "last" } })
      let used = 0
      yield* client.list({ pageSize }).pipe(
        Stream.runForEach(() =>
          Effect.gen(function*() {
            used++
            if (used % 4 === 0) yield* Effect.sleep("20 millis")
            assert.isAtMost(session.served.length, Math.ceil(used / pageSize) + 1)
          })
        )
      )
    }))
})
