import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { vi } from "vitest"
import type { InvalidQuery } from "../src/RunsError.ts"
import * as RunWindow from "../src/RunWindow.ts"

/** What a constructor gives at an instant. */
const at = <A, E>(now: string, effect: Effect.Effect<A, E>) =>
  Effect.andThen(TestClock.setTime(Date.parse(now)), effect)

const utc = (window: RunWindow.RunWindow) => [
  DateTime.formatIso(window.since).replace(":00.000Z", "Z"),
  DateTime.formatIso(window.until).replace(":00.000Z", "Z")
]

const instant = (text: string) => DateTime.makeUnsafe(Date.parse(text))

// Every interval here was worked out by hand from the zones' rules. In 2026 the clock changes in London on 29 March and
// 25 October at 01:00Z, in New York on 8 March at 07:00Z and 1 November at 06:00Z, in Auckland on 5 April (4 April
// 14:00Z) and 27 September (26 September 14:00Z).
describe("last night", () => {
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

describe("today and yesterday", () => {
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
  it.effect("begin at the first moment that shows the day", () =>
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
    }), 60_000)
})

describe("elapsed time", () => {
  const now = "2026-10-26T09:00Z"

  it.effect("is counted back from now, whatever the clock did", () =>
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

  it.effect("is refused where there is none, or too much", () =>
    Effect.gen(function*() {
      for (const duration of [Duration.zero, Duration.infinity, Duration.hours(-1)]) {
        assert.deepStrictEqual(fields(yield* Effect.flip(at(now, RunWindow.last(duration)))), ["duration"])
      }
      assert.deepStrictEqual(fields(yield* Effect.flip(at(now, RunWindow.last("1000000 weeks")))), ["since"])
    }))
})

describe("named", () => {
  it.effect("gives the window of every name", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Date.parse("2026-10-25T20:00Z"))
      const zone = { timeZone: "Europe/London" }
      for (const name of RunWindow.names) assert.strictEqual((yield* RunWindow.named(name, zone)).name, name)
      assert.deepStrictEqual(yield* RunWindow.named("last_night", zone), yield* RunWindow.lastNight(zone))
      assert.deepStrictEqual(yield* RunWindow.named("today", zone), yield* RunWindow.today(zone))
      assert.deepStrictEqual(yield* RunWindow.named("yesterday", zone), yield* RunWindow.yesterday(zone))
    }))
})

const fields = (error: InvalidQuery) => error.violations.map(({ field }) => field)

describe("make", () => {
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
      ["yesterday", undefined],
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

  it.effect("ends now where no end is given, and takes a DateTime", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(utc(yield* make({ since: "2h" })), ["2026-10-26T07:00Z", now])
      const since = DateTime.makeZonedUnsafe("2026-10-24T18:00:00Z", { timeZone: "Asia/Tokyo" })
      const until = instant("2026-10-25T18:00Z")
      const window = yield* make({ since, until })
      assert.deepStrictEqual(window.since, instant("2026-10-24T18:00Z"))
      assert.deepStrictEqual(window.until, until)
    }))

  it.effect("takes the same date twice for that day", () =>
    Effect.gen(function*() {
      const day = yield* make({ since: "2026-10-25", until: "2026-10-25" })
      assert.deepStrictEqual(utc(day), ["2026-10-24T23:00Z", "2026-10-26T00:00Z"])
    }))

  it.effect("refuses what the API could not read", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(fields(yield* Effect.flip(make({ since: "1d", until: "9999-12-31" }))), ["until"])
      assert.deepStrictEqual(fields(yield* Effect.flip(make({ since: instant("-000001-01-01") }))), ["since"])
    }))

  it.effect("refuses a window that does not run forwards, and says its ends", () =>
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

  it.effect("names everything that is wrong at once, and shows no more of it than helps", () =>
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

describe("time zone", () => {
  it.effect.each(
    [
      "Asia/Calcutta",
      "europe/london",
      "UTC",
      "Etc/UTC",
      "US/Eastern",
      "+05:30",
      "-08:00",
      "America/Argentina/Buenos_Aires"
    ]
  )("%s is echoed as it was written", (timeZone) =>
    Effect.gen(function*() {
      const window = yield* at("2026-07-15T14:30Z", RunWindow.lastNight({ timeZone }))
      assert.strictEqual(window.timeZone, timeZone)
      assert.strictEqual(window.timeZoneSource, "given")
    }))

  it.effect.each(["Mars/Olympus", "", " ", "London", "+5", "+05:75", "GMT+1", "Etc/Unknown", "UTC\n\nignore"])(
    "%j is refused by its name",
    (timeZone) =>
      Effect.gen(function*() {
        for (const name of RunWindow.names) {
          const error = yield* Effect.flip(RunWindow.named(name, { timeZone }))
          assert.deepStrictEqual(fields(error), ["timeZone"])
          assert.include(error.message, JSON.stringify(timeZone))
        }
      })
  )

  /** Runs with the machine's time zone as Node would report it. */
  const onMachine = <A, E, R>(timeZone: string | undefined, effect: Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Effect.sync(() =>
        vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockImplementation(
          function(this: Intl.DateTimeFormat) {
            // Node leaves it out where `TZ` names no zone, against the type.
            return { locale: "en-US", calendar: "gregory", numberingSystem: "latn", timeZone: timeZone as string }
          }
        )
      ),
      () => effect,
      (spy) => Effect.sync(() => spy.mockRestore())
    )

  it.effect("is the machine's where none is given, and says so", () =>
    Effect.gen(function*() {
      const window = yield* onMachine("Asia/Kolkata", at("2026-07-15T14:30Z", RunWindow.lastNight()))
      assert.deepStrictEqual(utc(window), ["2026-07-14T12:30Z", "2026-07-15T06:30Z"])
      assert.strictEqual(window.timeZone, "Asia/Kolkata")
      assert.strictEqual(window.timeZoneSource, "machine")
    }))

  it.effect.each([undefined, "Etc/Unknown"])(
    "is UTC on a machine whose zone is %s, and says so",
    (timeZone) =>
      Effect.gen(function*() {
        const window = yield* onMachine(timeZone, at("2026-07-15T20:00Z", RunWindow.lastNight()))
        assert.deepStrictEqual(utc(window), ["2026-07-14T18:00Z", "2026-07-15T12:00Z"])
        assert.strictEqual(window.timeZone, "UTC")
        assert.strictEqual(window.timeZoneSource, "fallback")
        assert.include(RunWindow.format(window), "UTC, as this machine has no time zone")
      })
  )
})

describe("a window", () => {
  const window: RunWindow.RunWindow = {
    name: "last_night",
    since: instant("2026-10-24T17:00Z"),
    until: instant("2026-10-25T12:00Z"),
    timeZone: "Europe/London",
    timeZoneSource: "given"
  }

  it("holds its first moment and not its last", () => {
    const at = (text: string) => RunWindow.contains(window, { runStartTime: instant(text) })
    assert.deepStrictEqual(
      ["2026-10-24T16:59:59.999Z", "2026-10-24T17:00Z", "2026-10-25T11:59:59.999Z", "2026-10-25T12:00Z"].map(at),
      [false, true, true, false]
    )
    assert.isFalse(RunWindow.contains(window, {}))
  })

  it("is read from either end, exclusive as the API is", () => {
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

  it("prints for people", () => {
    assert.strictEqual(
      RunWindow.format(window),
      "2026-10-24 18:00 – 2026-10-25 12:00 Europe/London (2026-10-24T17:00Z – 2026-10-25T12:00Z)"
    )
    assert.strictEqual(
      RunWindow.format({ ...window, until: instant("2026-10-25T01:05:06.070Z"), timeZone: "+05:30" }),
      "2026-10-24 22:30 – 2026-10-25 06:35 +05:30 (2026-10-24T17:00Z – 2026-10-25T01:05:06.070Z)"
    )
  })

  it.effect("survives JSON", () =>
    Effect.gen(function*() {
      const json = JSON.stringify(yield* Schema.encodeEffect(RunWindow.RunWindow)(window))
      assert.include(json, "\"since\":\"2026-10-24T17:00:00.000Z\"")
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(RunWindow.RunWindow)(JSON.parse(json)), window)
    }))
})
