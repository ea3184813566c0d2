/** Checks the options of a call before anything is sent: a misspelt one would silently do nothing. */
import { InvalidQuery } from "@coalesce-runs/core/RunsError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"

/** What an option must be: a sentence for a person, the check, and whether it cannot be left out. */
export type Expected = readonly [reason: string, is: (value: unknown) => boolean, isRequired?: true]

/** What each option of a call must be. */
export type Shape<Options> = { readonly [K in keyof Options]-?: Expected }

export const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value) && !(value instanceof Date)

const isDurationInput = (value: unknown): value is Duration.Input =>
  ["string", "number", "bigint"].includes(typeof value) || (Predicate.isObject(value) && !(value instanceof Map))

export const text: Expected = ["Expected a text", Predicate.isString]
export const flag: Expected = ["Expected true or false", Predicate.isBoolean]
export const callback: Expected = ["Expected a function", Predicate.isFunction]
export const plain: Expected = ["Expected an object", isPlain]
export const array: Expected = ["Expected an array", Array.isArray]
export const duration: Expected = [
  "Expected a duration",
  (value) => isDurationInput(value) && Option.isSome(Duration.fromInput(value))
]
export const names: Expected = [
  "Expected an array of names",
  (value) => Array.isArray(value) && value.every(Predicate.isString)
]
export const runID: Expected = [
  "Expected the integer id of a run",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0
]
export const secret: Expected = [
  "Expected a secret: wrap its text with Redacted.make",
  (value) => Redacted.isRedacted(value) && Predicate.isString(Redacted.value(value))
]

/** An option that cannot be left out. */
export const required = ([reason, is]: Expected): Expected => [reason, is, true]

/** What is wrong with an option. */
export interface Violation {
  readonly field: string
  readonly reason: string
}

/** The kind of a value, such as `Null`, `Array`, `Map` or `String`. */
const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

// Whatever is passed, a refusal stays readable.
const maxNamed = 20

/** Finds the options that do not exist or have a wrong type, 20 at most. It repeats no value: one may be a secret. */
export const misfits = <Options>(options: unknown, shape: Shape<Options>): ReadonlyArray<Violation> => {
  if (!isPlain(options)) return [{ field: "options", reason: `Expected an object of options, got ${kindOf(options)}` }]
  const expected = new Map<string, Expected>(Object.entries<Expected>(shape))
  const noSuch = `No such option; there are ${[...expected.keys()].join(", ")}`
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined))
  return [
    ...[...given].flatMap(([name, value]) => {
      const [reason, is] = expected.get(name) ?? [noSuch]
      return is?.(value) === true ? [] : [{ field: name.slice(0, 60), reason }]
    }),
    ...[...expected].flatMap(([field, [reason, , isRequired]]) =>
      isRequired === true && !given.has(field) ? [{ field, reason }] : []
    )
  ].slice(0, maxNamed)
}

/** Fails with an `InvalidQuery` that names each option with which something is wrong. */
export const checkOptions = <Options>(options: unknown, shape: Shape<Options>): Effect.Effect<void, InvalidQuery> =>
  Effect.suspend(() => {
    const violations = misfits(options, shape)
    return violations.length > 0 ? Effect.fail(new InvalidQuery({ violations })) : Effect.void
  })

/** Checks the options of a function that returns no effect: it throws the `InvalidQuery`. */
export const assertOptions = <Options>(options: unknown, shape: Shape<Options>): void => {
  const violations = misfits(options, shape)
  if (violations.length > 0) throw new InvalidQuery({ violations })
}
