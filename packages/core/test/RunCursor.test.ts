import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { RunCursor } from "../src/index.ts"

describe("the string of a cursor", () => {
  it.effect.prop("decodes to the same cursor", [Schema.toType(RunCursor.RunCursor)], ([cursor]) =>
    Effect.sync(() => {
      const plainIds = (ids: ReadonlyArray<number>) => [...new Set(ids.map(Math.abs))].sort((a, b) => a - b)
      const { untimed = [], ...timed } = cursor
      const plain = {
        ...timed,
        seen: plainIds(cursor.seen),
        ...(untimed.length === 0 ? {} : { untimed: plainIds(untimed) })
      }
      const text = RunCursor.encode(plain)
      assert.isTrue(RunCursor.isEncoded(text))
      assert.deepStrictEqual(RunCursor.decode(text), Option.some(plain))
      assert.deepStrictEqual(RunCursor.decode(`${text}!`), Option.none())
    }))

  it("keeps runs without a time apart from runs of one time", () => {
    const order = { orderBy: "runEndTime", orderByDirection: "asc" } as const
    assert.strictEqual(RunCursor.encode({ ...order, seen: [], untimed: [36, 40] }), "c1.runEndTime.asc._.10.4")
    assert.strictEqual(
      RunCursor.encode({ ...order, value: 36, seen: [36], untimed: [37] }),
      "c1.runEndTime.asc.10.10_.11"
    )
  })

  it("stays short inside a long tie", () => {
    const cursor: RunCursor.RunCursor = {
      orderBy: "runStartTime",
      orderByDirection: "desc",
      value: 1_760_000_000_000,
      seen: Array.from({ length: 200 }, (_, index) => 48_000 + index)
    }
    assert.isBelow(RunCursor.encode(cursor).length, 450)
  })

  it.each([
    "",
    "c1",
    "c1.id",
    "c2.id.desc.5",
    "c1.name.desc.5",
    "c1.id.desc.5!",
    "c1.id.desc.5_",
    "17",
    "2026-08-24T14:15:22Z"
  ])(
    "is not %j",
    (text) => assert.isFalse(RunCursor.isEncoded(text))
  )
})
