import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Equal from "effect/Equal"
import * as Hash from "effect/Hash"
import * as fc from "fast-check"
import { deepStrictEqual } from "node:assert"
import { inspect } from "node:util"
import { millisFromIso, millisFromWire, utcFromMillis } from "../../src/wire/time.ts"

describe("wire/time", () => {
  const two = (max: number) => fc.nat({ max }).map((n) => String(n).padStart(2, "0"))
  const text = fc.tuple(
    fc.nat({ max: 9999 }).map((year) => String(year).padStart(4, "0")),
    fc.tuple(two(13), two(32), two(25), two(61), two(61)),
    fc.constantFrom("", ".000", ".1", ".12", ".123", ".999", ".123456", ".12a", ":123"),
    fc.constantFrom("Z", "Z", "Z", "z", "+02:00", "-0530", "+02", "")
  ).map(([year, [month, day, hour, minute, second], fraction, zone]) =>
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`
  )

  it("reads any text alike in the fast and the exact way, every day of the calendar included", () => {
    fc.assert(
      fc.property(text, (text) => {
        assert.isTrue(Object.is(millisFromWire(text), millisFromIso(text)), text)
      }),
      { numRuns: 20_000 }
    )
    for (let year = 0; year <= 9999; year += year % 100 > 95 ? 1 : 19) {
      for (let day = 0; day < 365; day++) {
        const text = new Date(Date.parse(`${String(year).padStart(4, "0")}-01-01T12:34:56.789Z`) + day * 86_400_000)
          .toISOString()
        assert.strictEqual(millisFromWire(text), Date.parse(text), text)
      }
    }
  })

  it("reads a time alike in both ways with any one character changed", () => {
    const usual = "2026-10-30T02:00:00.123Z"
    fc.assert(
      fc.property(fc.nat({ max: usual.length - 1 }), fc.constantFrom(...":/09 -TZz.+٣é"), (at, character) => {
        const text = usual.slice(0, at) + character + usual.slice(at + 1)
        assert.isTrue(Object.is(millisFromWire(text), millisFromIso(text)), text)
      })
    )
  })

  it("makes the same instants as DateTime", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (millis) => {
        const [ours, theirs] = [utcFromMillis(millis), DateTime.makeUnsafe(millis)]
        deepStrictEqual(ours, theirs)
        deepStrictEqual(Object.keys(ours), Object.keys(theirs))
        assert.isTrue(Equal.equals(ours, theirs) && Equal.equals(theirs, ours))
        assert.strictEqual(Hash.hash(ours), Hash.hash(theirs))
        assert.strictEqual(JSON.stringify(ours), JSON.stringify(theirs))
        assert.strictEqual(inspect(ours), inspect(theirs))
        deepStrictEqual(DateTime.add(ours, { months: 1 }), DateTime.add(theirs, { months: 1 }))
        const [zoned, zonedTheirs] = [ours, theirs].map(DateTime.setZoneNamedUnsafe("Asia/Kolkata"))
        deepStrictEqual(zoned, zonedTheirs)
        deepStrictEqual(DateTime.toPartsUtc(ours), DateTime.toPartsUtc(theirs))
        assert.strictEqual(DateTime.toPartsUtc(ours), DateTime.toPartsUtc(ours))
      })
    )
  })
})
