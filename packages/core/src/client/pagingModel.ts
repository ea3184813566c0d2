/** The types of paging: its state, what it requests, and what a response tells it. */
import type { RunCursor } from "../RunCursor.ts"
import type { PaginationError } from "../RunsError.ts"

export interface State {
  readonly cursor: RunCursor
  /** An opaque cursor: a `next` that is no id, which is sent back unchanged. */
  readonly opaque?: string | undefined
  /** How many rows without an id were reported that the next page lists again. */
  readonly unnamed: number
  /** Pages since the last new run. */
  readonly fruitless: number
  /** Pages so far. */
  readonly pages: number
  /** Whether the page before had no `next`. */
  readonly wasSilent: boolean
  readonly server: Server
  /** Asks whether the runs that came again are all: how many there were, and the id that was reached. */
  readonly probe?: { readonly rows: number; readonly behind?: number | undefined } | undefined
  /** Whether the answer to that led back to the order by a time, since the last new run. */
  readonly wentBack: boolean
}

/** What the pages so far show of the server. */
export interface Server {
  /** The most rows of a page: the server's own limit is not below. */
  readonly largest: number
  /** Whether it sends a `next` wherever there are more runs. Undefined: not known. */
  readonly speaks?: boolean | undefined
}

export interface PageRequest {
  readonly limit: number
  readonly startingFrom: string | undefined
  /** Whether `startingFrom` is an opaque cursor. */
  readonly isOpaque: boolean
  /** Set where it is not the query's. */
  readonly orderBy?: "id" | undefined
}

/** What paging needs of a row: its id, and the value that it is ordered by. */
export interface Row {
  readonly id: number | undefined
  readonly value: number | undefined
}

export interface PageResponse {
  readonly rows: ReadonlyArray<Row>
  readonly limit: number | undefined
  /** Null says that there is none, undefined says nothing. */
  readonly next: string | number | null | undefined
}

export type Problem = Pick<PaginationError, "reason" | "description">

export interface Advance {
  /** The positions of the rows that were not seen before. */
  readonly fresh: ReadonlyArray<number>
  readonly state: State
  /** Whether there may be more. */
  readonly hasMore: boolean
  /** Whether nothing says so but that the end is not proven. */
  readonly isDoubtful: boolean
  /** Why continuing could skip runs or loop forever. */
  readonly problem?: Problem | undefined
}
