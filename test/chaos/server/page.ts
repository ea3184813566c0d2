/** Writes the page of List Runs that a request gets: true, or with a lie in it. */
import type { Fault } from "./fault.ts"
import { type Asked, type Life, listed, type Ordering, rowText, type Seen, valueOf } from "./history.ts"

export interface Style extends Ordering {
  /** The most rows of a page, where the server has such a limit. */
  readonly clamp?: number | undefined
  /** Which limit the response states. */
  readonly says: "used" | "less" | "asked" | "nothing"
  readonly next: "absent" | "null" | "blank" | "zero" | "last" | "text" | "opaque" | "always"
}

/** Whether the server states no greater limit than it has. */
export const isFrank = ({ says }: Style): boolean => says === "used" || says === "less"

/** Whether the server says with a cursor that there is more. */
export const leadsOn = ({ next }: Style): boolean => ["last", "text", "opaque", "always"].includes(next)

export interface Page {
  readonly text: string
  /** The ids of the runs that a lie left out. */
  readonly hidden: ReadonlyArray<number>
}

/** Reads where a page starts: an id, a time, or a cursor that this server made. */
export const fromOf = ({ orderBy, startingFrom }: Asked): number | undefined => {
  if (startingFrom === undefined) return undefined
  const opaque = /^op_(\d+)_/.exec(startingFrom)
  if (opaque !== null) return Number(opaque[1])
  return orderBy === "id" ? Number(startingFrom) : Date.parse(startingFrom)
}

const cursorOf = (value: number, { orderBy }: Asked, style: Style["next"], token: string): unknown =>
  style === "opaque"
    ? `op_${value}_${token}`
    : orderBy !== "id"
    ? new Date(value).toISOString()
    : style === "text"
    ? String(value)
    : value

const nextOf = (rows: ReadonlyArray<Seen>, hasMore: boolean, asked: Asked, { next }: Style, token: string): unknown => {
  const none = {
    absent: undefined,
    null: null,
    blank: " ",
    zero: 0,
    last: null,
    text: null,
    opaque: null,
    always: null
  }
  if (next === "absent" || next === "null" || next === "blank" || next === "zero") return none[next]
  const last = rows.findLast((row) => valueOf(row, asked.orderBy) !== undefined)
  const value = last === undefined ? undefined : valueOf(last, asked.orderBy)
  return value === undefined || !(hasMore || next === "always") ? none[next] : cursorOf(value, asked, next, token)
}

const stated = {
  used: (used: number) => used,
  less: (used: number) => Math.max(1, used - 1),
  asked: (_: number, { limit }: Asked) => limit
}

export interface Situation {
  readonly lives: ReadonlyArray<Life>
  readonly request: number
  readonly asked: Asked
  readonly style: Style
  readonly token: string
  readonly fault: Fault | undefined
  /** Where the page of the request before this one started. */
  readonly fromBefore: number | undefined
}

export const pageOf = ({ asked, fault, fromBefore, lives, request, style, token }: Situation): Page => {
  const lie = fault?.kind === "lie" ? fault.lie : undefined
  const from = fromOf(asked)
  const sign = asked.direction === "asc" ? 1 : -1
  const used = Math.min(asked.limit, style.clamp ?? 1000, 1000)
  const all = listed(lives, request, asked, from, style)
  const hides = (row: Seen) => lie === "hidden" && row.life.id % 3 === request % 3
  const shown = all.filter((row) => !hides(row))
  let rows = shown.slice(0, used)
  const hasMore = shown.length > used
  let next = nextOf(rows, hasMore, asked, style, token)
  const values = rows.flatMap((row) => valueOf(row, asked.orderBy) ?? [])
  const [first] = values
  if (lie === "duplicates") rows = rows.flatMap((row, index) => index % 3 === 0 ? [row, row] : [row])
  if (lie === "unordered") rows = rows.toReversed()
  if (lie === "again" && from !== undefined) {
    const before = listed(lives, request, asked, undefined, style)
    const at = before.findIndex((row) => row.life.id === rows[0]?.life.id)
    rows = [...before.slice(Math.max(0, at - 3), Math.max(0, at)), ...rows]
  }
  if (lie === "nextRepeated" && from !== undefined) next = cursorOf(from, asked, style.next, "a")
  if (lie === "nextBackward" && first !== undefined) next = cursorOf(first - 3 * sign, asked, "last", token)
  // Of requests at the same time the one before may start further on: a cursor that leaves runs out is none that anybody can doubt.
  const isStale = fromBefore !== undefined && from !== undefined && (from - fromBefore) * sign >= 0
  if (lie === "nextStale" && isStale) next = cursorOf(fromBefore, asked, "last", token)
  // The last page of a list has nowhere to go on to.
  if (lie === "nextInside" && values.length > 1 && hasMore) next = cursorOf(values[1] ?? 0, asked, "last", token)
  if (lie === "emptyWithNext" && from !== undefined && style.next === "opaque" && asked.orderBy === "id") {
    next = `op_${from}_${request}`
    rows = []
  }
  const passed = values.at(-1)
  const hidden = lie !== "hidden"
    ? []
    : all.filter((row) => {
      const value = valueOf(row, asked.orderBy)
      return hides(row) && (!hasMore || value === undefined || passed === undefined || (passed - value) * sign >= 0)
    })
  const body: Record<string, unknown> = {
    orderBy: asked.orderBy,
    orderByDirection: asked.direction
  }
  if (style.says !== "nothing") body["limit"] = stated[style.says](used, asked)
  if (next !== undefined) body["next"] = next
  const data = rows.map((row) => rowText(row, asked.detail, token)).join(",")
  return { text: `{"data":[${data}],${JSON.stringify(body).slice(1)}`, hidden: hidden.map(({ life }) => life.id) }
}
