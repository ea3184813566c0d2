import { inspect } from "node:util"

const printed = (value: unknown): ReadonlyArray<string> => [
  inspect(value, { depth: null, breakLength: Infinity, compact: true, maxArrayLength: null, maxStringLength: null }),
  inspect(value),
  JSON.stringify(value) ?? "undefined"
]

/** Asserts a line `actual // => expected`: the value must print as the text, or as the literal in the text does. */
export const shows = (place: string, actual: unknown, expected: string): void => {
  if (printed(actual).includes(expected)) return
  let literal: unknown
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the text is our own documentation's
    literal = new Function(`return (${expected})`)()
  } catch {
    literal = undefined // Not a literal: only its text counts.
  }
  if (printed(actual)[0] !== printed(literal)[0]) {
    throw new Error(`${place}: expected ${expected}, got ${printed(actual)[0]}`)
  }
}
