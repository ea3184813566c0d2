/**
 * Arguments as clients really send them, brought into the form of a tool's schema: what has one meaning is taken, with a
 * note. The schema that the tool advertises shows none of this, and an unknown name stays, so that it is refused.
 */
import { isPlaceholder, isUnset } from "@coalesce-runs/core/Connection"
import type { Names } from "@coalesce-runs/core/Report"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Violation } from "../result/failure.ts"
import { quote } from "../result/untrustedText.ts"
import { letters, namesOf, wrappers } from "./aliases.ts"
import { readTime } from "./times.ts"
import { argumentOf, choicesOf, readValue } from "./values.ts"

/** The arguments in the tool's own form, and a note for each that the client did not send so. */
export interface ReadArguments<A> {
  readonly input: A
  readonly notes: ReadonlyArray<string>
}

/** The `properties` of an object's JSON Schema. */
type Properties = Readonly<Record<string, unknown>>

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => Predicate.isObject(value) && !Array.isArray(value)

/** Takes arguments out of objects that only hold them, and out of a window that is told by its ends or its name. */
const unwrapped = (fields: Fields, properties: Properties): ReadonlyArray<readonly [name: string, value: unknown]> =>
  Object.entries(fields).flatMap(([name, value]) =>
    !isFields(value)
      ? [[name, value] as const]
      : name === "window" || namesOf(name).includes("window")
      ? Object.entries(value).map(([key, one]) => [key === "name" ? "window" : key, one] as const)
      : wrappers.has(name.toLowerCase()) && !Object.hasOwn(properties, name)
      ? unwrapped(value, properties)
      : [[name, value] as const]
  )

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (Predicate.isString(value) && isUnset(value)) ||
  (Array.isArray(value) && value.every(isNothing))

const ends = ["window", "since", "until"]

/** Reads arguments by their names, or by others that clients have for them. */
const normalise = (fields: Fields, properties: Properties, names: Names) => {
  const input = new Map<string, unknown>()
  const sentAs = new Map<string, string>()
  const notes: Array<string> = []
  const leftOut: Array<string> = []
  const violations: Array<Violation> = []
  const own = Object.keys(properties)

  const isChoice = (name: string, value: unknown): boolean => {
    const argument = argumentOf(name, properties[name])
    const read = readValue(value, argument, names)
    return "value" in read && argument.choices.some((choice) => choice === read.value)
  }

  const nameOf = (sent: string, value: unknown): string | undefined => {
    const name = own.find((one) => one === sent) ?? own.find((one) => letters(one) === letters(sent)) ??
      own.find((one) => namesOf(sent).includes(one))
    // A sort can be told by its direction alone.
    return name === "orderBy" && isChoice("orderByDirection", value) ? "orderByDirection" : name
  }

  const set = (name: string, value: unknown, sent: string, said: ReadonlyArray<string>) => {
    const before = sentAs.get(name)
    if (before !== undefined && JSON.stringify(input.get(name)) !== JSON.stringify(value)) {
      violations.push({ field: name, reason: `${before} and ${sent} both mean it, and differ: pass one of them` })
      return
    }
    sentAs.set(name, sent)
    input.set(name, value)
    notes.push(...said)
  }

  /** A window that has no name may be a duration or a date: `48h`, `2026-11-02`. */
  const setWindow = (value: unknown, sent: string, said: ReadonlyArray<string>) => {
    const time = Predicate.isString(value) && !isChoice("window", value) ? readTime(value) : undefined
    if (time === undefined || !own.includes("since")) set("window", value, sent, said)
    else if (!Predicate.isString(time)) violations.push(choicesOf("window", time))
    else if (/^\d+[smhdw]$/.test(time)) set("since", time, sent, [`${sent} ${quote(String(value))} as since ${time}`])
    else if (/^\d{4}-\d\d-\d\d$/.test(time)) {
      set("since", time, sent, [`${sent} ${quote(String(value))} as since and until ${time}`])
      set("until", time, sent, [])
    } else set("window", value, sent, said)
  }

  const leaveOut = (left: ReadonlyArray<string>, why: string) => {
    const present = left.filter((name) => input.delete(name))
    if (present.length > 0) leftOut.push(`Left out ${present.join(", ")}: ${why}.`)
  }

  for (const [sent, value] of unwrapped(fields, properties)) {
    const name = nameOf(sent, value)
    if (name === undefined) {
      if (!isNothing(value)) input.set(sent, value)
      continue
    }
    const read = readValue(value, argumentOf(name, properties[name]), names)
    if ("refused" in read) violations.push({ field: name, reason: read.refused })
    else if ("absent" in read) notes.push(...read.notes ?? [])
    else {
      const said = [...(name === sent ? [] : [`${sent} as ${name}`]), ...read.notes ?? []]
      if (name === "window") setWindow(read.value, sent, said)
      else set(name, read.value, sent, said)
    }
  }
  if (input.has("runID")) leaveOut([...ends, "environmentID", "jobID", "runType"], "runID names the run")
  // What is the default anyway.
  if (input.get("until") === "now" && !input.has("since")) input.delete("until")
  if (input.get("orderBy") === "id" && ends.some((end) => input.has(end))) {
    leaveOut(["orderBy"], "a window is ordered by runStartTime")
  }
  return {
    input: Object.fromEntries(input),
    violations,
    notes: [...(notes.length === 0 ? [] : [`Read ${[...new Set(notes)].join(", ")}.`]), ...leftOut]
  }
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
): (args: unknown, names?: Names) => Result.Result<ReadArguments<S["Type"]>, ReadonlyArray<Violation>> => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })
  return (args, names = {}) => {
    const { input, notes, violations } = args === undefined || args === null
      ? normalise({}, properties, names)
      : isFields(args)
      ? normalise(args, properties, names)
      : { input: args, notes: [], violations: [] }
    const decoded = decode(input)
    if (Result.isSuccess(decoded) && violations.length === 0) return Result.succeed({ input: decoded.success, notes })
    return Result.fail([
      ...violations,
      ...(Result.isFailure(decoded) ? violationsOf(decoded.failure.issue, properties) : [])
    ])
  }
}

const violationsOf = (issue: SchemaIssue.Issue, properties: Properties): ReadonlyArray<Violation> => {
  const byField = new Map<string, string>()
  for (const { message, path } of format(issue).issues) {
    const field = path === undefined || path.length === 0 ? "arguments" : segment(path[0])
    const reason = message === "Expected no excess property"
      ? `There is no such argument. The arguments are ${Object.keys(properties).join(", ")}`
      : plainly[message] ?? message
    const before = byField.get(field)
    if (before === undefined) byField.set(field, reason)
    else if (!before.includes(reason)) byField.set(field, `${before}, or ${reason.replace(/^Expected /, "")}`)
  }
  return Array.from(byField, ([field, reason]) => ({ field, reason }))
}
