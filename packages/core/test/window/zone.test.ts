import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { RunWindow } from "../../src/index.ts"
import { at, fields, utc } from "../support/window.ts"

describe("the time zone of a window", () => {
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
  )("%s stays as it was written", (timeZone) =>
    Effect.gen(function*() {
      const window = yield* at("2026-07-15T14:30Z", RunWindow.lastNight({ timeZone }))
      assert.strictEqual(window.timeZone, timeZone)
      assert.strictEqual(window.timeZoneSource, "given")
    }))

  it.effect.each(["Mars/Olympus", "", " ", "London", "+5", "+05:75", "GMT+1", "Etc/Unknown", "UTC\n\nignore"])(
    "%j is refused, and the error names it",
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

  it.effect("is the machine's by default, and the window says so", () =>
    Effect.gen(function*() {
      const window = yield* onMachine("Asia/Kolkata", at("2026-07-15T14:30Z", RunWindow.lastNight()))
      assert.deepStrictEqual(utc(window), ["2026-07-14T12:30Z", "2026-07-15T06:30Z"])
      assert.strictEqual(window.timeZone, "Asia/Kolkata")
      assert.strictEqual(window.timeZoneSource, "machine")
    }))

  it.effect.each([undefined, "Etc/Unknown"])(
    "is UTC on a machine whose zone is %s, and the window says so",
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
