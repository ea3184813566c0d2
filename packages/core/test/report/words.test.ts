import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as time from "../../src/report/time.ts"
import * as Words from "../../src/report/words.ts"

const instant = DateTime.makeUnsafe("2026-11-03T01:00:07Z")

describe("the words of a report", () => {
  it("cleans and bounds text of the API", () => {
    const words = Words.make({ bounds: { shortMessage: 40 } })
    expect(words.quote("a\u0000b")).toEqual({ quote: "a b" })
    expect(words.quote("\u200b")).toBeUndefined()
    expect(words.quote("x".repeat(100))).toEqual({ quote: "xxxxxxxxx…[82 characters cut]…xxxxxxxxx" })
  })

  it("uses the caller's own cleaning", () => {
    expect(Words.make({ clean: (text) => text.toUpperCase() }).name("orders")).toEqual({ name: "ORDERS" })
  })

  it("shows times in the zone of the options, of the facts, or in UTC", () => {
    expect(Words.make({ timeZone: "Europe/Berlin" }, "America/New_York").minute(instant)).toBe("2026-11-03 02:00")
    expect(Words.make({}, "+05:30").minute(instant)).toBe("2026-11-03 06:30")
    expect(Words.make().minute(instant)).toBe("2026-11-03 01:00")
  })

  it.each([
    ["2026-11-03T01:00:20Z", ", 1m ago"],
    ["2026-11-03T01:14:00Z", ", 14m ago"],
    [
      "2026-11-03T05:12:00Z",
      ", 4h ago"
    ],
    ["2026-11-06T05:12:00Z", ", 3d ago"],
    ["2026-11-03T01:00:00Z", ""]
  ])(
    "says to a person who reads at %s how long ago an instant was: \"%s\"",
    (now, ago) => expect(Words.make({ now: new Date(now) }).ago(instant)).toBe(ago)
  )

  it("does not say how long ago an instant was without the time of reading", () => {
    expect(Words.make().ago(instant)).toBe("")
    expect(Words.make().ago(DateTime.makeUnsafe("1969-12-31T00:00:00Z"))).toBe("")
  })

  it("counts what a section does not show", () => {
    const rows = ["a", "b", "c"].map((text) => Words.row([text]))
    expect(Words.section("list", ["T"], rows, 2, 4, "runs")).toEqual([
      { title: ["T"], layout: "list", rows: rows.slice(0, 2), more: ["5 more runs"] }
    ])
    expect(Words.section("list", ["T"], [], 2)).toEqual([])
  })
})

describe("times and durations in words", () => {
  it.each([[0, "0s"], [59, "59s"], [849, "14m9s"], [7500, "2h5m"], [273_600, "3d4h"], [3600, "1h"]])(
    "%i seconds are %s",
    (seconds, text) => expect(time.shortDuration(seconds)).toBe(text)
  )

  it.each([[60_000, "1 minute"], [7_200_000, "2 hours"], [-172_800_000, "2 days"]])(
    "%i milliseconds apart are %s",
    (millis, text) => expect(time.distance(millis)).toBe(text)
  )

  it("writes instants in UTC and in a zone", () => {
    expect(time.isoUtc(instant)).toBe("2026-11-03T01:00:07Z")
    expect(time.local(instant, time.zoneOf("Europe/Berlin"))).toEqual({ day: "2026-11-03", time: "02:00:07" })
  })

  it("writes plurals", () => {
    expect([time.plural(1, "run"), time.plural(2, "run"), time.plural(0, "refresh", "refreshes")]).toEqual([
      "1 run",
      "2 runs",
      "0 refreshes"
    ])
  })

  it("names an environment and a user beside its id, and by the id alone without a name", () => {
    const { environment, user } = Words.make({
      names: { environments: { "3": "production\u001b[2J" }, users: { u1: "Ada" } }
    })
    expect(environment("3")).toEqual([{ name: "production" }, " (", { name: "3" }, ")"])
    expect([environment("toString"), user("u1"), user("u2")]).toEqual([
      [{ name: "toString" }],
      [{ name: "Ada" }, " (", { name: "u1" }, ")"],
      [{ name: "u2" }]
    ])
  })
})
