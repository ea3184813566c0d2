// What the clock of a zone shows, and back.
import { assert, describe, it } from "@effect/vitest"
import { clockOf, dayName, dayNumber, minuteOfTime, timeOfDay, utc, weekdayOf } from "../../src/baseline/clock.ts"

const minute = (time: string) => Date.parse(time) / 60_000

describe("the clock of a zone", () => {
  it("shows its time, and finds the minute of what it shows, on either side of daylight saving", () => {
    const london = clockOf("Europe/London")
    for (
      const [time, offset] of [["2026-03-29T00:59Z", 0], ["2026-03-29T01:00Z", 60], ["2026-10-25T01:00Z", 0]] as const
    ) {
      assert.strictEqual(london.offset(minute(time)), offset)
      assert.strictEqual(london.shown(minute(time)), minute(time) + offset)
      assert.strictEqual(london.minuteOf(minute(time) + offset), minute(time))
    }
    assert.deepStrictEqual([london.timeZone, clockOf("Asia/Kolkata").shown(0)], ["Europe/London", 330])
    const newYork = clockOf("America/New_York")
    assert.strictEqual(newYork.minuteOf(minute("2026-06-01T02:00Z")), minute("2026-06-01T06:00Z"))
    assert.strictEqual(newYork.minuteOf(minute("2026-03-08T03:00Z")), minute("2026-03-08T07:00Z"))
    assert.deepStrictEqual([utc.offset(7), utc.shown(7), utc.minuteOf(7), clockOf("UTC")], [0, 7, 7, utc])
  })

  it("is in whole minutes, also where the offset had seconds", () => {
    // Monrovia was behind by 44 minutes and 30 seconds.
    assert.strictEqual(clockOf("Africa/Monrovia").offset(minute("1971-01-01T00:00Z")), -44)
  })

  it("is made once, as long as there are few zones", () => {
    const [first, second] = [clockOf("Europe/Paris"), clockOf("Europe/Paris")]
    assert.strictEqual(first, second)
    for (const zone of Intl.supportedValuesOf("timeZone").slice(0, 60)) clockOf(zone)
    assert.notStrictEqual(clockOf("Europe/Paris"), first)
    assert.strictEqual(clockOf("Europe/Paris").shown(0), 60)
    assert.strictEqual(clockOf("UTC"), utc)
  })
})

describe("a day and its times", () => {
  it("are numbers and back", () => {
    assert.deepStrictEqual([0, 150, 1439].map(timeOfDay), ["00:00", "02:30", "23:59"])
    assert.deepStrictEqual(["00:00", "02:30", "23:59"].map(minuteOfTime), [0, 150, 1439])
    assert.deepStrictEqual([dayNumber("1970-01-02"), dayNumber("1970-01-02"), dayName(1)], [1, 1, "1970-01-02"])
    // The first of January 1970 was a Thursday.
    assert.deepStrictEqual([-4, -3, 0, 3, 4].map(weekdayOf), [7, 1, 4, 7, 1])
  })
})
