import { Incident } from "@coalesce-runs/alerts"
import { Report } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { badNumber, missing, night, play, type Step } from "./support/story.ts"

describe("Incident.Message", () => {
  it.effect("encodes to JSON, and has an id of its own", () =>
    Effect.gen(function*() {
      const { messages } = yield* play([
        [night("02:00"), { id: 1, error: missing }],
        [night("02:30"), { id: 2, reRunOf: 1 }]
      ])
      const json = JSON.stringify(Schema.encodeSync(Schema.Array(Incident.Message))(messages))
      const decoded = Schema.decodeUnknownSync(Schema.Array(Incident.Message))(JSON.parse(json))
      expect(decoded).toEqual(messages)
      const [incidentID] = messages.map((message) => message.incidentID)
      expect(messages.map(({ id }) => id)).toEqual([`${incidentID}-1`, `${incidentID}-2`])
    }))

  it.effect("leaves out SQL and values of rows, unless the details are full", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [[night("02:00"), { id: 1, error: badNumber }]]
      const [brief, full] = yield* Effect.all([play(steps), play(steps, { details: "full" })])
      const [textOfBrief, textOfFull] = [brief, full].map(({ messages, state }) => JSON.stringify([messages, state]))
      for (const hidden of ["4111-1111", "secret of a row"]) {
        expect(textOfBrief).not.toContain(hidden)
        expect(textOfFull).toContain(hidden)
      }
      expect(Report.toText(brief.messages[0]?.report ?? { headline: [], lines: [], sections: [], nextSteps: [] }))
        .toContain("numeric value")
    }))

  it.effect("names the job in the headline of what a check found: that is all that a notification shows", () =>
    Effect.gen(function*() {
      const { messages } = yield* play([
        [night("02:00"), { id: 1, failedTest: "ID is unique" }],
        [night("02:15"), "check"],
        [night("03:00"), { id: 2 }],
        [night("03:15"), "check"]
      ])
      const headlines = messages.map(({ report, status }) => `${status}: ${Report.toText(report).split("\n")[0]}`)
      expect(headlines).toHaveLength(2)
      for (const [index, status] of ["opened", "resolved"].entries()) {
        expect(headlines[index]).toMatch(
          new RegExp(
            `^${status}: Completed, but data tests failed: 1, refresh "Job 15" \\(job 15\\) in env 3 .*"ID is unique"`
          )
        )
      }
    }))

  it.effect("leaves out names of users, also of a cause that is about one, unless the details are full", () =>
    Effect.gen(function*() {
      const errors = [
        "User 'ADA.LOVELACE' is disabled",
        "003001 (42501): SQL access control error: Insufficient privileges to operate on user 'ADA.LOVELACE'."
      ]
      for (const error of errors) {
        const steps: ReadonlyArray<Step> = [[night("02:00"), { id: 1, error }]]
        const [brief, full] = yield* Effect.all([play(steps), play(steps, { details: "full" })])
        expect(JSON.stringify(brief.messages)).not.toContain("LOVELACE")
        expect(JSON.stringify(full.messages)).toContain("LOVELACE")
      }
    }))
})
