import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { FieldReader } from "../../src/client/fieldReader.ts"
import { RunId } from "../../src/Run.ts"

interface Case {
  readonly name: string
  readonly read: (reader: FieldReader, value: unknown) => unknown
  readonly odd: ReadonlyArray<unknown>
}

const cases: ReadonlyArray<Case> = [
  { name: "text", read: (reader, value) => reader.text(value), odd: [7, true, {}, ["x"]] },
  { name: "boolean", read: (reader, value) => reader.boolean(value), odd: [0, 1, "true", [true]] },
  { name: "textOrNumber", read: (reader, value) => reader.textOrNumber(value), odd: [1.5, true, [7], ["x"]] },
  { name: "integer", read: (reader, value) => reader.integer(value), odd: [1.5, "1.5", "x", true, [7], ["7"]] },
  { name: "time", read: (reader, value) => reader.time(value), odd: [7, " ", "2026-02-30T00:00:00Z", {}] },
  { name: "object", read: (reader, value) => reader.object(value), odd: [7, "x", [], [{}]] },
  {
    name: "array",
    read: (reader, value) => reader.array(value, (reader, item) => reader.text(item)),
    odd: [7, "x", {}, { length: 1 }]
  }
]

describe("FieldReader", () => {
  it.each(cases)("counts each odd form of a field, and none that says nothing: $name", ({ odd, read }) => {
    const reader = new FieldReader()
    for (const value of [undefined, null, "", ...odd]) assert.isUndefined(read(reader, value), JSON.stringify(value))
    assert.strictEqual(reader.dropped, odd.length)
  })

  it("reads text, numbers, flags, times and structures, and counts none of them", () => {
    const reader = new FieldReader()
    assert.strictEqual(reader.text("a"), "a")
    assert.deepStrictEqual([reader.boolean(true), reader.boolean(false)], [true, false])
    assert.deepStrictEqual([reader.textOrNumber("3"), reader.textOrNumber(3)], ["3", "3"])
    assert.deepStrictEqual([reader.integer(-7), reader.integer("-7"), reader.integer(0)], [-7, -7, 0])
    assert.deepStrictEqual([reader.runId(7), reader.runId("7")], [RunId.make(7), RunId.make(7)])
    assert.deepStrictEqual(reader.time("2026-11-03T02:00:00Z"), DateTime.makeUnsafe("2026-11-03T02:00:00Z"))
    assert.deepStrictEqual(reader.object({ a: 1 }), { a: 1 })
    assert.deepStrictEqual(reader.array([], () => 1), [])
    assert.strictEqual(reader.dropped, 0)
  })

  it("leaves the odd items out of an array, and counts them", () => {
    const reader = new FieldReader()
    assert.deepStrictEqual(reader.array(["a", null, 7, "b"], (reader, item) => reader.text(item)), ["a", "b"])
    assert.strictEqual(reader.dropped, 1)
  })
})
