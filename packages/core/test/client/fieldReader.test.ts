import { assert, describe, it } from "@effect/vitest"
import { FieldReader } from "../../src/client/fieldReader.ts"

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

  it("leaves the odd items out of an array, and counts them", () => {
    const reader = new FieldReader()
    assert.deepStrictEqual(reader.array(["a", null, 7, "b"], (reader, item) => reader.text(item)), ["a", "b"])
    assert.strictEqual(reader.dropped, 1)
  })
})
