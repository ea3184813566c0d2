import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { RunWindow } from "../../src/index.ts"
import { at, fields, utc } from "../support/window.ts"

// Every window here was worked out by hand from the zones' rules. In 2026 daylight saving begins or ends in London on 29 March and
// 25 October at 01:00Z, in New York on 8 March at 07:00Z and 1 November at 06:00Z, in Auckland on 5 April (4 April
// 14:00Z) and 27 September (26 September 14:00Z).
describe("RunWindow.lastNight", () => {
  it.effect.each(
    [
      // An ordinary night.
      ["Europe/London", "00:05", "2026-11-23T00:05Z", "2026-11-22T18:00Z", "2026-11-23T00:05Z"],
      ["Europe/London", "02:00", "2026-11-23T02:00Z", "2026-11-22T18:00Z", "2026-11-23T02:00Z"],
      ["Europe/London", "09:00", "2026-11-23T09:00Z", "2026-11-22T18:00Z", "2026-11-23T09:00Z"],
      ["Europe/London", "12:00", "2026-11-23T12:00Z", "2026-11-22T18:00Z", "2026-11-23T12:00Z"],
      ["Europe/London", "12:30", "2026-11-23T12:30Z", "2026-11-22T18:00Z", "2026-11-23T12:00Z"],
      ["Europe/London", "20:00", "2026-11-23T20:00Z", "2026-11-22T18:00Z", "2026-11-23T12:00Z"],
      ["Europe/London", "23:59", "2026-11-23T23:59Z", "2026-11-22T18:00Z", "2026-11-23T12:00Z"],
      // London loses an hour: 18:00 is 18:00Z, noon is 11:00Z.
      ["Europe/London", "23:59 before", "2026-03-28T23:59Z", "2026-03-27T18:00Z", "2026-03-28T12:00Z"],
      ["Europe/London", "00:05", "2026-03-29T00:05Z", "2026-03-28T18:00Z", "2026-03-29T00:05Z"],
      ["Europe/London", "02:00", "2026-03-29T01:00Z", "2026-03-28T18:00Z", "2026-03-29T01:00Z"],
      ["Europe/London", "09:00", "2026-03-29T08:00Z", "2026-03-28T18:00Z", "2026-03-29T08:00Z"],
      ["Europe/London", "12:30", "2026-03-29T11:30Z", "2026-03-28T18:00Z", "2026-03-29T11:00Z"],
      ["Europe/London", "20:00", "2026-03-29T19:00Z", "2026-03-28T18:00Z", "2026-03-29T11:00Z"],
      ["Europe/London", "23:59", "2026-03-29T22:59Z", "2026-03-28T18:00Z", "2026-03-29T11:00Z"],
      ["Europe/London", "09:00 after", "2026-03-30T08:00Z", "2026-03-29T17:00Z", "2026-03-30T08:00Z"],
      // London gains one: 18:00 is 17:00Z, noon is 12:00Z.
      ["Europe/London", "00:05", "2026-10-24T23:05Z", "2026-10-24T17:00Z", "2026-10-24T23:05Z"],
      ["Europe/London", "01:30 first", "2026-10-25T00:30Z", "2026-10-24T17:00Z", "2026-10-25T00:30Z"],
      ["Europe/London", "01:30 again", "2026-10-25T01:30Z", "2026-10-24T17:00Z", "2026-10-25T01:30Z"],
      ["Europe/London", "02:00", "2026-10-25T02:00Z", "2026-10-24T17:00Z", "2026-10-25T02:00Z"],
      ["Europe/London", "09:00", "2026-10-25T09:00Z", "2026-10-24T17:00Z", "2026-10-25T09:00Z"],
      ["Europe/London", "12:30", "2026-10-25T12:30Z", "2026-10-24T17:00Z", "2026-10-25T12:00Z"],
      ["Europe/London", "20:00", "2026-10-25T20:00Z", "2026-10-24T17:00Z", "2026-10-25T12:00Z"],
      ["Europe/London", "23:59", "2026-10-25T23:59Z", "2026-10-24T17:00Z", "2026-10-25T12:00Z"],
      ["Europe/London", "09:00 after", "2026-10-26T09:00Z", "2026-10-25T18:00Z", "2026-10-26T09:00Z"],
      // New York loses an hour: 18:00 is 23:00Z, noon is 16:00Z.
      ["America/New_York", "00:05", "2026-03-08T05:05Z", "2026-03-07T23:00Z", "2026-03-08T05:05Z"],
      ["America/New_York", "03:00, an hour after 02:00", "2026-03-08T07:00Z", "2026-03-07T23:00Z", "2026-03-08T07:00Z"],
      ["America/New_York", "09:00", "2026-03-08T13:00Z", "2026-03-07T23:00Z", "2026-03-08T13:00Z"],
      ["America/New_York", "12:30", "2026-03-08T16:30Z", "2026-03-07T23:00Z", "2026-03-08T16:00Z"],
      ["America/New_York", "20:00", "2026-03-09T00:00Z", "2026-03-07T23:00Z", "2026-03-08T16:00Z"],
      ["America/New_York", "23:59", "2026-03-09T03:59Z", "2026-03-07T23:00Z", "2026-03-08T16:00Z"],
      // New York gains one: 18:00 is 22:00Z, noon is 17:00Z.
      ["America/New_York", "00:05", "2026-11-01T04:05Z", "2026-10-31T22:00Z", "2026-11-01T04:05Z"],
      ["America/New_York", "02:00", "2026-11-01T07:00Z", "2026-10-31T22:00Z", "2026-11-01T07:00Z"],
      ["America/New_York", "09:00", "2026-11-01T14:00Z", "2026-10-31T22:00Z", "2026-11-01T14:00Z"],
      ["America/New_York", "12:30", "2026-11-01T17:30Z", "2026-10-31T22:00Z", "2026-11-01T17:00Z"],
      ["America/New_York", "20:00", "2026-11-02T01:00Z", "2026-10-31T22:00Z", "2026-11-01T17:00Z"],
      ["America/New_York", "23:59", "2026-11-02T04:59Z", "2026-10-31T22:00Z", "2026-11-01T17:00Z"],
      // No change, and half an hour: 18:00 is 12:30Z, noon is 06:30Z.
      ["Asia/Kolkata", "00:05", "2026-07-14T18:35Z", "2026-07-14T12:30Z", "2026-07-14T18:35Z"],
      ["Asia/Kolkata", "02:00", "2026-07-14T20:30Z", "2026-07-14T12:30Z", "2026-07-14T20:30Z"],
      ["Asia/Kolkata", "09:00", "2026-07-15T03:30Z", "2026-07-14T12:30Z", "2026-07-15T03:30Z"],
      ["Asia/Kolkata", "12:30", "2026-07-15T07:00Z", "2026-07-14T12:30Z", "2026-07-15T06:30Z"],
      ["Asia/Kolkata", "20:00", "2026-07-15T14:30Z", "2026-07-14T12:30Z", "2026-07-15T06:30Z"],
      ["Asia/Kolkata", "23:59", "2026-07-15T18:29Z", "2026-07-14T12:30Z", "2026-07-15T06:30Z"],
      ["+05:30", "20:00", "2026-07-15T14:30Z", "2026-07-14T12:30Z", "2026-07-15T06:30Z"],
      ["UTC", "00:05", "2026-01-01T00:05Z", "2025-12-31T18:00Z", "2026-01-01T00:05Z"],
      ["UTC", "02:00", "2026-03-01T02:00Z", "2026-02-28T18:00Z", "2026-03-01T02:00Z"],
      ["UTC", "09:00", "2028-03-01T09:00Z", "2028-02-29T18:00Z", "2028-03-01T09:00Z"],
      ["UTC", "12:30", "2026-10-25T12:30Z", "2026-10-24T18:00Z", "2026-10-25T12:00Z"],
      ["UTC", "20:00", "2026-10-25T20:00Z", "2026-10-24T18:00Z", "2026-10-25T12:00Z"],
      ["UTC", "23:59", "2026-12-31T23:59Z", "2026-12-30T18:00Z", "2026-12-31T12:00Z"],
      // Auckland gains an hour: 18:00 is 05:00Z, noon is 00:00Z.
      ["Pacific/Auckland", "09:00", "2026-04-04T21:00Z", "2026-04-04T05:00Z", "2026-04-04T21:00Z"],
      ["Pacific/Auckland", "20:00", "2026-04-05T08:00Z", "2026-04-04T05:00Z", "2026-04-05T00:00Z"],
      // It loses one: 18:00 is 06:00Z, noon is 23:00Z of the day before.
      ["Pacific/Auckland", "00:05", "2026-09-26T12:05Z", "2026-09-26T06:00Z", "2026-09-26T12:05Z"],
      ["Pacific/Auckland", "09:00", "2026-09-26T20:00Z", "2026-09-26T06:00Z", "2026-09-26T20:00Z"],
      ["Pacific/Auckland", "20:00", "2026-09-27T07:00Z", "2026-09-26T06:00Z", "2026-09-26T23:00Z"],
      ["Pacific/Auckland", "23:59", "2026-09-27T10:59Z", "2026-09-26T06:00Z", "2026-09-26T23:00Z"]
    ] as const
  )("%s at %s (%s)", ([timeZone, _, now, since, until]) =>
    Effect.gen(function*() {
      const window = yield* at(now, RunWindow.lastNight({ timeZone }))
      assert.deepStrictEqual(utc(window), [since, until])
      assert.strictEqual(window.name, "last_night")
      assert.strictEqual(window.timeZone, timeZone)
    }))
})

describe("RunWindow.today and yesterday", () => {
  it.effect.each(
    [
      ["UTC", "2026-11-23T00:00Z", "2026-11-23T00:00Z", "2026-11-22T00:00Z"],
      ["UTC", "2026-11-23T09:00Z", "2026-11-23T00:00Z", "2026-11-22T00:00Z"],
      ["Asia/Kolkata", "2026-11-22T18:29Z", "2026-11-21T18:30Z", "2026-11-20T18:30Z"],
      ["Asia/Kolkata", "2026-11-22T18:30Z", "2026-11-22T18:30Z", "2026-11-21T18:30Z"],
      // Days of 23 and 25 hours in London.
      ["Europe/London", "2026-03-29T12:00Z", "2026-03-29T00:00Z", "2026-03-28T00:00Z"],
      ["Europe/London", "2026-03-30T12:00Z", "2026-03-29T23:00Z", "2026-03-29T00:00Z"],
      ["Europe/London", "2026-10-26T12:00Z", "2026-10-26T00:00Z", "2026-10-24T23:00Z"],
      // Midnight does not exist: clocks in Santiago go from 00:00 to 01:00 at 04:00Z on 6 September 2026, and in Cairo
      // at 22:00Z on 23 April. The day starts at 01:00.
      ["America/Santiago", "2026-09-06T15:30Z", "2026-09-06T04:00Z", "2026-09-05T04:00Z"],
      ["America/Santiago", "2026-09-07T12:00Z", "2026-09-07T03:00Z", "2026-09-06T04:00Z"],
      ["Africa/Cairo", "2026-04-24T06:00Z", "2026-04-23T22:00Z", "2026-04-22T22:00Z"],
      ["Africa/Cairo", "2026-04-25T06:00Z", "2026-04-24T21:00Z", "2026-04-23T22:00Z"],
      // Midnight comes twice: clocks in Havana go from 01:00 to 00:00 at 05:00Z on 1 November 2026.
      ["America/Havana", "2026-11-01T04:30Z", "2026-11-01T04:00Z", "2026-10-31T04:00Z"],
      ["America/Havana", "2026-11-01T05:30Z", "2026-11-01T04:00Z", "2026-10-31T04:00Z"],
      ["America/Havana", "2026-11-02T12:00Z", "2026-11-02T05:00Z", "2026-11-01T04:00Z"]
    ] as const
  )("%s at %s", ([timeZone, now, midnight, before]) =>
    Effect.gen(function*() {
      const today = yield* at(now, RunWindow.today({ timeZone }))
      assert.deepStrictEqual(utc(today), [midnight, now])
      assert.strictEqual(today.name, "today")
      const yesterday = yield* RunWindow.yesterday({ timeZone })
      assert.deepStrictEqual(utc(yesterday), [before, midnight])
      assert.strictEqual(yesterday.name, "yesterday")
    }))

  // Against the clock itself, over every change of two years.
  it.effect(
    "begin at the first moment that shows the day, in every zone and on every day of two years",
    () =>
      Effect.gen(function*() {
        const zones = [
          "America/Santiago",
          "Africa/Cairo",
          "America/Havana",
          "Asia/Beirut",
          "Atlantic/Azores",
          "Australia/Lord_Howe",
          "America/Asuncion",
          "Europe/London",
          "Pacific/Chatham"
        ]
        for (const timeZone of zones) {
          const shown = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" })
          for (let day = Date.UTC(2026, 0, 1, 12); day < Date.UTC(2028, 0, 1); day += 86_400_000) {
            const { since, until } = yield* at(new Date(day).toISOString(), RunWindow.yesterday({ timeZone }))
            const [first, next] = [since.epochMilliseconds, until.epochMilliseconds]
            assert.notStrictEqual(shown.format(first - 1), shown.format(first), timeZone)
            assert.strictEqual(shown.format(first), shown.format(next - 1), timeZone)
            assert.notStrictEqual(shown.format(next - 1), shown.format(next), timeZone)
          }
        }
      }),
    60_000
  )
})

describe("RunWindow.last", () => {
  const now = "2026-10-26T09:00Z"

  it.effect("counts back from now, also where daylight saving begins or ends", () =>
    Effect.gen(function*() {
      const timeZone = "Europe/London"
      assert.deepStrictEqual(utc(yield* at(now, RunWindow.last("90 minutes", { timeZone }))), [
        "2026-10-26T07:30Z",
        now
      ])
      assert.deepStrictEqual(utc(yield* RunWindow.last(Duration.hours(36))), ["2026-10-24T21:00Z", now])
      const day = yield* RunWindow.named("last_24_hours", { timeZone })
      assert.deepStrictEqual(utc(day), ["2026-10-25T09:00Z", now])
      assert.strictEqual(day.name, "last_24_hours")
      assert.deepStrictEqual(utc(yield* RunWindow.named("last_7_days", { timeZone })), ["2026-10-19T09:00Z", now])
    }))

  it.effect("refuses a duration of zero or below, an infinite one, and one that reaches before the year 100", () =>
    Effect.gen(function*() {
      for (const duration of [Duration.zero, Duration.infinity, Duration.hours(-1)]) {
        assert.deepStrictEqual(fields(yield* Effect.flip(at(now, RunWindow.last(duration)))), ["duration"])
      }
      assert.deepStrictEqual(fields(yield* Effect.flip(at(now, RunWindow.last("1000000 weeks")))), ["since"])
    }))
})

describe("RunWindow.named", () => {
  it.effect("returns the window of every name", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-10-25T20:00Z"))
      const zone = { timeZone: "Europe/London" }
      for (const name of RunWindow.names) assert.strictEqual((yield* RunWindow.named(name, zone)).name, name)
      assert.deepStrictEqual(yield* RunWindow.named("last_night", zone), yield* RunWindow.lastNight(zone))
      assert.deepStrictEqual(yield* RunWindow.named("today", zone), yield* RunWindow.today(zone))
      assert.deepStrictEqual(yield* RunWindow.named("yesterday", zone), yield* RunWindow.yesterday(zone))
    }))
})
