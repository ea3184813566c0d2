import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { usualStarts } from "../../src/timeline/usualStarts.ts"
import { daily, window } from "../support/timeline.ts"

describe("the usual starts of a timeline", () => {
  const iso = (starts: ReadonlyArray<DateTime.Utc>) => starts.map((start) => DateTime.formatIso(start).slice(0, 16))

  it("lie where the clock of the job shows them, on its days of the week", () => {
    const week = window("2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z", "Europe/London")
    assert.deepStrictEqual(iso(usualStarts(daily("Europe/London"), week)), [
      "2026-10-24T01:00",
      "2026-10-25T02:00",
      "2026-10-26T02:00"
    ])
    assert.deepStrictEqual(iso(usualStarts(daily("UTC", [1]), week)), ["2026-10-26T02:00"])
    assert.deepStrictEqual(usualStarts({}, week), [])
  })

  it("lie from the begin of the window to right before its end", () => {
    const days = window("2026-11-03T02:00:00Z", "2026-11-05T02:00:00Z")
    assert.deepStrictEqual(iso(usualStarts(daily("UTC"), days)), ["2026-11-03T02:00", "2026-11-04T02:00"])
  })

  it("are each told once and in their order, the first 100 of them", () => {
    const [two] = daily("UTC").starts.times
    const [five] = daily("Europe/Berlin").starts.times
    const of = (...times: ReadonlyArray<typeof two>) => ({
      starts: { times: times.flatMap((time) => time ?? []), runs: 20 }
    })
    const days = window("2026-11-03T00:00:00Z", "2026-11-05T00:00:00Z")
    assert.deepStrictEqual(iso(usualStarts(of(two, five, two), days)), [
      "2026-11-03T01:00",
      "2026-11-03T02:00",
      "2026-11-04T01:00",
      "2026-11-04T02:00"
    ])
    const year = window("2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z")
    const found = iso(usualStarts(of(two, five), year))
    assert.deepStrictEqual([found.length, found.at(-1)], [100, "2026-02-19T02:00"])
  })
})
