import { assert, describe, it } from "@effect/vitest"
import { backward, idOf, isNone, repeated, timeOf } from "../../src/client/next.ts"

interface Case {
  readonly next: string | number
  readonly id?: number
  readonly time?: number
}

const time = Date.UTC(2026, 0, 1)

const cases: ReadonlyArray<Case> = [
  { next: 7, id: 7 },
  { next: "7", id: 7 },
  { next: " 42 ", id: 42 },
  { next: 1.5 },
  { next: "1.5" },
  { next: "1e1" },
  { next: "x7" },
  { next: "7x" },
  { next: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER },
  { next: "9007199254740992", time: 2 ** 53 },
  { next: "00000000000000007" },
  { next: time, id: time, time },
  { next: String(time), id: time, time },
  { next: "2026-01-01T00:00:00Z", time }
]

describe("the next of a response", () => {
  it.each(cases)("is an id, a time, both or neither: $next", ({ id, next, time = Number.NaN }) => {
    assert.strictEqual(idOf(next), id)
    assert.deepStrictEqual(timeOf(next), time)
    assert.isFalse(isNone(next))
  })

  it.each([undefined, null, 0, -1, "0", "-7", "", " "])("says that there is none: %j", (next) => {
    assert.isTrue(isNone(next))
  })

  it("is quoted and cut in what is wrong with it", () => {
    assert.strictEqual(repeated(7).description, "the response's next, 7, is where that page started")
    assert.strictEqual(backward("7").description, `the response's next, "7", lies before the runs of that page`)
    assert.isBelow(backward("x".repeat(1000)).description.length, 150)
  })
})
