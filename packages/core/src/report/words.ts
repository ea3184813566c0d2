/** Makes the spans of a report: text is cleaned and cut as the options say, and times are in the chosen zone. */
import * as DateTime from "effect/DateTime"
import { assertOptions, callback, isPlain, type Shape, text } from "../error/check.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { clean } from "../wire/text.ts"
import { type Bounds, defaultBounds, type Line, type Options, type Row, type Section, type Span } from "./model.ts"
import * as time from "./time.ts"

export interface Words {
  readonly bounds: Bounds
  readonly zone: DateTime.TimeZone
  /** Text of the API as one clean line of at most `max` characters. */
  readonly text: (text: string, max: number) => string
  /** Text of the API in quotation marks; nothing where nothing is left of it. */
  readonly quote: (text: string | undefined, max?: number) => Span | undefined
  /** A name or an id of the API. */
  readonly name: (text: string, max?: number) => Span
  readonly status: (text: string) => Span
  /** An environment by its name and id, `production (3)`, or by its id alone where it has no name. */
  readonly environment: (id: string) => Line
  /** The same of a user. */
  readonly user: (id: string) => Line
  /** The address of a web page; nothing if it is too long or would have to be cleaned. */
  readonly link: (address: string | undefined) => Span | undefined
  /** `2026-11-03 02:00` */
  readonly minute: (instant: DateTime.Utc) => string
  /** `, 4h ago`, to follow a time in a report for a person; nothing in other reports, and of what is yet to come. */
  readonly ago: (instant: DateTime.Utc) => string
}

const areBounds = (value: unknown): boolean =>
  isPlain(value) &&
  Object.entries(value).every(([name, bound]) =>
    Object.hasOwn(defaultBounds, name) && (bound === undefined || (typeof bound === "number" && !Number.isNaN(bound)))
  )

const shape: Shape<Options> = {
  timeZone: text,
  bounds: [`Expected numbers, each one of ${Object.keys(defaultBounds).join(", ")}`, areBounds],
  names: ["Expected an object of names", isPlain],
  now: ["Expected a Date", (value) => value instanceof Date && !Number.isNaN(value.getTime())],
  clean: callback
}

/** Makes the words of a report. `zoneName` is that of the facts. */
export const make = (options: Options = {}, zoneName?: string): Words => {
  assertOptions(options, shape)
  const bounds: Bounds = { ...defaultBounds, ...omitUndefined(options.bounds ?? {}) }
  const cleaned = options.clean ?? clean
  const zone = time.zoneOf(options.timeZone ?? zoneName)
  const named = (names: Readonly<Record<string, string>> = {}) => (id: string): Line => {
    const shown = { name: cleaned(id, bounds.id) }
    const name = Object.hasOwn(names, id) ? names[id] : undefined
    return name === undefined ? [shown] : [{ name: cleaned(name, bounds.name) }, " (", shown, ")"]
  }
  return {
    bounds,
    zone,
    text: cleaned,
    quote: (text, max = bounds.shortMessage) => {
      const shown = text === undefined ? "" : cleaned(text, max)
      return shown === "" ? undefined : { quote: shown }
    },
    name: (text, max = bounds.name) => ({ name: cleaned(text, max) }),
    status: (text) => ({ status: cleaned(text, bounds.id) }),
    environment: named(options.names?.environments),
    user: named(options.names?.users),
    link: (address) =>
      address !== undefined && cleaned(address, bounds.message) === address ? { link: address } : undefined,
    minute: (instant) => time.localMinute(instant, zone),
    ago: (instant) => {
      const millis = options.now === undefined ? -1 : options.now.getTime() - DateTime.toEpochMillis(instant)
      return millis < 0 ? "" : `, ${time.ago(millis)}`
    }
  }
}

/** Makes a section of a list that may be cut; none of an empty list. `more` counts what the list itself lacks; `noun` is one of them. */
export const section = (
  layout: Section["layout"],
  title: Line | undefined,
  rows: ReadonlyArray<Row>,
  max: number,
  more = 0,
  noun = "",
  isAtLeast = false
): ReadonlyArray<Section> => {
  const rest = Math.max(0, rows.length - max) + more
  return rows.length === 0 ? [] : [{
    ...(title === undefined ? {} : { title }),
    layout,
    rows: rows.slice(0, max),
    ...(rest === 0
      ? {}
      : {
        more: [`${isAtLeast ? "at least " : ""}${noun === "" ? `${rest} more` : time.plural(rest, `more ${noun}`)}`]
      })
  }]
}

/** Makes a row of one cell. */
export const row = (cell: Line, details: ReadonlyArray<Line> = []): Row => ({
  cells: [cell],
  ...(details.length === 0 ? {} : { details })
})
