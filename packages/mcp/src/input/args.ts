/**
 * Arguments as clients really send them, brought into the form that a tool's schema asks for: `null` and `""` for one
 * that is left out, numbers as strings, ids as numbers. None of this shows in the schema that the tool advertises, and
 * a name that is not known stays, so that it is refused.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Violation } from "../result/failure.ts"

/** What an argument is, for the reading of it. */
export type Kind = "text" | "integer" | "flag" | "list"

const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.every(isAbsent))

const readers: { readonly [K in Kind]: (value: unknown) => unknown } = {
  text: (value) =>
    typeof value === "string"
      ? value.trim()
      : typeof value === "number" && Number.isFinite(value)
      ? String(value)
      : value,
  integer: (value) => typeof value === "string" && /^\s*[+-]?\d{1,15}(\.0+)?\s*$/.test(value) ? Number(value) : value,
  flag: (value) => {
    const word = typeof value === "string" ? value.trim().toLowerCase() : value
    return word === "true" ? true : word === "false" ? false : value
  },
  // Some clients send a list as its JSON, or with commas.
  list: (value) => {
    const items = typeof value !== "string"
      ? value
      : value.trim().startsWith("[")
      ? parsed(value)
      : value.includes(",")
      ? value.split(",")
      : value
    return Array.isArray(items) ? items.filter((item) => !isAbsent(item)).map(readers.text) : readers.text(items)
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Leaves out what counts as absent, and reads the rest by its kind. */
export const normalise = (args: unknown, kinds: Readonly<Record<string, Kind>>): unknown => {
  if (args === undefined || args === null) return {}
  if (!Predicate.isObject(args) || Array.isArray(args)) return args
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      if (isAbsent(value)) return []
      const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
      return [[name, kind === undefined ? value : readers[kind](value)]]
    })
  )
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** What the schema's own words leave a reader to guess. */
const plainly: Readonly<Record<string, string>> = {
  "Expected number": "Expected an integer",
  "Expected boolean": "Expected true or false",
  "Expected string": "Expected text"
}

const segment = (key: unknown): string => String(Predicate.isObject(key) && "key" in key ? key["key"] : key)

/** A reader of a tool's arguments that names every one that is wrong. */
export const reader = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  kinds: Readonly<Record<string, Kind>>
): (args: unknown) => Result.Result<S["Type"], ReadonlyArray<Violation>> => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (args) =>
    Result.mapError(decode(normalise(args, kinds)), (error) => {
      const byField = new Map<string, string>()
      for (const { message, path } of format(error.issue).issues) {
        const field = path === undefined || path.length === 0 ? "arguments" : segment(path[0])
        const reason = message === "Expected no excess property"
          ? `There is no such argument; there are ${Object.keys(kinds).join(", ")}`
          : plainly[message] ?? message
        const before = byField.get(field)
        if (before === undefined) byField.set(field, reason)
        else if (!before.includes(reason)) byField.set(field, `${before}, or ${reason.replace(/^Expected /, "")}`)
      }
      return Array.from(byField, ([field, reason]) => ({ field, reason }))
    })
}
