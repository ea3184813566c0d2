/**
 * Arguments as clients really send them, brought into the form of a tool's schema: `null`, `""`, a word for nothing or a
 * placeholder for one that is left out, numbers as strings, ids as numbers, one text for a list. The schema that the tool advertises shows none of this,
 * and an unknown name stays, so that it is refused.
 */
import { isPlaceholder, isUnset } from "@coalesce-runs/core/Connection"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Violation } from "../result/failure.ts"

const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "string" && isUnset(value)) ||
  (Array.isArray(value) && value.every(isAbsent))

const text = (value: unknown): unknown =>
  typeof value === "string"
    ? value.trim()
    : typeof value === "number" && Number.isFinite(value)
    ? String(value)
    : value

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** By the type that the JSON Schema of an argument has. */
const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: text,
  integer: (value) => typeof value === "string" && /^\s*[+-]?\d{1,15}(\.0+)?\s*$/.test(value) ? Number(value) : value,
  boolean: (value) => {
    const word = typeof value === "string" ? value.trim().toLowerCase() : value
    return word === "true" ? true : word === "false" ? false : value
  },
  // Some clients send a list as its JSON, with commas, or as its only item.
  array: (value) => {
    const items = typeof value === "string" ? value.trim().startsWith("[") ? parsed(value) : value.split(",") : value
    return Array.isArray(items)
      ? items.filter((item) => !isAbsent(item)).map(text)
      : Predicate.isObject(items)
      ? items
      : [text(items)]
  }
}

/** The `properties` of an object's JSON Schema. */
type Properties = Readonly<Record<string, unknown>>

const typeOf = (property: unknown): string =>
  Predicate.hasProperty(property, "type") && typeof property.type === "string" ? property.type : ""

/** Leaves out what counts as absent, and reads the rest by its type. */
const normalise = (args: unknown, properties: Properties): unknown => {
  if (args === undefined || args === null) return {}
  if (!Predicate.isObject(args) || Array.isArray(args)) return args
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      if (isAbsent(value)) return []
      const read = Object.hasOwn(properties, name) ? readers[typeOf(properties[name])] : undefined
      return [[name, read === undefined ? value : read(value)]]
    })
  )
}

/** Names the arguments in which the client left a placeholder. */
export const placeholders = (args: unknown): ReadonlyArray<string> =>
  Predicate.isObject(args)
    ? Object.entries(args).flatMap(([name, value]) => typeof value === "string" && isPlaceholder(value) ? [name] : [])
    : []

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Says what the schema's own words leave a reader to guess. */
const plainly: Readonly<Record<string, string>> = {
  "Expected number": "Expected an integer",
  "Expected boolean": "Expected true or false",
  "Expected string": "Expected text"
}

const segment = (key: unknown): string => String(Predicate.isObject(key) && "key" in key ? key["key"] : key)

/** Returns a reader of a tool's arguments that names every wrong one. `properties` are those of the schema as JSON Schema. */
export const reader = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  properties: Properties
): (args: unknown) => Result.Result<S["Type"], ReadonlyArray<Violation>> => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (args) =>
    Result.mapError(decode(normalise(args, properties)), (error) => {
      const byField = new Map<string, string>()
      for (const { message, path } of format(error.issue).issues) {
        const field = path === undefined || path.length === 0 ? "arguments" : segment(path[0])
        const reason = message === "Expected no excess property"
          ? `There is no such argument. The arguments are ${Object.keys(properties).join(", ")}`
          : plainly[message] ?? message
        const before = byField.get(field)
        if (before === undefined) byField.set(field, reason)
        else if (!before.includes(reason)) byField.set(field, `${before}, or ${reason.replace(/^Expected /, "")}`)
      }
      return Array.from(byField, ([field, reason]) => ({ field, reason }))
    })
}
