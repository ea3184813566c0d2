/** Faults of a page's content. Public through `Faults.ts`. */
import type { Fault, FaultRequest, Page, Row } from "./model.ts"

/**
 * Changes the true page. A response that is not a page of List Runs stays as it is.
 *
 * @category pages
 */
export const page = (change: (page: Page, request: FaultRequest) => Page): Fault => ({ _tag: "ChangePage", change })

/**
 * Sends the last `count` rows of the page twice. Default: 1 row.
 *
 * @category pages
 */
export const duplicateRows = (count = 1): Fault =>
  page((page) => ({ ...page, data: count < 1 ? page.data : [...page.data, ...page.data.slice(-count)] }))

/**
 * Leaves out rows: those at `at`, counted from 0, or negative from the end. Default: the first row.
 *
 * @category pages
 */
export const missingRows = (...at: ReadonlyArray<number>): Fault =>
  page((page) => {
    const missing = new Set((at.length === 0 ? [0] : at).map((index) => index < 0 ? page.data.length + index : index))
    return { ...page, data: page.data.filter((_, index) => !missing.has(index)) }
  })

const lastValue = (page: Page): unknown => page.data.at(-1)?.[page.orderBy]

/**
 * Sends no row, but a `next` behind the rows that should be there.
 *
 * @category pages
 */
export const emptyPage: Fault = page((page) => ({ ...page, data: [], next: lastValue(page) ?? null }))

/**
 * Sends the cursor of the request as `next`. The first page, which has none, gets its last row's value, and so repeats at
 * the next request.
 *
 * @category pages
 */
export const repeatedNext: Fault = page((page, { query }) => ({
  ...page,
  next: query.startingFrom === undefined
    ? lastValue(page)
    : page.orderBy === "id"
    ? Number(query.startingFrom)
    : query.startingFrom
}))

/**
 * Sends a `next` before the cursor of the request: ten ids, or ten milliseconds, back against the order.
 *
 * @category pages
 */
export const backwardNext: Fault = page((page, { query }) => {
  const from = query.startingFrom ?? page.data[0]?.[page.orderBy]
  const back = page.orderByDirection === "asc" ? -10 : 10
  if (typeof from !== "string" && typeof from !== "number") return page
  return {
    ...page,
    next: page.orderBy === "id" ? Number(from) + back : new Date(Date.parse(String(from)) + back).toISOString()
  }
})

/**
 * Replaces a row by what `change` makes of it. `at` says which row, counted from 0. Default: 0.
 *
 * @category pages
 */
export const malformedRow = (change: (row: Row) => Row, at = 0): Fault =>
  page((page) => ({ ...page, data: page.data.map((row, index) => index === at ? change(row) : row) }))
