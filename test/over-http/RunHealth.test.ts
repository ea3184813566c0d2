// Checks each night of the simulator over real HTTP.
import { Report, RunHealth } from "@coalesce-runs/core"
import { Nights } from "@coalesce-runs/simulator"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { nights } from "./expectedFacts/nights.ts"
import { check, during, factsOf } from "./support/health.ts"

describe("what needs attention", () => {
  it("is written down for each night", () => {
    expect(Object.keys(nights)).toEqual(Nights.all().map(({ name }) => name))
    expect(Object.keys(nights).length).toBeGreaterThanOrEqual(20)
  })

  it.effect.each(Nights.all())("on $name", (night) =>
    Effect.gen(function*() {
      const health = yield* during(night, check())
      expect(factsOf(health)).toEqual(nights[night.name])
      expect(health.unavailable).toEqual([])
      // The facts encode to plain JSON, and come back as they were.
      const json: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(RunHealth.Health)(health)))
      expect(Schema.decodeUnknownSync(RunHealth.Health)(json)).toEqual(health)
      const text = Report.toText(RunHealth.report(health))
      const isWell = (nights[night.name] ?? []).every((fact) => / \(\d+, recovered /.test(fact))
      expect(text).toMatch(isWell ? /^Nothing needs attention\. / : /^\d things? needs? attention: /)
      expect(text).toMatchSnapshot()
    }))
})
