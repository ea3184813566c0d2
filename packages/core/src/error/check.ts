/** Checks the options of a call before any request: their names, their types, and what else must hold. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { InvalidQuery } from "../RunsError.ts"
import { cut } from "../wire/text.ts"

/** Whether an option is wrong, its name, and what is wrong with it. */
export type Rule<Options> = readonly [isWrong: boolean, field: keyof Options & string, reason: string]

export interface Violation {
  readonly field: string
  readonly reason: string
}

/** What an option must be: a sentence for a person, the check, and whether it cannot be left out. */
export type Expected = readonly [reason: string, is: (value: unknown) => boolean, isRequired?: true]

/** What each option of a call must be. */
export type Shape<Options> = { readonly [K in keyof Options]-?: Expected }

export const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value) && !(value instanceof Date)

export const text: Expected = ["Expected a text", Predicate.isString]
export const flag: Expected = ["Expected true or false", Predicate.isBoolean]

const isDurationInput = (value: unknown): value is Duration.Input =>
  ["string", "number", "bigint"].includes(typeof value) || (Predicate.isObject(value) && !(value instanceof Map))

export const duration: Expected = ["Expected a duration", isDurationInput]
export const finiteDuration: Expected = [
  "Expected a duration above zero",
  (value) =>
    isDurationInput(value) &&
    Option.exists(Option.map(Duration.fromInput(value), Duration.toMillis), (millis) => millis > 0 && millis < Infinity)
]
export const count: Expected = [
  "Expected an integer from 1",
  (value) => Number.isSafeInteger(value) && Number(value) > 0
]
export const runID: Expected = [
  "Expected the integer id of a run",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0
]

export const callback: Expected = ["Expected a function", Predicate.isFunction]

/** An integer within bounds. */
export const integer = (least: number, most: number): Expected => [
  `Expected an integer from ${least} to ${most}`,
  (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
]

/** An option that cannot be left out. */
export const required = ([reason, is]: Expected): Expected => [reason, is, true]

/** An option that a later check reads, whatever it is. */
export const unchecked: Expected = ["", () => true]

/** The kind of a value, such as `Null`, `Array`, `Map` or `String`. */
const kindOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)

/** Finds the options that do not exist or have a wrong type. An option that is `undefined` counts as left out. */
export const misfits = <Options>(options: unknown, shape: Shape<Options>): ReadonlyArray<Violation> => {
  if (!isPlain(options)) return [{ field: "options", reason: `Expected an object of options, got ${kindOf(options)}` }]
  const expected = new Map<string, Expected>(Object.entries<Expected>(shape))
  const noSuch = `No such option; there are ${[...expected.keys()].join(", ")}`
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const names = given.map(([name]) => name)
  return [
    ...given.flatMap(([name, value]) => {
      const [reason, is] = expected.get(name) ?? [noSuch]
      return is?.(value) === true ? [] : [{ field: cut(name, 60), reason }]
    }),
    ...[...expected].flatMap(([field, [reason, , isRequired]]) =>
      isRequired === true && !names.includes(field) ? [{ field, reason }] : []
    )
  ]
}

const brokenRules = <Options>(rules: ReadonlyArray<Rule<Options>>): ReadonlyArray<Violation> =>
  rules.flatMap(([isWrong, field, reason]) => isWrong ? [{ field, reason }] : [])

/** Fails with an `InvalidQuery` that names each option with which something is wrong. */
export const check = <Options>(rules: ReadonlyArray<Rule<Options>>): Effect.Effect<void, InvalidQuery> =>
  fail(brokenRules(rules))

const violationsOf = <Options>(
  options: unknown,
  shape: Shape<Options>,
  rules: () => ReadonlyArray<Rule<Options>>
): ReadonlyArray<Violation> => {
  const wrong = misfits(options, shape)
  return wrong.length > 0 ? wrong : brokenRules(rules())
}

// Whatever is passed, a refusal stays readable.
const maxNamed = 20

/** Returns the error that names what is wrong: the first 20 options, each once, and how many more there are. */
export const refusal = (violations: ReadonlyArray<Violation>): InvalidQuery => {
  const seen = new Set<string>()
  const all = violations.filter(({ field }) => !seen.has(field) && seen.add(field))
  const named = all.splice(0, maxNamed).map(({ field, reason }) => ({ field: cut(field, 60), reason }))
  if (all.length > 0) named.push({ field: "others", reason: `${all.length} more are wrong` })
  return new InvalidQuery({ violations: named })
}

/** Checks names and types, then the rules, which are asked about options of the right types only. */
export const checkOptions = <Options>(
  options: unknown,
  shape: Shape<Options>,
  rules: () => ReadonlyArray<Rule<Options>> = () => []
): Effect.Effect<void, InvalidQuery> => Effect.suspend(() => fail(violationsOf(options, shape, rules)))

/** Checks the options of a function that returns no effect: it throws the `InvalidQuery`. */
export const assertOptions = <Options>(
  options: unknown,
  shape: Shape<Options>,
  rules: () => ReadonlyArray<Rule<Options>> = () => []
): void => {
  const violations = violationsOf(options, shape, rules)
  if (violations.length > 0) throw refusal(violations)
}

const fail = (violations: ReadonlyArray<Violation>): Effect.Effect<void, InvalidQuery> =>
  violations.length > 0 ? Effect.fail(refusal(violations)) : Effect.void
