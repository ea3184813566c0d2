/**
 * Computes how many pages a history requests at the same time: more while the server answers in its usual time, fewer at once
 * where it refuses a request or slows down. It is pure.
 */
import type { RunsError } from "../RunsError.ts"

export interface State {
  /** How many pages are requested at the same time now. */
  readonly current: number
  /** The bounds of `current`. They are the same for a concurrency that was asked for. */
  readonly least: number
  readonly most: number
  /** The most rows of a page so far, and the shortest time of a page with half as many or more. */
  readonly rows: number
  readonly fastest: number
  /** When `current` was lowered last. What was sent before says nothing of the concurrency since. */
  readonly loweredAt: number
}

/** A page that came, with times in milliseconds. */
export interface Answer {
  readonly rows: number
  readonly sentAt: number
  readonly endedAt: number
}

const first = 8
/** The most pages at the same time of a concurrency that adapts. */
export const standardMost = 16

/** A server that takes twice as long as at its best is at its limit, one that takes four times as long beyond it. */
const holdsAt = 2
const lowersAt = 4

/** No page counts as faster, in milliseconds: below it a clock measures noise. */
const floor = 5

/** Begins with a concurrency that was asked for, or with one that adapts, down to the requests of one page. */
export const begin = (concurrency: number | undefined, least: number): State => ({
  current: concurrency ?? first,
  least: concurrency ?? least,
  most: concurrency ?? standardMost,
  rows: 1,
  fastest: Infinity,
  loweredAt: -Infinity
})

/** Takes the time of a page. A page of few rows is faster than others, and says nothing. */
export const answered = (state: State, { endedAt, rows, sentAt }: Answer): State => {
  if (rows < state.rows / 2) return state
  const took = Math.max(floor, endedAt - sentAt)
  // Times of pages of half the rows are no measure for those of this one.
  const fastest = rows > 2 * state.rows ? took : Math.min(state.fastest, took)
  const seen = { ...state, rows: Math.max(rows, state.rows), fastest }
  if (took > lowersAt * fastest) return lowered(seen, sentAt, endedAt)
  return took > holdsAt * fastest ? seen : { ...seen, current: Math.min(seen.most, seen.current + 1) }
}

/** Takes an attempt that failed. A server that asks to wait, or is overloaded, gets half as many requests. */
export const failed = (state: State, error: RunsError, sentAt: number, now: number): State =>
  error._tag === "TooManyRequests" || error._tag === "ServiceUnavailable" || error._tag === "RequestTimeout"
    ? lowered(state, sentAt, now)
    : state

const lowered = (state: State, sentAt: number, now: number): State =>
  sentAt < state.loweredAt
    ? state
    : { ...state, current: Math.max(state.least, Math.floor(state.current / 2)), loweredAt: now }
