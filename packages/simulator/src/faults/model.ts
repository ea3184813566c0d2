/** The types of faults and rules. Public through `Faults.ts`. */
import type * as Duration from "effect/Duration"

/** A request as a rule sees it. `number` counts the requests since the simulator started, from 1. */
export interface FaultRequest {
  readonly number: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** A row of a page, as JSON. */
export type Row = Readonly<Record<string, unknown>>

/** A page of List Runs, as JSON. */
export interface Page {
  readonly limit: number
  readonly orderBy: string
  readonly orderByDirection: string
  readonly data: ReadonlyArray<Row>
  readonly next?: unknown
}

/**
 * One thing that can go wrong.
 *
 * **Details**
 *
 * - `Response`: this status, headers and body instead of the true ones
 * - `Reset`: the connection is reset before any response
 * - `Truncated`: the headers promise the whole body, a part of it comes, then the connection closes
 * - `Drip`: the body comes in pieces with a pause before each
 * - `Hang`: nothing comes, or the headers and then nothing; the connection stays open
 * - `Delay`: the true response, later
 * - `ChangePage`: the true page of List Runs, changed
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
 * Which requests have a fault. `matching` says which requests count, and `applies` which of those that count, from 1, have
 * the fault.
 */
export interface Rule {
  readonly fault: Fault
  readonly matching: (request: FaultRequest) => boolean
  readonly applies: (count: number) => boolean
}

/**
 * The rules of a simulator. The first rule that applies to a request wins. Each rule counts its own requests, from when the
 * list was set.
 */
export type Faults = ReadonlyArray<Rule>
