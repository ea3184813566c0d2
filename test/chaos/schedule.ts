/** What fast-check draws: a history, a server, its faults, and a reader. A schedule is plain data, so that it can be kept. */
import * as fc from "fast-check"
import { type Fault, lies, retryAfters, statusBodies, wrongBodies } from "./server/fault.ts"
import type { Life, Oddity } from "./server/history.ts"
import { isFrank, leadsOn, type Style } from "./server/page.ts"
import type { Plan } from "./server/server.ts"

export interface Query {
  readonly orderBy: "id" | "runStartTime" | "runEndTime"
  readonly orderByDirection: "asc" | "desc"
  readonly runType?: "deploy" | "refresh" | undefined
  readonly runStatus?: "completed" | "failed" | undefined
  readonly environmentID?: string | undefined
  readonly detail: boolean
  readonly failureReasons?: boolean | undefined
  readonly pageSize?: number | undefined
  /** Of a stream. */
  readonly prefetch?: boolean | undefined
  readonly undecodableRows: "fail" | "skip"
}

export interface Schedule extends Plan {
  readonly reader: "list" | "pages" | "listPage" | "history" | "window"
  readonly query: Query
  /** How often a request is sent again. */
  readonly retries: number
  /** Requests are sent again as a client does that no policy was set for. Default: no, `retries` times at once. */
  readonly hasDefaultRetry?: boolean
  /** Of a history: how many requests are under way at once. Default: as many as the server bears. */
  readonly concurrency: number | undefined
  /** After how many runs, or pages, the first readers stop. The next one continues there. */
  readonly cuts: ReadonlyArray<number>
  /** Where a reader continues behind an error: where the error says, or behind the last run that it used. */
  readonly resumeBy: "error" | "runs"
  /** Of a window: its ends, in milliseconds from the first time of the history. */
  readonly window: readonly [since: number, until: number]
}

/** The first time of every history. */
export const epoch = Date.UTC(2026, 0, 1)

const unnamed: ReadonlyArray<Oddity> = ["noId", "fractionalId", "booleanId", "nullRow", "textRow", "arrayRow"]

export const oddities: ReadonlyArray<Oddity> = [
  ...unnamed,
  "noStatus",
  "numericStatus",
  "unknownType",
  "noDetails",
  "badStart",
  "textId",
  "emptyOptionals",
  "nullOptionals",
  "oddOptionals",
  "moreFields",
  "rowsWithin",
  "echo",
  "escapedEcho",
  "slashedEcho"
]

const oddity = fc.constantFrom(...oddities)

const rarely = <A>(arbitrary: fc.Arbitrary<A>, freq: number) => fc.option(arbitrary, { freq, nil: undefined })

const shape = fc.record({
  gap: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 1, max: 400 })),
  start: rarely(fc.nat(12), 8),
  length: rarely(fc.nat(4), 8),
  runType: fc.constantFrom("deploy" as const, "refresh" as const),
  runStatus: fc.constantFrom("completed", "failed", "running", "paused"),
  environmentID: fc.constantFrom("1", "2"),
  oddity: rarely(oddity, 20),
  appearsAt: fc.nat(8),
  endsAt: fc.nat(8),
  vanishesAt: rarely(fc.integer({ min: 1, max: 9 }), 6)
})

type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never

const timesOf = (start: number | undefined, length: number | undefined) =>
  start === undefined
    ? {}
    : { start: epoch + start, ...(length === undefined ? {} : { end: epoch + start + length }) }

const livesOf = (
  { base, isMoving, shapes }: {
    readonly base: number
    readonly isMoving: boolean
    readonly shapes: ReadonlyArray<Shape>
  }
): ReadonlyArray<Life> => {
  let id = base
  let nameless = 0
  return shapes.map((drawn, index): Life => {
    id += drawn.gap
    const { environmentID, length, runStatus, runType, start } = drawn
    // A page of rows without ids does not say where the next one begins: a few of them are enough.
    const isKept = drawn.oddity === undefined || !unnamed.includes(drawn.oddity) || nameless++ < 2
    const whole = {
      id,
      runType,
      environmentID,
      ...(isKept && drawn.oddity !== undefined ? { oddity: drawn.oddity } : {})
    }
    const last = { runStatus, ...timesOf(start, length) }
    if (!isMoving) return { ...whole, phases: [{ at: 0, ...last }] }
    const appearsAt = index < shapes.length * 0.7 ? 0 : drawn.appearsAt
    const phases = drawn.endsAt <= appearsAt
      ? [{ at: appearsAt, ...last }]
      : [
        { at: appearsAt, runStatus: start === undefined ? "waitingToRun" : "running", ...timesOf(start, undefined) },
        { at: drawn.endsAt, ...last }
      ]
    return { ...whole, phases, ...(drawn.vanishesAt === undefined ? {} : { vanishesAt: drawn.vanishesAt }) }
  })
}

const lives = fc.record({
  base: fc.constantFrom(0, 0, 1000, 9_007_199_254_700_000),
  isMoving: fc.boolean(),
  shapes: fc.oneof(
    { weight: 4, arbitrary: fc.array(shape, { maxLength: 30, size: "max" }) },
    { weight: 1, arbitrary: fc.array(shape, { minLength: 60, maxLength: 160, size: "max" }) }
  )
}).map(livesOf)

const at = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.999, 1))

const statusFault = fc.record({
  kind: fc.constant("status" as const),
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(400, 401, 403, 404, 429, 429, 500, 502, 503, 504) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(201, 202, 204, 206, 304, 402, 405, 408, 410, 413, 418, 422, 451, 501, 520, 599)
    }
  ),
  body: fc.constantFrom(...statusBodies),
  retryAfter: rarely(fc.constantFrom(...retryAfters), 2),
  ending: fc.oneof(
    { weight: 5, arbitrary: fc.constant("whole" as const) },
    { weight: 1, arbitrary: fc.constantFrom("cut" as const, "reset" as const) }
  )
})

/** The faults that cost no waiting. */
export const quickFault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: statusFault },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reset" as const), at }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("cut" as const),
      at,
      framing: fc.constantFrom("length" as const, "chunked" as const, "close" as const)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drip" as const), pieces: fc.integer({ min: 1, max: 5 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("redirect" as const),
      status: fc.constantFrom(301 as const, 302 as const, 303 as const, 307 as const, 308 as const),
      to: fc.constantFrom("trap" as const, "self" as const, "nowhere" as const)
    })
  },
  { weight: 1, arbitrary: fc.constantFrom<Fault>({ kind: "garbage" }, { kind: "early" }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("body" as const), body: fc.constantFrom(...wrongBodies) })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("encoding" as const),
      encoding: fc.constantFrom("gzip" as const, "deflate" as const),
      damage: fc.constantFrom("none" as const, "cut" as const, "flip" as const, "label" as const),
      at
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("encoding" as const),
      // It has no checksum, so a byte that changes can change the page in silence.
      encoding: fc.constant("br" as const),
      damage: fc.constantFrom("none" as const, "cut" as const, "label" as const),
      at
    })
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("lie" as const), lie: fc.constantFrom(...lies) }) }
)

/** The faults that somebody has to wait for. */
export const slowFault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("hang" as const), at }) },
  { weight: 1, arbitrary: statusFault.map((fault): Fault => ({ ...fault, ending: "hang" })) },
  { weight: 1, arbitrary: fc.constantFrom<Fault>({ kind: "endless" }, { kind: "endless", encoding: "gzip" }) }
)

const faults = fc.oneof(
  { weight: 12, arbitrary: fc.array(rarely(quickFault, 2), { maxLength: 9 }) },
  { weight: 1, arbitrary: fc.array(rarely(fc.oneof(quickFault, slowFault), 3), { minLength: 1, maxLength: 5 }) }
)

const style: fc.Arbitrary<Style> = fc.record({
  clamp: rarely(fc.constantFrom(1, 3, 7, 10, 20, 25), 2),
  says: fc.constantFrom("used" as const, "used" as const, "less" as const, "asked" as const, "nothing" as const),
  next: fc.constantFrom("absent", "null", "blank", "zero", "last", "text", "opaque", "always"),
  ties: fc.constantFrom("asc" as const, "desc" as const, "mixed" as const),
  untimed: fc.constantFrom("omitted" as const, "last" as const)
})

const query: fc.Arbitrary<Query> = fc.record({
  orderBy: fc.constantFrom("id" as const, "id" as const, "runStartTime" as const, "runEndTime" as const),
  orderByDirection: fc.constantFrom("asc" as const, "desc" as const),
  runType: rarely(fc.constantFrom("deploy" as const, "refresh" as const), 3),
  runStatus: rarely(fc.constantFrom("completed" as const, "failed" as const), 3),
  environmentID: rarely(fc.constantFrom("1", "2"), 3),
  detail: fc.boolean(),
  failureReasons: fc.boolean(),
  pageSize: rarely(fc.integer({ min: 1, max: 20 }), 4),
  prefetch: fc.constantFrom(undefined, undefined, false),
  undecodableRows: fc.constantFrom("fail" as const, "skip" as const)
})

const hasUnnamed = (lives: ReadonlyArray<Life>): boolean =>
  lives.some(({ oddity }) => oddity !== undefined && unnamed.includes(oddity))

/** Whether a page of it is not in order. */
export const isUnordered = ({ faults }: Pick<Schedule, "faults">): boolean =>
  faults.some((fault) => fault?.kind === "lie" && fault.lie === "unordered")

/** Keeps what the library promises anything of: `docs/paging.md` names the limits that nobody can see. */
const promised = (drawn: Schedule): Schedule => {
  const { faults, query, reader, style } = drawn
  const orderBy = reader === "history" ? "id" : reader === "window" ? "runStartTime" : query.orderBy
  const { clamp } = style
  // A page that such rows fill is a PaginationError: docs/reliability.md.
  const isRoomy = style.next !== "always" && (query.pageSize === undefined || query.pageSize > 4)
  const lives = isRoomy ?
    drawn.lives :
    drawn.lives.map(({ oddity, ...life }): Life =>
      oddity === undefined || oddity === "badStart" || unnamed.includes(oddity) ? life : { ...life, oddity }
    )
  const isKnown = clamp === undefined || isFrank(style) || leadsOn(style) || style.next === "absent"
  // By a time, all runs of one time must fit into a page. Rows without an id need a page that can grow.
  const isClamped = clamp !== undefined && isKnown && orderBy === "id" && !hasUnnamed(lives)
  const isUnsaid = isClamped && !isFrank(style) && !leadsOn(style)
  // A list by id reads a page in any order to its end. Where a reader stops within one, what is behind it is not known.
  const isWhole = orderBy === "id" && (reader === "list" || reader === "pages")
  const kept = faults.map((fault) => {
    if (fault?.kind !== "lie") return fault
    if (fault.lie === "unordered") return isWhole ? fault : undefined
    // A longer page shows that the server can send more than its limit, and a cursor that it names where there is more.
    return isUnsaid && fault.lie !== "duplicates" && fault.lie !== "hidden" ? undefined : fault
  })
  const whole: Schedule = {
    ...drawn,
    lives,
    query: { ...query, orderBy, failureReasons: query.detail && query.failureReasons === true },
    style: { ...style, clamp: isClamped ? clamp : undefined },
    faults: kept
  }
  return isUnordered(whole)
    ? { ...whole, query: { ...whole.query, undecodableRows: "skip" }, cuts: [], resumeBy: "error" }
    : whole
}

export const schedule: fc.Arbitrary<Schedule> = fc.record({
  reader: fc.constantFrom(
    "list" as const,
    "list" as const,
    "pages" as const,
    "listPage" as const,
    "history" as const,
    "history" as const,
    "window" as const
  ),
  lives,
  style,
  encoding: rarely(fc.constantFrom("gzip" as const, "br" as const, "deflate" as const), 6),
  faults,
  query,
  retries: fc.nat(3),
  concurrency: rarely(fc.integer({ min: 1, max: 16 }), 3),
  cuts: fc.array(fc.nat(12), { maxLength: 3 }),
  resumeBy: fc.constantFrom("error" as const, "runs" as const),
  window: fc.tuple(fc.nat(13), fc.nat(13)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const)
}).map(promised)
