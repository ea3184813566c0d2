/** Checks the options of a call, their names and their types: a misspelt one would silently do nothing. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"

/** What an option must be: in words, the check, and whether it cannot be left out. */
export type Expected = readonly [expected: string, is: (value: unknown) => boolean, isRequired?: true]

/** What each option of a call must be. */
export type Shape<Options> = { readonly [K in keyof Options]-?: Expected }

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(Symbol.iterator in value) && !(value instanceof Date)

const isDurationInput = (value: unknown): value is Duration.Input =>
  ["string", "number", "bigint"].includes(typeof value) || Predicate.isObject(value)

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(Predicate.isString)

export const text: Expected = ["a text", Predicate.isString]
export const number: Expected = ["a number", Predicate.isNumber]
export const flag: Expected = ["true or false", Predicate.isBoolean]
export const array: Expected = ["an array", Array.isArray]
export const plain: Expected = ["an object", isPlain]
export const callback: Expected = ["a function", Predicate.isFunction]
export const duration: Expected = [
  "a duration",
  (value) => isDurationInput(value) && Option.isSome(Duration.fromInput(value))
]
export const moment: Expected = [
  "a DateTime, a Date or ISO text",
  (value) => Predicate.isString(value) || value instanceof Date || DateTime.isDateTime(value)
]
export const zone: Expected = ["a time zone", (value) => Predicate.isString(value) || DateTime.isTimeZone(value)]
export const oneOf = (...values: ReadonlyArray<unknown>): Expected => [
  values.join(", "),
  (value) => values.includes(value)
]
/** Any of several kinds of values. */
export const either = (...kinds: ReadonlyArray<Expected>): Expected => [
  kinds.map(([expected]) => expected).join(", or "),
  (value) => kinds.some(([, is]) => is(value))
]
/** Some names, one name, or a number of them. */
export const texts: Expected = ["an array of texts", isTexts]
export const required = ([expected, is]: Expected): Expected => [expected, is, true]

const kindOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
    ? "an array"
    : value instanceof Map
    ? "a Map"
    : `a ${typeof value}`

/** An error names the first of many, so that it stays readable whatever is passed. */
const maxNamed = 20

/** Throws where an option does not exist, is missing or has a wrong type. Returns the options. */
export const checkOptions = <Options>(call: string, options: Options, shape: Shape<Options>): Options => {
  if (!isPlain(options)) throw new Error(`${call}: expected an object of options, got ${kindOf(options)}`)
  const expected = new Map<string, Expected>(Object.entries<Expected>(shape))
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined))
  const wrong = [
    ...[...given].flatMap(([name, value]) => {
      const [words, is] = expected.get(name) ?? []
      if (words === undefined) return [`\`${name.slice(0, 60)}\`: no such option`]
      return is?.(value) === true ? [] : [`\`${name}\`: expected ${words}`]
    }),
    ...[...expected].flatMap(([name, [words, , isRequired]]) =>
      isRequired === true && !given.has(name) ? [`\`${name}\`: expected ${words}`] : []
    )
  ]
  if (wrong.length > 0) {
    const named = [...new Set(wrong)]
    const more = named.length > maxNamed ? `; and ${named.length - maxNamed} more` : ""
    const unknown = [...given.keys()].some((name) => !expected.has(name))
    const known = unknown ? ` The options are ${[...expected.keys()].join(", ")}` : ""
    throw new Error(`${call}: ${named.slice(0, maxNamed).join("; ")}${more}.${known}`)
  }
  return options
}
