// What each option must be, as a table of values on either side of each check.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as check from "../../src/check/options.ts"

const rows: ReadonlyArray<
  readonly [name: string, expected: check.Expected, right: ReadonlyArray<unknown>, wrong: ReadonlyArray<unknown>]
> = [
  [
    "a duration",
    check.duration,
    ["5 minutes", 5, 5n, Duration.seconds(1), { minutes: 5 }],
    ["soon", true, null, undefined, new Map(), () => 5]
  ],
  ["an array of names", check.names, [[], ["a", "b"]], ["a", ["a", 5], { length: 0 }]],
  ["the id of a run", check.runID, [0, 7], [-1, 1.5, "7", NaN, 2 ** 53, true]],
  ["a secret", check.secret, [Redacted.make("s")], ["s", Redacted.make(5), { value: "s" }]],
  ["an object", check.plain, [{}, { a: 1 }], [null, [], "a", new Date(0), new Map()]]
]

describe.each(rows)("%s", (_, [, is], right, wrong) => {
  it("is what it must be, and nothing else", () => {
    expect(right.map(is)).toEqual(right.map(() => true))
    expect(wrong.map(is)).toEqual(wrong.map(() => false))
  })
})

describe("what is wrong with options", () => {
  const shape = { name: check.text, of: check.required(check.flag) }
  const said = (options: unknown) => check.misfits(options, shape).map(({ field, reason }) => `${field}: ${reason}`)

  it("is told of each, what is missing last, and of no option that is undefined", () => {
    expect(said({ name: undefined, of: false })).toEqual([])
    expect(said({ name: 5, off: true })).toEqual([
      "name: Expected a text",
      "off: No such option; there are name, of",
      "of: Expected true or false"
    ])
  })

  it("names the kind of what is no object", () => {
    expect([null, [], "a", new Map()].map(said)).toEqual(
      ["Null", "Array", "String", "Map"].map((kind) => [`options: Expected an object of options, got ${kind}`])
    )
  })

  it("repeats at most 60 characters of a name, and 20 names", () => {
    expect(check.misfits({ ["n".repeat(61)]: 1, of: true }, shape)[0]?.field).toBe("n".repeat(60))
    expect(said(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`n${index}`, 1])))).toHaveLength(20)
  })
})
