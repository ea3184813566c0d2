/** Rules that select the requests which have a fault. Public through `Faults.ts`. */
import * as check from "../check/options.ts"
import type { Fault, FaultRequest, Rule } from "./model.ts"

/** Selects the requests that a rule counts: by path, by values in the query, or by a predicate. */
export type Matching =
  | ((request: FaultRequest) => boolean)
  | { readonly path?: string | RegExp; readonly query?: Readonly<Record<string, string>> }

const matches = (matching: Matching | undefined) => (request: FaultRequest): boolean => {
  if (matching === undefined) return true
  if (typeof matching === "function") return matching(request)
  const { path, query = {} } = matching
  return (path === undefined || (typeof path === "string" ? path === request.path : request.path.search(path) >= 0)) &&
    Object.entries(query).every(([name, value]) => request.query[name] === value)
}

const rule = (fault: Fault, matching: Matching | undefined, applies: (count: number) => boolean): Rule => {
  if (matching !== undefined && typeof matching !== "function") {
    check.checkOptions("Faults: the requests that match", matching, {
      path: ["a text or a RegExp", (value) => typeof value === "string" || value instanceof RegExp],
      query: check.plain
    })
  }
  return { fault, matching: matches(matching), applies }
}

/** Applies a fault to every request that matches. */
export const always = (fault: Fault, matching?: Matching): Rule => rule(fault, matching, () => true)

/** Applies a fault to the first `n` of the requests that match. */
export const first = (n: number, fault: Fault, matching?: Matching): Rule =>
  rule(fault, matching, (count) => count <= n)

/** Applies a fault to the `n`-th of the requests that match, from 1. */
export const nth = (n: number, fault: Fault, matching?: Matching): Rule => rule(fault, matching, (count) => count === n)

/** Applies a fault to every `n`-th of the requests that match: with 3, the third, the sixth, and so on. */
export const every = (n: number, fault: Fault, matching?: Matching): Rule =>
  rule(fault, matching, (count) => count % n === 0)

/** Applies a fault to all but the first `n` of the requests that match. */
export const after = (n: number, fault: Fault, matching?: Matching): Rule => rule(fault, matching, (count) => count > n)
