/** Reads the `next` of a response, and says what is wrong with one that does not advance. */
import { cut, quote } from "../wire/text.ts"
import { millisFromIso } from "../wire/time.ts"
import type { Problem } from "./pagingModel.ts"

/** No run has an id of 0 or below, and no time is written so: it says that there is no `next`, as blank text does. */
export const isNone = (next: string | number | null | undefined): next is null | undefined =>
  next === undefined || Number(next) <= 0

/** Reads a `next` that is a time: ISO 8601, or epoch milliseconds, which no id reaches. */
export const timeOf = (next: string | number): number =>
  Number(next) > 1e11 ? Number(next) : millisFromIso(String(next))

/** Reads a `next` that is an id; any other is an opaque cursor. */
export const idOf = (next: string | number): number | undefined => {
  const id = /^\s*\d{1,16}\s*$/.test(String(next)) ? Number(next) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

export const repeated = (next: string | number): Problem => ({
  reason: "RepeatedCursor",
  description: `the response's next, ${show(next)}, is where that page started`
})

export const backward = (next: string | number): Problem => ({
  reason: "BackwardCursor",
  description: `the response's next, ${show(next)}, lies before the runs of that page`
})

const show = (next: string | number): string => typeof next === "string" ? quote(cut(next, 60)) : String(next)
