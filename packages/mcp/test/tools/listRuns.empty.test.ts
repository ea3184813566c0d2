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
        "The nearest refresh before the window is run 4022 (refresh \"Customer 360\" (job 12) in env 2, completed, 2026-11-03 04:30), 1 minute before it.",
        "The nearest refresh after the window is run 4023 (refresh \"Marketing attribution\" (job 13) in env 3, completed, 2026-11-03 05:00), 1 minute after it."
      ])
    }).pipe(over(some)))

  it.effect("distinguishes an account without runs from filters that match nothing", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ environmentID: "nowhere" })
      expect(text.split("\n")).toEqual([
        expect.stringMatching(/^No runs \(environmentID nowhere\), /),
        expect.stringMatching(/^The latest run of any kind is run 4040 /),
        "Environments of the latest runs: 2, 4, 3."
      ])
    }).pipe(over(some)))

  it.effect("of an account without runs says so", () =>
    Effect.gen(function*() {
      const { text } = yield* call({ window: "last_7_days" })
      expect(text.split("\n").slice(1)).toEqual([expect.stringContaining("The token sees no runs at all")])
    }).pipe(over([])))

  it.effect("names the nearest run of any status where none of those asked for is near, and no run of another job", () =>
    Effect.gen(function*() {
      const asked = { runStatus: ["canceled", "running"], since: "2026-11-03T04:31Z", until: "2026-11-03T04:59Z" }
      const { text } = yield* call({ ...asked, jobID: "12" })
      expect(text).toContain("The nearest refresh that matches jobID, of any status before the window is run 4022 ")
      const unknown = yield* call({ ...asked, jobID: "no such job" })
      expect(unknown.text).toContain(
        "\nNo refresh that matches runStatus, jobID is among the 1000 rows before or after the window."
      )
      expect(unknown.text).not.toMatch(/run \d/)
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
