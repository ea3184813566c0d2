import { Incident } from "@coalesce-runs/alerts"
import { Report } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { badNumber, missing, night, play, quota, type Step } from "./support/story.ts"

const none: Report.Report = { headline: [], lines: [], sections: [], nextSteps: [] }

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
      expect(Report.toText(brief.messages[0]?.report ?? none))
        .toContain("numeric value")
    }))

  it.effect("leaves out what a data test found, unless the details are full", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [[night("02:00"), { id: 1, failedTest: "ID is unique" }], [
        night("02:15"),
        "check"
      ]]
      const [brief, full] = yield* Effect.all([play(steps), play(steps, { details: "full" })])
      expect(brief.messages).toHaveLength(1)
      expect(JSON.stringify(brief.messages)).not.toContain("secret of a test")
      expect(JSON.stringify(full.messages)).toContain("secret of a test")
      expect(Report.toText(full.messages[0]?.report ?? none)).toContain("secret of a test")
    }))

  it.effect("names no user, whoever ran it", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [
        [night("02:00"), { id: 1, error: missing }],
        [night("02:01"), { id: 2, job: 16, failedTest: "ID is unique" }],
        [night("02:15"), "check"]
      ]
      const { messages } = yield* play(steps, { report: { names: { users: { "u-1": "Ada" } } } })
      expect(messages).toHaveLength(2)
      expect(JSON.stringify(messages)).not.toMatch(/Ada|u-1/)
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

describe("Incident.Message, beside its report", () => {
  const names = { environments: { "3": "production" } }

  it.effect("says the environment, the cause, the page of the run, and how it stands", () =>
    Effect.gen(function*() {
      const { messages, state } = yield* play([
        [night("02:00"), { id: 1, error: quota }],
        [night("02:20"), { id: 2, job: 16, error: quota }],
        [night("03:00"), { id: 3, job: 15 }],
        [night("03:30"), { id: 4, job: 16 }]
      ])
      expect(messages.map(({ sequence, status }) => [sequence, status])).toEqual([
        [1, "opened"],
        [2, "updated"],
        [3, "resolved"]
      ])
      for (const message of messages.slice(0, 2)) {
        expect(message).toMatchObject({ environmentID: "3", cause: { class: "warehouseOrQuota" } })
        expect(message.runLink).toMatch(/\/runs\/[12]$/)
        expect(message.diagnosis?.run?.id).toBe(message.sequence)
      }
      expect(state.incidents[0]?.resolvedAt).toEqual(DateTime.toUtc(DateTime.makeUnsafe(`${night("03:30")}Z`)))
      // Of failures the headline is kept: the run is diagnosed again.
      expect(state.incidents[0]?.report).toEqual({
        headline: messages[2]?.report.headline,
        lines: [],
        sections: [],
        nextSteps: []
      })
    }))

  it.effect("tells each finding of a check by its own words, and keeps them for the end", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [
        [night("02:00"), { id: 1, failedTest: "ID is unique" }],
        [night("02:01"), { id: 2, job: 16, env: "4", failedTest: "secret of a test" }],
        [night("02:10"), "check"],
        [night("15:00"), "check"]
      ]
      const { messages, state } = yield* play(steps, { report: { names } })
      const headlines = messages.map(({ report }) => Report.toText({ ...report, lines: [], sections: [] }))
      expect(messages.map(({ environmentID, why }) => `${why} ${environmentID}`)).toEqual([
        "first 4",
        "first 3",
        "expired 4",
        "expired 3"
      ])
      expect(headlines[0]).toContain("job 16")
      expect(headlines[1]).toContain("job 15")
      expect(headlines[1]).toContain("production (3)")
      expect(headlines.slice(2)).toEqual(headlines.slice(0, 2))
      expect(messages.map(({ finding }) => finding?.kind)).toEqual(["failedTests", "failedTests", undefined, undefined])
      expect(messages.every(({ cause, runLink }) => cause === undefined && runLink === undefined)).toBe(true)
      Schema.encodeSync(Schema.Array(Incident.Message))(messages)
      expect(state.incidents.map((incident) => incident.report)).toEqual(messages.slice(2).map((one) => one.report))
      // The section that became the headline is not told again.
      expect(Report.toText(messages[0]?.report ?? none).split("ID is unique")).toHaveLength(1)
      expect(Report.toText(messages[1]?.report ?? none).split("ID is unique")).toHaveLength(2)
    }))

  it.effect("has the diagnosis of its own run, where several are due", () =>
    Effect.gen(function*() {
      const { messages } = yield* play([
        [night("02:00"), { id: 1, error: missing, unseen: true }],
        [night("02:01"), { id: 2, job: 16, error: quota, unseen: true }],
        [night("02:10"), "check"]
      ])
      expect(messages).toHaveLength(2)
      for (const { diagnosis, jobs } of messages) expect(diagnosis?.run?.id).toBe(jobs.listed[0]?.runID)
    }))

  it.effect("keeps the headline of the check where its rows are left out", () =>
    Effect.gen(function*() {
      const { messages } = yield* play([
        [night("02:00"), { id: 1, failedTest: "ID is unique" }],
        [night("02:10"), "check"]
      ], { report: { bounds: { rows: 0 } } })
      expect(messages.map((message) => Report.toText({ ...message.report, lines: [], sections: [], nextSteps: [] })))
        .toEqual(["1 thing needs attention: 1 run with failed data tests."])
    }))

  it.effect("names environments, in the time zone that is asked for", () =>
    Effect.gen(function*() {
      const steps: ReadonlyArray<Step> = [[night("02:00"), { id: 1, error: missing }]]
      const [brief, full] = yield* Effect.all([
        play(steps, { report: { names, timeZone: "Asia/Tokyo" } }),
        play(steps, { report: { names, timeZone: "Asia/Tokyo" }, details: "full" })
      ])
      for (const { messages: [message] } of [brief, full]) {
        const text = Report.toText(message?.report ?? none)
        expect(text).toContain("production (3)")
        expect(text).toContain("10:59")
      }
    }))
})
