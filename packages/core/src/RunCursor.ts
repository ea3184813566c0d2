/**
 * The position of a stream of runs: its order, the value of that order at the last run, and the runs already seen that may
 * come again. It encodes to a short string that fits in a file, a queue or a response, and resumes a stream exactly there, even
 * between runs that share a time.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { isBeyond, valueOf } from "./cursor/order.ts"
import type { AnyRun } from "./Run.ts"

/** The fields that List Runs can order by. `id` is unique; the two times are not. */
export const OrderBy = Schema.Literals(["id", "runStartTime", "runEndTime"])

/** A field that List Runs can order by. */
export type OrderBy = typeof OrderBy.Type

/**
 * The directions of an order: `asc` reads the smallest id or the earliest time first, `desc` the greatest or the latest.
 */
export const OrderByDirection = Schema.Literals(["asc", "desc"])

/** The direction of an order. */
export type OrderByDirection = typeof OrderByDirection.Type

/** The order in which a stream reads runs. */
export interface Order {
  readonly orderBy: OrderBy
  readonly orderByDirection: OrderByDirection
}

// Times that ISO 8601 writes with four digits for the year, give or take a day.
const farthest = Date.UTC(9999, 11, 31)

/**
 * Decodes the position of a stream.
 *
 * **Details**
 *
 * `value` is the last id, or the last time in epoch milliseconds. It is absent as long as no run had that time. `seen`
 * holds the ids of the runs already emitted at that value; it is empty in an order by `id`. `untimed` holds the ids of
 * those emitted without the time of the order. It is absent if there are none.
 */
export const RunCursor = Schema.Struct({
  orderBy: OrderBy,
  orderByDirection: OrderByDirection,
  value: Schema.optionalKey(Schema.Int),
  seen: Schema.Array(Schema.Int),
  untimed: Schema.optionalKey(Schema.Array(Schema.Int))
}).check(
  Schema.makeFilter(({ orderBy, value = 0 }) => orderBy === "id" ? value >= 0 : Math.abs(value) <= farthest, {
    expected: "the value of a run: an id, or a time"
  })
)

/** The position of a stream. */
export interface RunCursor extends Schema.Schema.Type<typeof RunCursor> {}

/** Returns the cursor before the first run of an order. */
export const start = (order: Order): RunCursor => ({
  orderBy: order.orderBy,
  orderByDirection: order.orderByDirection,
  seen: []
})

/**
 * Returns the cursor behind one more run of the stream. Apply it to every run that the stream emits, in order.
 *
 * **When to use**
 *
 * To stop in the middle of a page and continue later: fold it over the runs that you used, and store the result.
 *
 * **Example** (Stopping after the runs that were handled)
 *
 * ```ts
 * import { Run, RunCursor } from "@coalesce-runs/core"
 *
 * const run = { id: Run.RunId.make(41), runType: "refresh", runStatus: "failed" }
 * const cursor = RunCursor.after(RunCursor.start({ orderBy: "id", orderByDirection: "desc" }), run)
 *
 * RunCursor.encode(cursor) // => "c1.id.desc.15"
 * ```
 */
export const after = (cursor: RunCursor, run: Pick<AnyRun, "id" | "runStartTime" | "runEndTime">): RunCursor => {
  const value = valueOf(run, cursor.orderBy)
  if (cursor.orderBy === "id") return value === undefined || !isBeyond(cursor, value) ? cursor : { ...cursor, value }
  if (value === undefined) return { ...cursor, untimed: [...cursor.untimed ?? [], run.id] }
  if (value === cursor.value) return { ...cursor, seen: [...cursor.seen, run.id] }
  return isBeyond(cursor, value) ? { ...cursor, value, seen: [run.id] } : cursor
}

const encoded =
  /^c1\.(id|runStartTime|runEndTime)\.(asc|desc)\.(-?[0-9a-z]{1,11})?((?:\.[0-9a-z]{1,11})*)(_(?:\.[0-9a-z]{1,11})+)?$/

// Ids that share a time lie close together: each is written as its distance from the one before.
const deltas = (ids: ReadonlyArray<number>): string =>
  [...ids].sort((a, b) => a - b).map((id, index, all) => `.${(id - (all[index - 1] ?? 0)).toString(36)}`).join("")

const idsOfDeltas = (text = ""): ReadonlyArray<number> => {
  let id = 0
  return text.split(".").slice(1).map((delta) => id += Number.parseInt(delta, 36))
}

const parse = (text: string): RunCursor | undefined => {
  const match = encoded.exec(text)
  if (match === null) return undefined
  const [, orderBy, direction, value, seen, untimed] = match
  const cursor = {
    orderBy,
    orderByDirection: direction,
    ...(value === undefined ? {} : { value: Number.parseInt(value, 36) }),
    seen: idsOfDeltas(seen),
    ...(untimed === undefined ? {} : { untimed: idsOfDeltas(untimed) })
  }
  return isRunCursor(cursor) ? cursor : undefined
}

/** Decodes a cursor from its short string, such as `c1.id.desc.rs`. */
export const RunCursorFromString = Schema.String.pipe(
  Schema.decodeTo(RunCursor, {
    decode: SchemaGetter.transformEffect((text: string, options) => {
      const cursor = parse(text)
      return cursor === undefined
        ? Effect.fail(new SchemaIssue.InvalidValue({ expected: "an encoded run cursor" }, text, options))
        : Effect.succeed(cursor)
    }),
    encode: SchemaGetter.transform((cursor: RunCursor) => encode(cursor))
  })
)

/** Encodes a cursor as a short string, such as `c1.id.desc.rs`. Its first part is the version of the format. */
export const encode = ({ orderBy, orderByDirection, seen, untimed = [], value }: RunCursor): string =>
  `c1.${orderBy}.${orderByDirection}.${value?.toString(36) ?? ""}${deltas(seen)}` +
  (untimed.length === 0 ? "" : `_${deltas(untimed)}`)

/** Decodes a cursor from its short string. Returns `None` for any other text. */
export const decode = (text: string): Option.Option<RunCursor> => Option.fromUndefinedOr(parse(text))

/** Checks whether a string is an encoded cursor, and not a run id or a time. */
export const isEncoded = (text: string): boolean => encoded.test(text)

/** Checks whether a value is a cursor. */
export const isRunCursor: (u: unknown) => u is RunCursor = Schema.is(RunCursor)
