/** Checks the settings of a destination, their names and their types. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { type Expected, isPlain, misfits, type Shape, text } from "../check/options.ts"
import { InvalidDestination } from "../Destination.ts"

interface Named {
  readonly name?: string | undefined
}

const isDestination = (value: unknown): boolean =>
  isPlain(value) && Predicate.hasProperty(value, "name") && Predicate.isString(value.name) &&
  Predicate.hasProperty(value, "send") && Predicate.isFunction(value.send)

export const destinations: Expected = [
  "Expected an array of destinations",
  (value) => Array.isArray(value) && value.every(isDestination)
]

/** Returns the error of the first setting that is wrong. It names the destination by its default where it has no name. */
export const wrongSetting = <Options extends Named>(
  standardName: string,
  options: Options,
  shape: Shape<Omit<Options, "name">>
): InvalidDestination | undefined => {
  const [wrong] = misfits(options, { name: text, ...shape })
  if (wrong === undefined) return undefined
  const destination = isPlain(options) && Predicate.isString(options.name) ? options.name : standardName
  return new InvalidDestination({ destination, setting: wrong.field, reason: wrong.reason })
}

export const checkSettings = <Options extends Named>(
  standardName: string,
  options: Options,
  shape: Shape<Omit<Options, "name">>
): Effect.Effect<void, InvalidDestination> =>
  Effect.suspend(() => {
    const wrong = wrongSetting(standardName, options, shape)
    return wrong === undefined ? Effect.void : Effect.fail(wrong)
  })
