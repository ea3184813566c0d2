/** Checks the options of a call before any request: their names, their types, and what else must hold. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { InvalidQuery } from "../RunsError.ts"

/** Whether an option is wrong, its name, and what is wrong with it. */
export type Rule<Options> = readonly [isWrong: boolean, field: keyof Options & string, reason: string]

export interface Violation {
  readonly field: string
  readonly reason: string
}

/** What an option must be: a sentence for a person, and the check. */
export type Expected = readonly [reason: string, is: (value: unknown) => boolean]

/** What each option of a call must be. */
export type Shape<Options> = { readonly [K in keyof Options]-?: Expected }

export const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value) && !(value instanceof Date)

export const text: Expected = ["Expected a text", Predicate.isString]
export const flag: Expected = ["Expected true or false", Predicate.isBoolean]
export const duration: Expected = [
  "Expected a duration",
  (value) =>
    ["string", "number", "bigint"].includes(typeof value) || (Predicate.isObject(value) && !(value instanceof Map))
]
/** An option that a later check reads, whatever it is. */
export const unchecked: Expected = ["", () => true]

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : value instanceof Map ? "a Map" : `a ${typeof value}`

/** Finds the options that do not exist or have a wrong type. An option that is `undefined` counts as left out. */
export const misfits = <Options>(options: unknown, shape: Shape<Options>): ReadonlyArray<Violation> => {
  if (!isPlain(options)) return [{ field: "options", reason: `Expected an object of options, got ${kindOf(options)}` }]
  const expected = new Map<string, Expected>(Object.entries<Expected>(shape))
  return Object.entries(options).flatMap(([name, value]) => {
    const [reason, is] = expected.get(name) ??
      [`No such option; there are ${[...expected.keys()].join(", ")}`, undefined]
    return value === undefined || is?.(value) === true ? [] : [{ field: name.slice(0, 60), reason }]
  })
}

/** Fails with an `InvalidQuery` that names each option with which something is wrong. */
export const check = <Options>(rules: ReadonlyArray<Rule<Options>>): Effect.Effect<void, InvalidQuery> =>
  fail(rules.flatMap(([isWrong, field, reason]) => isWrong ? [{ field, reason }] : []))

/** Checks names and types, then the rules, which are asked about options of the right types only. */
export const checkOptions = <Options>(
  options: unknown,
  shape: Shape<Options>,
  rules: () => ReadonlyArray<Rule<Options>> = () => []
): Effect.Effect<void, InvalidQuery> =>
  Effect.suspend(() => {
    const wrong = misfits(options, shape)
    return wrong.length > 0 ? fail(wrong) : check(rules())
  })

const fail = (violations: ReadonlyArray<Violation>): Effect.Effect<void, InvalidQuery> =>
  violations.length > 0 ? Effect.fail(new InvalidQuery({ violations })) : Effect.void
