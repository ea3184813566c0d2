/** Faults that change the content of a page. Public through `Faults.ts`. */
import type { Fault, FaultRequest, Page, Row } from "./model.ts"

/** Changes the true page. A response that is not a page of List Runs stays as it is. */
export const page = (change: (page: Page, request: FaultRequest) => Page): Fault => ({ _tag: "ChangePage", change })

/** Sends the last `count` rows of the page twice. Default: 1 row. */
export const duplicateRows = (count = 1): Fault =>
  page((page) => ({ ...page, data: count < 1 ? page.data : [...page.data, ...page.data.slice(-count)] }))

/** Leaves out the rows at the positions `at`, counted from 0, or from the end if negative. Default: the first row. */
export const missingRows = (...at: ReadonlyArray<number>): Fault =>
  page((page) => {
    const missing = new Set((at.length === 0 ? [0] : at).map((index) => index < 0 ? page.data.length + index : index))
    return { ...page, data: page.data.filter((_, index) => !missing.has(index)) }
  })

const lastValue = (page: Page): unknown => page.data.at(-1)?.[page.orderBy]

/** Sends no rows, and a `next` behind the rows that are missing. */
export const emptyPage: Fault = page((page) => ({ ...page, data: [], next: lastValue(page) ?? null }))

/**
 * Sends the cursor of the request as `next`. The first request has no cursor: its `next` is the value of its last row, so
 * that the repetition starts with the next request.
 */
export const repeatedNext: Fault = page((page, { query }) => ({
  ...page,
  next: query.startingFrom === undefined
    ? lastValue(page)
    : page.orderBy === "id"
    ? Number(query.startingFrom)
    : query.startingFrom
}))

/** Sends a `next` that lies ten ids, or ten milliseconds, before the cursor of the request. */
export const backwardNext: Fault = page((page, { query }) => {
  const from = query.startingFrom ?? page.data[0]?.[page.orderBy]
  const back = page.orderByDirection === "asc" ? -10 : 10
  if (typeof from !== "string" && typeof from !== "number") return page
  return {
    ...page,
    next: page.orderBy === "id" ? Number(from) + back : new Date(Date.parse(String(from)) + back).toISOString()
  }
})

/** Changes the row at the position `at`, counted from 0. Default: 0. */
export const malformedRow = (change: (row: Row) => Row, at = 0): Fault =>
  page((page) => ({ ...page, data: page.data.map((row, index) => index === at ? change(row) : row) }))
