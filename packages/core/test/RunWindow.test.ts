import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { RunWindow } from "../src/index.ts"
import { instant } from "./support/window.ts"

describe("a window", () => {
  const window: RunWindow.RunWindow = {
    name: "last_night",
    since: instant("2026-10-24T17:00Z"),
    until: instant("2026-10-25T12:00Z"),
    timeZone: "Europe/London",
    timeZoneSource: "given"
  }

  it("contains its first moment and not its last", () => {
    const contains = (text: string) => RunWindow.contains(window, { runStartTime: instant(text) })
    assert.deepStrictEqual(
      ["2026-10-24T16:59:59.999Z", "2026-10-24T17:00Z", "2026-10-25T11:59:59.999Z", "2026-10-25T12:00Z"].map(contains),
      [false, true, true, false]
    )
    assert.isFalse(RunWindow.contains(window, {}))
  })

  it("becomes a query that reads it from either end", () => {
    assert.deepStrictEqual(RunWindow.toQuery(window), {
      orderBy: "runStartTime",
      orderByDirection: "desc",
      startingFrom: instant("2026-10-25T12:00Z")
    })
    assert.deepStrictEqual(RunWindow.toQuery(window, "asc"), {
      orderBy: "runStartTime",
      orderByDirection: "asc",
      startingFrom: instant("2026-10-24T16:59:59.999Z")
    })
  })

  it("is formatted in its zone and in UTC", () => {
    assert.strictEqual(
      RunWindow.format(window),
      "2026-10-24 18:00 – 2026-10-25 12:00 Europe/London (2026-10-24T17:00Z – 2026-10-25T12:00Z)"
    )
    assert.strictEqual(
      RunWindow.format({ ...window, until: instant("2026-10-25T01:05:06.070Z"), timeZone: "+05:30" }),
      "2026-10-24 22:30 – 2026-10-25 06:35 +05:30 (2026-10-24T17:00Z – 2026-10-25T01:05:06.070Z)"
    )
  })

  it.effect("is the same after JSON", () =>
    Effect.gen(function*() {
      const json = JSON.stringify(yield* Schema.encodeEffect(RunWindow.RunWindow)(window))
      assert.include(json, "\"since\":\"2026-10-24T17:00:00.000Z\"")
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(RunWindow.RunWindow)(JSON.parse(json)), window)
    }))
})
