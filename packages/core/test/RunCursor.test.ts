import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RunCursor } from "../src/index.ts"

describe("the string of a cursor", () => {
  it.effect.prop("decodes to the same cursor", [Schema.toType(RunCursor.RunCursor)], ([cursor]) =>
    Effect.sync(() => {
      const ids = [...new Set(cursor.seen.map(Math.abs))].sort((a, b) => a - b)
      const plain = { ...cursor, seen: ids }
      const text = RunCursor.encode(plain)
      assert.isTrue(RunCursor.isEncoded(text))
      assert.deepStrictEqual(RunCursor.decode(text), Option.some(plain))
      assert.deepStrictEqual(RunCursor.decode(`${text}!`), Option.none())
    }))

  it("stays short inside a long tie", () => {
    const cursor: RunCursor.RunCursor = {
      orderBy: "runStartTime",
      orderByDirection: "desc",
      value: 1_760_000_000_000,
      seen: Array.from({ length: 200 }, (_, index) => 48_000 + index)
    }
    assert.isBelow(RunCursor.encode(cursor).length, 450)
  })

  it.each(["", "c1", "c1.id", "c2.id.desc.5", "c1.name.desc.5", "c1.id.desc.5!", "17", "2026-08-24T14:15:22Z"])(
    "is not %j",
    (text) => assert.isFalse(RunCursor.isEncoded(text))
  )
})
