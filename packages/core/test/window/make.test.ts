import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { RunWindow } from "../../src/index.ts"
import { at, fields, instant, utc } from "../support/window.ts"

describe("RunWindow.make", () => {
  const now = "2026-10-26T09:00Z"
  const make = (options: RunWindow.Options) => at(now, RunWindow.make({ timeZone: "Europe/London", ...options }))

  it.effect.each(
    [
      // Instants.
      ["2026-10-24T18:00:00Z", "2026-10-24T18:00Z"],
      ["2026-10-24T18:00Z", "2026-10-24T18:00Z"],
      ["2026-10-24t18:00z", "2026-10-24T18:00Z"],
      ["  2026-10-24T18:00Z\n", "2026-10-24T18:00Z"],
      ["2026-10-24T18:00:00+02:00", "2026-10-24T16:00Z"],
      ["2026-10-24T18:00:00-0330", "2026-10-24T21:30Z"],
      ["2026-10-24T18+02", undefined],
      ["2026-10-24T18:00+02", "2026-10-24T16:00Z"],
      ["2026-10-24T18:00:00.123456Z", "2026-10-24T18:00:00.123Z"],
      ["2026-10-24T18:00:30,5Z", "2026-10-24T18:00:30.500Z"],
      // Without an offset: London's summer time, the hour that it skips, the hour that comes twice, winter time.
      ["2026-10-24T18:00", "2026-10-24T17:00Z"],
      ["2026-10-24 18:00:00", "2026-10-24T17:00Z"],
      ["2026-03-29T00:59", "2026-03-29T00:59Z"],
      ["2026-03-29T01:00", "2026-03-29T01:00Z"],
      ["2026-03-29T01:30", "2026-03-29T01:30Z"],
      ["2026-03-29T02:00", "2026-03-29T01:00Z"],
      ["2026-10-25T01:00", "2026-10-25T00:00Z"],
      ["2026-10-25T01:30", "2026-10-25T00:30Z"],
      ["2026-10-25T02:00", "2026-10-25T02:00Z"],
      // Dates.
      ["2026-10-25", "2026-10-24T23:00Z"],
      ["2026-10-26", "2026-10-26T00:00Z"],
      ["2024-02-29", "2024-02-29T00:00Z"],
      // The clocks went back yesterday: it began an hour before midnight, UTC.
      ["yesterday", "2026-10-24T23:00Z"],
      ["yesterday 18:00", "2026-10-25T18:00Z"],
      ["today", "2026-10-26T00:00Z"],
      ["today 06:30", "2026-10-26T06:30Z"],
      // Durations.
      ["30s", "2026-10-26T08:59:30.000Z"],
      ["90m", "2026-10-26T07:30Z"],
      ["12h", "2026-10-25T21:00Z"],
      ["7d", "2026-10-19T09:00Z"],
      ["1w", "2026-10-19T09:00Z"],
      ["PT12H", "2026-10-25T21:00Z"],
      ["P1DT1H", "2026-10-25T08:00Z"],
      ["P1W", "2026-10-19T09:00Z"],
      // Not a time.
      ["", undefined],
      ["tomorrow", undefined],
      ["yesterday at noon", undefined],
      ["12", undefined],
      ["1761375600000", undefined],
      ["12 h", undefined],
      ["1M", undefined],
      ["P1M", undefined],
      ["P1Y", undefined],
      ["-12h", undefined],
      ["0h", undefined],
      ["PT0S", undefined],
      ["-PT1H", undefined],
      ["2026-02-29", undefined],
      ["2026-13-01", undefined],
      ["2026-00-10", undefined],
      ["0050-01-01", undefined],
      ["2026-10-24T24:00Z", undefined],
      ["2026-10-24T18:60Z", undefined],
      ["2026-10-24T18:00:60Z", undefined],
      ["2026-10-24T18:00+25:00", undefined],
      ["2026-10-24T18:00+02:60", undefined],
      ["2026-10-24T18:00 Europe/London", undefined],
      ["24/10/2026", undefined],
      ["Fri Oct 23 2026", undefined],
      ["1969-12-31T23:59Z", "1969-12-31T23:59Z"],
      ["1000000d", undefined],
      ["999999999w", undefined]
    ] as const
  )("reads %j as since", ([since, expected]) =>
    Effect.gen(function*() {
      if (expected === undefined) {
        const error = yield* Effect.flip(make({ since, until: "2026-10-27" }))
        assert.strictEqual(error._tag, "InvalidQuery")
        assert.deepStrictEqual(fields(error), ["since"])
      } else {
        const window = yield* make({ since, until: "2026-10-27" })
        assert.deepStrictEqual(utc(window), [expected, "2026-10-28T00:00Z"])
        assert.strictEqual(window.name, undefined)
      }
    }))

  it.effect.each(
    [
      ["2026-10-25", "2026-10-26T00:00Z"],
      ["2026-03-29", "2026-03-29T23:00Z"],
      ["2026-12-31", "2027-01-01T00:00Z"],
      ["2026-10-25T01:30", "2026-10-25T00:30Z"],
      ["2026-10-25T12:00-01:00", "2026-10-25T13:00Z"],
      ["1h", "2026-10-26T08:00Z"],
      ["now", now]
    ] as const
  )("reads %j as until", ([until, expected]) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(utc(yield* make({ since: "2026-01-01", until })), ["2026-01-01T00:00Z", expected])
    }))

  it.effect("ends now by default, and takes a DateTime at either end", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(utc(yield* make({ since: "2h" })), ["2026-10-26T07:00Z", now])
      const since = DateTime.makeZonedUnsafe("2026-10-24T18:00:00Z", { timeZone: "Asia/Tokyo" })
      const until = instant("2026-10-25T18:00Z")
      const window = yield* make({ since, until })
      assert.deepStrictEqual(window.since, instant("2026-10-24T18:00Z"))
      assert.deepStrictEqual(window.until, until)
    }))

  it.effect("reads the same date twice as that day", () =>
    Effect.gen(function*() {
      const day = yield* make({ since: "2026-10-25", until: "2026-10-25" })
      assert.deepStrictEqual(utc(day), ["2026-10-24T23:00Z", "2026-10-26T00:00Z"])
    }))

  it.effect("refuses a time that the API could not read", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(fields(yield* Effect.flip(make({ since: "1d", until: "9999-12-31" }))), ["until"])
      assert.deepStrictEqual(fields(yield* Effect.flip(make({ since: instant("-000001-01-01") }))), ["since"])
    }))

  it.effect("refuses a window whose since is not before its until, and names both", () =>
    Effect.gen(function*() {
      for (const until of ["2026-10-24T18:00Z", "2026-10-24T17:59Z", "2026-10-23"]) {
        const error = yield* Effect.flip(make({ since: "2026-10-24T18:00Z", until }))
        assert.deepStrictEqual(fields(error), ["since"])
        assert.include(error.message, "2026-10-24T18:00Z")
        assert.include(error.message, "before until")
      }
      assert.include(
        (yield* Effect.flip(make({ since: "2027-01-01" }))).message,
        "before now, which is 2026-10-26T09:00Z"
      )
    }))

  it.effect("names every wrong option in one error, and cuts long texts", () =>
    Effect.gen(function*() {
      const long = `last\nnight${"!".repeat(5000)}`
      const error = yield* Effect.flip(make({ since: long, until: "soon", timeZone: "Europe/Londn" }))
      assert.deepStrictEqual(fields(error), ["timeZone", "since", "until"])
      assert.include(error.message, "Europe/Londn")
      assert.include(error.message, "\"soon\"")
      assert.include(error.message, "\"last\\nnight!!!")
      assert.isBelow(error.message.length, 800)
      assert.deepStrictEqual(fields(yield* Effect.flip(make({ until: "2026-10-25" }))), ["since"])
    }))
})
