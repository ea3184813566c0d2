import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { RunInspection } from "../../src/index.ts"

describe("what an inspection compares with", () => {
  it.effect("is the last success, nothing, or a run by its id", () =>
    Effect.gen(function*() {
      const texts = [undefined, "last_success", "none", "7", "123456789012345"]
      expect(yield* Effect.forEach(texts, RunInspection.readCompareWith)).toEqual([
        undefined,
        "last_success",
        "none",
        7,
        123_456_789_012_345
      ])
    }))

  it.effect("is refused like other texts", () =>
    Effect.gen(function*() {
      for (const text of ["", "7x", "#7", "-7", "7.5", "last", "1234567890123456"]) {
        expect((yield* Effect.flip(RunInspection.readCompareWith(text))).violations).toEqual([
          { field: "compareWith", reason: "Expected last_success, none, or a run's id" }
        ])
      }
    }))
})
