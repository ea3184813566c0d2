import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call } from "../support/call.ts"
import { morning, over, some } from "../support/listRuns.ts"

describe("an empty list", () => {
  it.effect("says what was asked, in which window, and how close the nearest run is", () =>
    Effect.gen(function*() {
      yield* morning
      const { facts, text } = yield* call({
        since: "2026-11-03T04:31Z",
        until: "2026-11-03T04:59Z",
        runType: "refresh"
      })
      expect(facts).toMatchObject({
        runs: [],
        truncated: false,
        nearest: { before: { id: 4022 }, after: { id: 4023 } }
      })
      expect(text).toMatch(/^No runs \(runType refresh\), 2026-11-03 04:31 – /)
      expect(text.split("\n").slice(1)).toEqual([
        "The nearest run that matches runType before the window is run 4022 (refresh, completed, 2026-11-03 04:30), 31 minutes before it.",
        "The nearest run that matches runType after the window is run 4023 (refresh, completed, 2026-11-03 05:00), 1 minute after it."
      ].map((line) => expect.stringMatching(line.replace(/\d+ minutes?/, "\\d+ minutes?").replace(/[()]/g, "\\$&"))))
    }).pipe(over(some)))

  it.effect("distinguishes an account without runs from filters that match nothing", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ environmentID: "nowhere" })
      expect(text.split("\n")).toEqual([
        expect.stringMatching(/^No runs \(environmentID nowhere\), /),
        expect.stringMatching(/^The latest run of any kind is run 4040 /)
      ])
    }).pipe(over(some)))

  it.effect("of an account without runs says so", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ window: "last_7_days" })
      expect(text.split("\n").slice(1)).toEqual([expect.stringContaining("The token sees no runs at all")])
    }).pipe(over([])))

  it.effect("says that the nearest run is not of the job, and of any of the statuses, that were asked for", () =>
    Effect.gen(function*() {
      const { text } = yield* call({
        jobID: "no such job",
        runStatus: ["canceled", "running"],
        since: "2026-11-03T04:31Z",
        until: "2026-11-03T04:59Z"
      })
      expect(text).toContain(
        "The nearest run that matches runType, of any status, of any job before the window is run 4022 "
      )
    }).pipe(over(some)))

  it.effect("of undecodable rows is no account without runs", () =>
    Effect.gen(function*() {
      yield* morning
      for (const args of [{}, { window: "last_night" }]) {
        const { text } = yield* call(args)
        expect(text).toMatch(/^No runs that could be decoded, /)
        expect(text.split("\n").slice(1)).toEqual([
          expect.stringMatching(/^Skipped \d+ undecodable rows: /),
          "The nearest run is not known: a request failed."
        ])
      }
    }).pipe(over(some.map((run): SimulatedRun => ({ ...run, runStatus: "" })))))

  it.effect("lists the jobs that it saw", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ jobID: "Dayly sales" })
      expect(text).toContain("Jobs in these rows: ")
      expect(text).toContain("\"Daily sales\" (job 11)")
    }).pipe(over(some)))

  it.effect("of waiting runs in a window says where they are", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ window: "today", runStatus: "waitingToRun" })
      expect(text).toContain("list them without window, since and until")
    }).pipe(over(some)))
})
