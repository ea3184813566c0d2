import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { call } from "../support/call.ts"
import { morning, over, requests, some } from "../support/listRuns.ts"

describe("the window", () => {
  it.effect("is resolved, in UTC and in the zone", () =>
    Effect.gen(function*() {
      yield* morning
      const { facts, text } = yield* call({ window: "last_night", timeZone: "America/New_York", limit: 3 })
      expect(facts.window).toEqual({
        name: "last_night",
        since: DateTime.makeUnsafe("2026-11-02T23:00:00Z"),
        until: DateTime.makeUnsafe("2026-11-03T09:30:00Z"),
        timeZone: "America/New_York",
        timeZoneSource: "given"
      })
      expect(text).toContain(
        "2026-11-02 18:00 – 2026-11-03 04:30 America/New_York (2026-11-02T23:00Z – 2026-11-03T09:30Z)"
      )
      expect(text).toContain("runs that have not started are not in it")
      expect(facts.runs.map(({ runStartTime }) => runStartTime && DateTime.formatIso(runStartTime))).toEqual([
        "2026-11-03T09:00:02.000Z",
        "2026-11-03T08:30:01.000Z",
        "2026-11-03T08:00:00.000Z"
      ])
      expect(Array.from(text.matchAll(/^40\d\d .*?(\d\d:\d\d)/gm), ([, time]) => time)).toEqual([
        "04:00",
        "03:30",
        "03:00"
      ])
    }).pipe(over(some)))

  it.effect("is in the zone of COALESCE_TIME_ZONE, unless the call names one", () =>
    Effect.gen(function*() {
      yield* morning
      const zoneOf = (args: object) =>
        Effect.map(call({ window: "today", ...args }), ({ facts }) => facts.window?.timeZone)
      expect(yield* zoneOf({})).toBe("Asia/Kolkata")
      expect(yield* zoneOf({ timeZone: "Europe/London" })).toBe("Europe/London")
    }).pipe(
      over(some),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ COALESCE_TIME_ZONE: "Asia/Kolkata" })))
    ))

  it.effect("names the variable when the zone there is none", () =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(call({ window: "today" }))).toContain(
        "COALESCE_TIME_ZONE: There is no time zone \"Mars\""
      )
    }).pipe(
      over(some),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({ COALESCE_TIME_ZONE: "Mars" })))
    ))

  it.effect.each<[args: object, field: string]>([
    [{ window: "today", since: "3d" }, "since: "],
    [{ window: "today", until: "2026-11-03" }, "until: "],
    [{ until: "2026-11-03" }, "since: "],
    [{ window: "today", orderBy: "runEndTime" }, "orderBy: "],
    [{ since: "7d", orderBy: "runEndTime" }, "orderBy: "],
    [{ since: "the other day" }, "since: "],
    [{ since: "2026-11-03", until: "2026-11-01" }, "since: "],
    [{ since: "1d", timeZone: "Mars" }, "timeZone: "],
    [{ since: "1d", startingFrom: "4711" }, "startingFrom: "],
    [{ startingFrom: "yesterday" }, "startingFrom: "],
    [{ jobID: "12", runType: "deploy" }, "jobID: "],
    [{ environmentID: "3".repeat(401) }, "environmentID: Longer than 400"],
    [{ jobID: "x".repeat(100_000) }, "jobID: Longer than 400"]
  ])("of %o is refused, and nothing is asked", ([args, field]) =>
    Effect.gen(function*() {
      const said = yield* Effect.flip(call(args))
      expect(said).toContain("list_runs was not run")
      expect(said).toContain(`- ${field}`)
      expect(yield* requests).toHaveLength(0)
    }).pipe(over(some)))

  it.effect("in ascending order begins with its first run", () =>
    Effect.gen(function*() {
      yield* morning
      const { facts } = yield* call({
        since: "2026-11-02T18:00Z",
        until: "2026-11-02T20:00Z",
        orderByDirection: "asc"
      })
      expect(facts.runs.map(({ id }) => id)).toEqual([4001, 4002, 4003, 4004])
    }).pipe(over(some)))
})
