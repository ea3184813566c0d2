/**
 * What goes wrong, and when. A {@link Fault} is one thing that a server or the net may do to an answer; a {@link Rule}
 * says which requests it befalls. The simulator takes a list of rules, and the first that applies to a request wins.
 *
 * **Example** (Two failures, then a page that repeats a row)
 *
 * ```ts
 * import { Faults } from "@coalesce-runs/simulator"
 *
 * const faults: Faults.Faults = [
 *   Faults.first(2, Faults.status(503, { retryAfter: 1 })),
 *   Faults.nth(4, Faults.duplicateRows())
 * ]
 *
 * faults.length // => 2
 * ```
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"

/**
 * A request as a rule sees it. `number` counts the requests since the simulator started, from 1.
 *
 * @category models
 * @since 0.1.0
 */
export interface FaultRequest {
  readonly number: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/**
 * A row of a page, as JSON.
 *
 * @category models
 * @since 0.1.0
 */
export type Row = Readonly<Record<string, unknown>>

/**
 * A page of List Runs, as JSON.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page {
  readonly limit: number
  readonly orderBy: string
  readonly orderByDirection: string
  readonly data: ReadonlyArray<Row>
  readonly next?: unknown
}

/**
 * One thing that may go wrong.
 *
 * **Details**
 *
 * - `Response`: this status, headers and body instead of the true ones
 * - `Reset`: the socket is destroyed before any answer
 * - `Truncated`: the headers promise the whole body, a part of it comes, then the socket is destroyed
 * - `Drip`: the body comes in pieces with a pause before each
 * - `Hang`: nothing comes, or the headers and then nothing; the socket stays open
 * - `Delay`: the true answer, later
 * - `ChangePage`: the true page of List Runs, changed
 *
 * @category models
 * @since 0.1.0
 */
export type Fault =
  | {
    readonly _tag: "Response"
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  | { readonly _tag: "Reset" }
  | { readonly _tag: "Truncated"; readonly keep: number }
  | { readonly _tag: "Drip"; readonly pieces: number; readonly pause: Duration.Duration }
  | { readonly _tag: "Hang"; readonly after: "request" | "headers" }
  | { readonly _tag: "Delay"; readonly duration: Duration.Duration }
  | { readonly _tag: "ChangePage"; readonly change: (page: Page, request: FaultRequest) => Page }

/**
 * Which requests a fault befalls. `matching` says which are counted (all, unless given), and `applies` which of the
 * counted, from 1.
 *
 * @category models
 * @since 0.1.0
 */
export interface Rule {
  readonly fault: Fault
  readonly matching: (request: FaultRequest) => boolean
  readonly applies: (count: number) => boolean
}

/**
 * The rules of a simulator, the first that applies first. Each counts for itself, from when the list was set.
 *
 * @category models
 * @since 0.1.0
 */
export type Faults = ReadonlyArray<Rule>

/**
 * Narrows a rule to some requests: a path, values in the query, or a predicate.
 *
 * @category models
 * @since 0.1.0
 */
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

const rule = (fault: Fault, matching: Matching | undefined, applies: (count: number) => boolean): Rule => ({
  fault,
  matching: matches(matching),
  applies
})

/**
 * Each of the requests that match.
 *
 * @category rules
 * @since 0.1.0
 */
export const always = (fault: Fault, matching?: Matching): Rule => rule(fault, matching, () => true)

/**
 * The first `n` of the requests that match.
 *
 * @category rules
 * @since 0.1.0
 */
export const first = (n: number, fault: Fault, matching?: Matching): Rule =>
  rule(fault, matching, (count) => count <= n)

/**
 * The `n`-th of the requests that match, from 1.
 *
 * @category rules
 * @since 0.1.0
 */
export const nth = (n: number, fault: Fault, matching?: Matching): Rule => rule(fault, matching, (count) => count === n)

/**
 * Every `n`-th of the requests that match: with 3, the third, the sixth, and so on.
 *
 * @category rules
 * @since 0.1.0
 */
export const every = (n: number, fault: Fault, matching?: Matching): Rule =>
  rule(fault, matching, (count) => count % n === 0)

/**
 * All but the first `n` of the requests that match.
 *
 * @category rules
 * @since 0.1.0
 */
export const after = (n: number, fault: Fault, matching?: Matching): Rule => rule(fault, matching, (count) => count > n)

/**
 * An answer of one's own instead of the true one. The status is 200 and the body JSON, unless said otherwise.
 *
 * @category answers
 * @since 0.1.0
 */
export const answer = (options: {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}): Fault => ({
  _tag: "Response",
  status: options.status ?? 200,
  headers: { "content-type": "application/json", ...options.headers },
  body: options.body ?? ""
})

const html = (status: number) =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr>` +
  `<center>gateway</center>\r\n</body>\r\n</html>\r\n`

/**
 * A status with a body: the API's own JSON, a gateway's HTML, none, or any text.
 *
 * **Details**
 *
 * `retryAfter` is a number of seconds, or any text, such as an HTTP date.
 *
 * @category answers
 * @since 0.1.0
 */
export const status = (status: number, options: {
  readonly body?: "json" | "html" | "empty" | { readonly text: string }
  readonly errorString?: string
  readonly errorDetail?: string
  readonly retryAfter?: number | string
  readonly headers?: Readonly<Record<string, string>>
} = {}): Fault => {
  const { body = "json", errorString = `${status}: simulated`, errorDetail, retryAfter } = options
  const error = { errorString, ...(errorDetail === undefined ? {} : { errorDetail }) }
  return answer({
    status,
    headers: {
      ...(body === "html" ? { "content-type": "text/html" } : {}),
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...options.headers
    },
    body: body === "json"
      ? JSON.stringify({ error })
      : body === "html"
      ? html(status)
      : body === "empty"
      ? ""
      : body.text
  })
}

/**
 * A 200 with nothing in it, as wrong paths have been seen to answer.
 *
 * @category answers
 * @since 0.1.0
 */
export const emptyBody: Fault = answer({})

/**
 * A 200 that holds a sign-in page and no JSON.
 *
 * @category answers
 * @since 0.1.0
 */
export const notJson: Fault = answer({
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Sign in</title><p>Please sign in.</p>"
})

/**
 * A 200 with JSON that is no page: `{"runs": []}`, or what is given.
 *
 * @category answers
 * @since 0.1.0
 */
export const wrongShape = (body: unknown = { runs: [] }): Fault => answer({ body: JSON.stringify(body) })

/**
 * A redirect to another place.
 *
 * @category answers
 * @since 0.1.0
 */
export const redirect = (location: string, status: 301 | 302 | 303 | 307 | 308 = 302): Fault =>
  answer({ status, headers: { location } })

/**
 * The socket is destroyed before any answer.
 *
 * @category transport
 * @since 0.1.0
 */
export const reset: Fault = { _tag: "Reset" }

/**
 * The body stops in the middle and the socket is destroyed. `keep` is the share of the body that still comes, 0.5 unless
 * given.
 *
 * @category transport
 * @since 0.1.0
 */
export const truncated = (keep = 0.5): Fault => ({ _tag: "Truncated", keep })

/**
 * The body comes in `pieces` (10) with a `pause` (100 ms) before each.
 *
 * @category transport
 * @since 0.1.0
 */
export const drip = (options: { readonly pieces?: number; readonly pause?: Duration.Input } = {}): Fault => ({
  _tag: "Drip",
  pieces: options.pieces ?? 10,
  pause: Duration.fromInputUnsafe(options.pause ?? "100 millis")
})

/**
 * No answer, ever: not even headers, or the headers and no body.
 *
 * @category transport
 * @since 0.1.0
 */
export const hang = (after: "request" | "headers" = "request"): Fault => ({ _tag: "Hang", after })

/**
 * The true answer, this much later.
 *
 * @category transport
 * @since 0.1.0
 */
export const delay = (duration: Duration.Input): Fault => ({
  _tag: "Delay",
  duration: Duration.fromInputUnsafe(duration)
})

/**
 * The true page, changed. An answer that is no page of List Runs stays as it is.
 *
 * @category pages
 * @since 0.1.0
 */
export const page = (change: (page: Page, request: FaultRequest) => Page): Fault => ({ _tag: "ChangePage", change })

/**
 * The last `count` rows of the page come twice, one unless given.
 *
 * @category pages
 * @since 0.1.0
 */
export const duplicateRows = (count = 1): Fault =>
  page((page) => ({ ...page, data: count < 1 ? page.data : [...page.data, ...page.data.slice(-count)] }))

/**
 * Rows are missing: those at `at`, counted from 0 (negative from the end); the first unless given.
 *
 * @category pages
 * @since 0.1.0
 */
export const missingRows = (...at: ReadonlyArray<number>): Fault =>
  page((page) => {
    const missing = new Set((at.length === 0 ? [0] : at).map((index) => index < 0 ? page.data.length + index : index))
    return { ...page, data: page.data.filter((_, index) => !missing.has(index)) }
  })

const lastValue = (page: Page): unknown => page.data.at(-1)?.[page.orderBy]

/**
 * No row, yet a `next` that moves on past the rows that should be there.
 *
 * @category pages
 * @since 0.1.0
 */
export const emptyPage: Fault = page((page) => ({ ...page, data: [], next: lastValue(page) ?? null }))

/**
 * `next` is the cursor that was just asked for. A page without one gets its last row's value, and so repeats at the
 * request after.
 *
 * @category pages
 * @since 0.1.0
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
 * `next` lies before the cursor that was asked for: ten ids, or ten milliseconds, back against the order.
 *
 * @category pages
 * @since 0.1.0
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
 * A row is not what it should be. `change` gives what comes in its place; `at` says which row, counted from 0, the first
 * unless given.
 *
 * @category pages
 * @since 0.1.0
 */
export const malformedRow = (change: (row: Row) => Row, at = 0): Fault =>
  page((page) => ({ ...page, data: page.data.map((row, index) => index === at ? change(row) : row) }))
