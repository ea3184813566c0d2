import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Headers from "effect/http/Headers"
import * as FastCheck from "fast-check"
import { retryAfterOf } from "../../src/client/response.ts"

const now = Date.parse("2026-11-03T02:00:00Z")
const secondsOf = (value: string | undefined): number | undefined => {
  const wait = retryAfterOf({ headers: Headers.fromInput({ "retry-after": value }) }, now)
  return wait === undefined ? undefined : Duration.toMillis(wait) / 1000
}

describe("Retry-After is bounded by an hour and read in every form", () => {
  it.each<readonly [form: string, value: string | undefined, seconds: number | undefined]>([
    ["seconds", "120", 120],
    ["no seconds", "0", 0],
    ["fractional seconds", "1.25", 1.25],
    ["seconds between spaces", " 7 ", 7],
    ["as many seconds as no time in epoch seconds has", "1000000000", 3600],
    ["a second in words", "1 second", 1],
    ["a second, cut", "1 sec", 1],
    ["seconds with a unit", "30s", 30],
    ["seconds in words", "30 seconds", 30],
    ["seconds in quotation marks", "\"45\"", 45],
    ["two headers in one", "10, 20", 10],
    ["an HTTP date", "Tue, 03 Nov 2026 02:05:00 GMT", 300],
    ["an HTTP date of RFC 850", "Tuesday, 03-Nov-26 02:05:00 GMT", 300],
    ["the date that C prints, in UTC", "Tue Nov  3 02:05:00 2026", 300],
    ["an ISO date without a zone, in UTC", "2026-11-03T02:05:00", 300],
    ["an ISO date and time without a zone, in UTC", "2026-11-03 02:05:00", 300],
    ["an ISO date", "2026-11-03T02:05:00Z", 300],
    ["an ISO date with an offset", "2026-11-03T03:05:00+01:00", 300],
    ["an HTTP date with an offset", "Mon, 02 Nov 2026 21:05:00 -0500", 300],
    ["the time in epoch seconds", String(now / 1000 + 60), 60],
    ["a date that is past", "Tue, 03 Nov 2026 01:00:00 GMT", 0],
    ["a day", "86400", 3600],
    ["a year ahead", "Wed, 03 Nov 2027 02:00:00 GMT", 3600],
    ["more seconds than a number holds", "9".repeat(400), 3600],
    ["none", undefined, undefined],
    ["nothing", "", undefined],
    ["a negative number", "-5", undefined],
    ["words", "soon", undefined],
    ["NaN", "NaN", undefined],
    ["no number of this base", "0x10", undefined]
  ])("%s: %s is %s seconds", (_, value, seconds) => assert.strictEqual(secondsOf(value), seconds))

  it("is between nothing and an hour, or absent, whatever is sent", () => {
    const date = FastCheck.date({ noInvalidDate: true })
    FastCheck.assert(
      FastCheck.property(
        FastCheck.oneof(
          FastCheck.string(),
          FastCheck.double().map(String),
          FastCheck.bigInt().map(String),
          date.map((value) => value.toUTCString()),
          date.map((value) => value.toISOString())
        ),
        (value) => {
          const seconds = secondsOf(value)
          assert.isTrue(seconds === undefined || (seconds >= 0 && seconds <= 3600))
        }
      ),
      { numRuns: 2000 }
    )
  })
})
