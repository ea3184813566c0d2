import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { exactLimit, Quantiles, relativeError } from "../../src/statistics/quantiles.ts"
import { quantile } from "../support/statistics.ts"

const parts = [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.99, 1]

const quantilesOf = (values: ReadonlyArray<number>) => {
  const quantiles = new Quantiles()
  for (const value of values) quantiles.add(value)
  return quantiles
}

/** Numbers that look drawn, the same ones each time (a Weyl sequence). */
const spread = (count: number, from: (unit: number) => number) =>
  Array.from({ length: count }, (_, index) => Math.round(from((index * 0.6180339887498949) % 1)))

describe("Quantiles", () => {
  it("returns nothing of no values", () => assert.deepStrictEqual(new Quantiles().at(0.5), []))

  it("interpolates between two values, as spreadsheets do", () => {
    assert.deepStrictEqual(quantilesOf([40, 10, 30, 20]).at(0, 0.5, 1), [10, 25, 40])
    assert.deepStrictEqual(quantilesOf([7]).at(0.5, 0.95), [7, 7])
  })

  it("is exact up to a thousand values", () => {
    const values = FastCheck.array(FastCheck.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: exactLimit })
    FastCheck.assert(FastCheck.property(values, (values) => {
      const quantiles = quantilesOf(values)
      assert.isTrue(quantiles.exact)
      for (const [index, value] of quantiles.at(...parts).entries()) {
        const expected = quantile(values, parts[index] ?? 0)
        assert.closeTo(value, expected, 1e-9 * expected)
      }
    }))
  })

  it("estimates from value 1,001 on, never beyond the smallest or the largest", () => {
    const same = (count: number) => quantilesOf(Array.from({ length: count }, () => 61_234))
    assert.isTrue(same(1000).exact)
    assert.isFalse(same(1001).exact)
    assert.deepStrictEqual(same(1001).at(0, 0.5, 1), [61_234, 61_234, 61_234])
  })

  const alternatives: ReadonlyArray<readonly [string, (unit: number) => number]> = [
    ["all the same", () => 61_234],
    ["even", (unit) => unit * 3_600_000],
    ["over nine orders of magnitude", (unit) => 10 ** (unit * 9)],
    ["at the edges of two", (unit) => unit < 0.5 ? 1 : 86_400_000],
    ["zeros and a few", (unit) => unit < 0.97 ? 0 : 1 + unit],
    ["as long as can be", (unit) => 1.728e16 * unit]
  ]

  it.each(alternatives)("estimates within 1 %: %s", (_, from) => {
    const values = spread(20_000, from)
    const quantiles = quantilesOf(values)
    assert.isFalse(quantiles.exact)
    for (const [index, value] of quantiles.at(...parts).entries()) {
      const expected = quantile(values, parts[index] ?? 0)
      assert.isAtMost(Math.abs(value - expected), relativeError * expected, `${parts[index]}: ${value} for ${expected}`)
    }
  })

  it("estimates any values within 1 %", () => {
    const values = FastCheck.array(FastCheck.integer({ min: 0, max: 1e9 }), { minLength: 1001, maxLength: 1100 })
    FastCheck.assert(
      FastCheck.property(values, FastCheck.integer({ min: 0, max: 6 }), (drawn, shift) => {
        const values = drawn.map((value) => Math.floor(value / 10 ** shift))
        for (const [index, value] of quantilesOf(values).at(...parts).entries()) {
          const expected = quantile(values, parts[index] ?? 0)
          assert.isAtMost(Math.abs(value - expected), relativeError * expected)
        }
      }),
      { numRuns: 30 }
    )
  })
})
