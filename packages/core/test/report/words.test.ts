import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { defaultBounds } from "../../src/report/model.ts"
import * as time from "../../src/report/time.ts"
import * as Words from "../../src/report/words.ts"

const instant = DateTime.makeUnsafe("2026-11-03T01:00:07Z")

describe("the words of a report", () => {
  it("cleans and bounds text of the API", () => {
    const words = Words.make({ bounds: { shortMessage: 40 } })
    expect(words.quote("a\u0000b")).toEqual({ quote: "a b" })
    expect([words.quote("\u200b"), words.quote(undefined)]).toEqual([undefined, undefined])
    expect(words.status("run\u0000ning")).toEqual({ status: "run ning" })
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
    ["2026-11-03T01:00:07Z", ", 1m ago"],
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
    expect(Words.section("list", ["T"], rows, 2, 4, "run")).toEqual([
      { title: ["T"], layout: "list", rows: rows.slice(0, 2), more: ["5 more runs"] }
    ])
    expect(Words.section("list", undefined, rows, 2)).toStrictEqual([
      { layout: "list", rows: rows.slice(0, 2), more: ["1 more"] }
    ])
    expect(Words.section("list", undefined, rows, 2, 0, "run")[0]?.more).toEqual(["1 more run"])
    expect(Words.section("inline", undefined, rows, 2, 0, "", true)).toStrictEqual([
      { layout: "inline", rows: rows.slice(0, 2), more: ["at least 1 more"] }
    ])
    expect(Words.section("table", undefined, rows, 3)).toStrictEqual([{ layout: "table", rows }])
    expect(Words.section("list", ["T"], [], 2)).toEqual([])
  })

  it("makes a row of a cell, and of lines below it", () => {
    expect(Words.row(["a"])).toEqual({ cells: [["a"]] })
    expect(Words.row(["a"], [["b"]])).toEqual({ cells: [["a"]], details: [["b"]] })
  })

  it("links an address that needs no cleaning and is not too long", () => {
    const { link } = Words.make({ bounds: { message: 30 } })
    expect(link("https://app.example/1")).toEqual({ link: "https://app.example/1" })
    expect([link(undefined), link("https://app.example/\u0000"), link(`https://app.example/${"1".repeat(20)}`)])
      .toEqual(
        [undefined, undefined, undefined]
      )
  })

  it.each<[options: object, violation: string]>([
    [{ bounds: 5 }, "bounds"],
    [{ bounds: { names: 5, rowz: 5 } }, "bounds"],
    [{ bounds: { names: 5, rows: "5" } }, "bounds"],
    [{ bounds: { names: NaN } }, "bounds"],
    [{ names: "3=production" }, "names"],
    [{ now: new Date(NaN) }, "now"],
    [{ now: 5 }, "now"],
    [{ clean: "yes" }, "clean"],
    [{ timeZone: 5 }, "timeZone"]
  ])("refuses %j", (options, field) => {
    expect(() => Words.make(options)).toThrow(`\`${field}\`: Expected`)
  })

  it("names the bounds that there are", () => {
    const reason = "Expected numbers, each one of name, id, message, shortMessage, messages, sql, names, rows, groups"
    expect(() => Words.make({ bounds: { names: NaN } })).toThrow(reason)
  })

  it("takes a bound that is undefined for one that is not set", () => {
    const bounds: object = { names: 2, rows: undefined }
    expect(Words.make({ bounds }).bounds).toEqual({ ...defaultBounds, names: 2 })
  })
})

describe("times and durations in words", () => {
  it.each([[0, "0s"], [59, "59s"], [60, "1m"], [849, "14m9s"], [7500, "2h5m"], [273_600, "3d4h"], [3600, "1h"]])(
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

  it("writes seconds and milliseconds only where there are any", () => {
    const minute = DateTime.makeUnsafe("2026-11-03T01:00:00Z")
    expect(time.local(minute, time.zoneOf()).time).toBe("01:00")
    expect(time.isoUtc(minute)).toBe("2026-11-03T01:00:00Z")
    expect(time.isoUtc(DateTime.makeUnsafe("2026-11-03T01:00:00.070Z"))).toBe("2026-11-03T01:00:00.070Z")
  })

  it.each([
    ["2026-10-24T23:59:00Z", "00:59"],
    ["2026-10-25T00:00:00Z", "01:00+01:00"],
    ["2026-10-25T00:59:00Z", "01:59+01:00"],
    ["2026-10-25T01:00:00Z", "01:00+00:00"],
    ["2026-10-25T01:59:00Z", "01:59+00:00"],
    ["2026-10-25T02:00:00Z", "02:00"],
    ["2026-03-29T00:59:00Z", "00:59"],
    ["2026-03-29T01:00:00Z", "02:00"]
  ])("writes the offset of %s in London where the clocks show its time twice: %s", (utc, shown) => {
    const at = DateTime.makeUnsafe(utc)
    expect(time.localTime(at, time.zoneOf("Europe/London"))).toBe(shown)
    expect(time.localMinute(at, time.zoneOf("Europe/London"))).toBe(
      `${utc.slice(0, 8)}${utc.includes("-10-") ? 25 : 29} ${shown}`
    )
  })

  it.each(["+05:30", "-08:00", "+19:59", "+23:00", "-00:45"])("takes %s for an offset", (name) => {
    expect(Option.map(time.zoneNamed(name), (zone) => [zone._tag, DateTime.zoneToString(zone)])).toEqual(
      Option.some(["Offset", name])
    )
  })

  it.each(["+24:00", "+05:60", "+5:30", "+05:300", "+05:30x", "GMT+05:30", "Mars/Olympus", ""])(
    "knows no zone %j",
    (name) => {
      expect(Option.isNone(time.zoneNamed(name))).toBe(true)
      expect(DateTime.zoneToString(time.zoneOf(name))).toBe("+00:00")
    }
  )

  it("knows zones by their names, and UTC where none is named", () => {
    expect([time.zoneOf("Europe/Berlin"), time.zoneOf()].map(DateTime.zoneToString)).toEqual(["Europe/Berlin", "UTC"])
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
