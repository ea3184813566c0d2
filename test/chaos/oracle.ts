/** Says what a reader must and may get of a schedule, and which errors it may end with. It knows the server, not the library. */
import { epoch, type Schedule } from "./schedule.ts"
import { retryAfterMillis } from "./server/bodies.ts"
import { type Fault, nameOf, outcomesOf, retryable } from "./server/fault.ts"
import { isDecodable, type Life, matches, seenAt, valueOf } from "./server/history.ts"
import type { Served, Session } from "./server/server.ts"

export interface Expected {
  /** The runs that were there, and matched, for as long as the reading took. */
  readonly must: ReadonlySet<number>
  /** The runs that were there, and matched, at some time. */
  readonly may: ReadonlySet<number>
}

const isInWindow = ({ window: [since, until] }: Schedule, start: number | undefined): boolean =>
  start !== undefined && start >= epoch + since && start < epoch + until

/** The values by which a run is ordered, at each request; undefined where it is not listed. */
const placesOf = (schedule: Schedule, life: Life, requests: number): ReadonlyArray<number | undefined> => {
  const isStatic = life.phases.length === 1 && life.phases[0]?.at === 0 && life.vanishesAt === undefined
  return Array.from({ length: isStatic ? 1 : requests + 1 }, (_, request) => {
    const seen = seenAt(life, request)
    if (seen === undefined || !matches(seen, schedule.query)) return undefined
    if (schedule.reader === "window") return isInWindow(schedule, seen.start) ? seen.start : undefined
    return valueOf(seen, schedule.query.orderBy) ?? (schedule.style.untimed === "last" ? Infinity : undefined)
  })
}

export const expectedOf = (schedule: Schedule, { hidden, served }: Session): Expected => {
  const must = new Set<number>()
  const may = new Set<number>()
  for (const life of schedule.lives) {
    if (!isDecodable(life.oddity, schedule.query.detail, schedule.query.orderBy)) continue
    const places = placesOf(schedule, life, served.length)
    if (places.some((place) => place !== undefined)) may.add(life.id)
    const [first] = places
    if (first !== undefined && places.every((place) => place === first) && !hidden.has(life.id)) must.add(life.id)
  }
  return { must, may }
}

/** What an error says of itself, without its class. */
export interface Failure {
  readonly tag: string
  readonly isRetryable: boolean
  readonly attempts: number | undefined
  readonly status: number | undefined
  readonly retryAfter: number | undefined
  readonly errorString: string | undefined
  /** The position of an undecodable row. */
  readonly index: number | undefined
  readonly runID: number | undefined
  /** What was requested, as the error says it. */
  readonly path: string | undefined
}

const isFar = (fault: Fault | undefined): boolean =>
  fault?.kind === "status" && fault.status === 429 && (retryAfterMillis(fault.retryAfter ?? "") ?? 0) > 30_000

const isSlow = (fault: Fault | undefined): boolean =>
  fault?.kind === "hang" || fault?.kind === "endless" || (fault?.kind === "status" && fault.ending === "hang")

export const hasSlow = ({ faults }: Pick<Schedule, "faults">): boolean => faults.some(isSlow)

/** One request after another, so that the last one is the one that failed. */
export const isSequential = ({ concurrency, query, reader }: Schedule): boolean =>
  (reader !== "history" || concurrency === 1) && query.failureReasons !== true

const fits = ({ errorString, retryAfter, status, tag }: Failure, fault: Fault): boolean => {
  if (!outcomesOf(fault).includes(tag)) return false
  if (fault.kind !== "status" || tag !== nameOf(fault.status)) return true
  const asked = fault.retryAfter === undefined ? undefined : retryAfterMillis(fault.retryAfter)
  const isAsked = asked === undefined || retryAfter === undefined
    ? asked === retryAfter
    // A client that waits for a far time says what is left of it.
    : retryAfter <= asked + 1 && retryAfter > asked - 30_000
  // What is refused without a request, because the server asked to wait for long, repeats no words of the server.
  const isRefused = isFar(fault) && errorString === undefined
  const isSaid = fault.ending === "whole" && !isRefused && ["json", "noDetail", "gzip"].includes(fault.body) &&
      ![204, 205, 304].includes(fault.status)
    ? errorString === "The request failed"
    : true
  return status === fault.status && isAsked && isSaid
}

const describe = (served: ReadonlyArray<Served>): string => JSON.stringify(served.map(({ fault }) => fault ?? null))

/** Returns what is wrong with an error, given what was served since the reader began; undefined where it is right. */
export const wrongWith = (
  schedule: Schedule,
  failure: Failure,
  served: ReadonlyArray<Served>,
  skips: boolean
): string | undefined => {
  const { index, isRetryable, path, runID, tag } = failure
  const met = served.flatMap(({ fault }) => fault === undefined ? [] : [fault])
  if (isRetryable !== retryable.has(tag)) return `${tag} says isRetryable ${isRetryable}`
  if (tag === "DecodeError" && index !== undefined) {
    const odd = schedule.lives.filter(({ oddity }) =>
      !isDecodable(oddity, schedule.query.detail, schedule.query.orderBy)
    )
    if (skips) return "an undecodable row failed a reader that skips them"
    return odd.length === 0 || (runID !== undefined && !odd.some(({ id }) => id === runID))
      ? `the row of run ${runID} is decodable`
      : undefined
  }
  // Rows from before the cursor, or the same row twice, can fill a page to its limit: requested alone, it does not advance.
  const isFilled = schedule.reader === "listPage" &&
    met.some((fault) => fault.kind === "lie" && (fault.lie === "again" || fault.lie === "duplicates"))
  if (tag === "PaginationError" && isFilled) return undefined
  // A busy machine can be too slow for the short time-out of a schedule that hangs.
  if (tag === "RequestTimeout" && hasSlow(schedule)) return undefined
  if (!met.some((fault) => fits(failure, fault))) return `nothing served explains it: ${describe(served)}`
  if (!isSequential(schedule) || hasSlow(schedule)) return undefined
  // The page ahead of a reader that was given up can come in between. An address that was cleaned is that of no request.
  const same = served.filter((one) => one.path === path)
  const own = same.length === 0 ? served : same
  if (!retryable.has(tag)) {
    const last = own.at(-1)?.fault
    return last !== undefined && fits(failure, last) ? undefined : `the last response was not it: ${describe(served)}`
  }
  if (met.some(isFar)) return undefined
  const tried = own.slice(-1 - schedule.retries)
  const isTried = tried.length === schedule.retries + 1 &&
    tried.every(({ fault }) => fault !== undefined && outcomesOf(fault).some((outcome) => retryable.has(outcome)))
  return isTried && failure.attempts === schedule.retries + 1
    ? undefined
    : `it was sent ${failure.attempts} times, with ${schedule.retries} retries: ${describe(served)}`
}

/** Returns what a reader did though the server asked it to wait; undefined where it waited. */
export const impatience = (schedule: Schedule, served: ReadonlyArray<Served>): string | undefined => {
  if (!isSequential(schedule)) return undefined
  for (const [index, { fault, path, receivedAt }] of served.entries()) {
    // The page ahead of a reader that was given up can come in between.
    const next = served.slice(index + 1).find((one) => one.path === path)
    // A policy of the caller decides itself when to send again; the default one waits after every status.
    const isObeyed = fault?.kind === "status" && (fault.status === 429 || schedule.hasDefaultRetry === true)
    if (!isObeyed || fault.ending !== "whole" || next === undefined) continue
    const asked = fault.retryAfter === undefined ? undefined : retryAfterMillis(fault.retryAfter)
    const waited = next.receivedAt - receivedAt
    // Clocks of the two sides are one, but count whole milliseconds on one of them.
    const exact = fault.retryAfter === "near date" ? 1000 : 0
    if (asked !== undefined && waited < asked - exact - 2) return `asked to wait ${asked} ms, it waited ${waited} ms`
  }
  return undefined
}

/** Whether pages can be requested before those in front of them are parsed. */
const isGuessing = ({ query, reader }: Schedule): boolean =>
  (reader === "list" || reader === "pages") && query.orderBy === "id" && query.prefetch !== false

/**
 * How many errors a sequential reader must have seen, because nothing else could come of what was served. Behind a lie the page that
 * was requested by a guess may be another than the one that is wanted: what came of it nobody sees.
 */
export const certainErrors = (schedule: Schedule, served: ReadonlyArray<Served>): number =>
  served.filter(({ fault }, index) =>
    fault !== undefined && !(isGuessing(schedule) && served[index - 1]?.fault?.kind === "lie") &&
    outcomesOf(fault).every((outcome) => outcome !== "pass" && !retryable.has(outcome))
  )
    .length
