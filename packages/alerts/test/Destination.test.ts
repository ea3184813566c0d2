// What destinations are sent: within the vendors' limits, and with text of the API that means nothing in their media.
import { Destination, type Incident, PagerDuty, Slack, Stdout, Teams, Webhook } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "fast-check"
import { generated, hostile, opensAndResolves, saying } from "./support/messages.ts"

const { pagerDuty, slack, teams } = Destination.limits

const slackTexts = ({ blocks, text }: Slack.Payload) => [text, ...blocks.map((block) => block.text.text)]
const teamsTexts = ({ attachments: [{ content }] }: Teams.Payload) =>
  content.body.flatMap(({ inlines }) => inlines.map(({ text }) => text))

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length

/** Each limit of a vendor that a payload breaks. */
const broken = (message: Incident.Message): ReadonlyArray<string> => {
  const toSlack = Slack.payload(message)
  const toTeams = Teams.payload(message)
  const toPagerDuty = PagerDuty.payload(message)
  const checks: Readonly<Record<string, boolean>> = {
    "Slack's blocks": toSlack.blocks.length <= slack.blocks,
    "Slack's texts": slackTexts(toSlack).reduce((sum, text) => sum + text.length, 0) <= slack.texts,
    "Slack's headers": toSlack.blocks.every(({ text, type }) => type !== "header" || text.text.length <= slack.header),
    "Slack's sections": toSlack.blocks.every(({ text }) => text.text.length >= 1 && text.text.length <= slack.section),
    "Teams' bytes, in either encoding": Math.max(bytes(toTeams), 2 * JSON.stringify(toTeams).length) <= teams.bytes,
    "PagerDuty's bytes": bytes({ routing_key: "x".repeat(32), ...toPagerDuty }) <= pagerDuty.bytes,
    "PagerDuty's summary": toPagerDuty.payload.summary.length >= 1 &&
      toPagerDuty.payload.summary.length <= pagerDuty.summary,
    "PagerDuty's key": toPagerDuty.dedup_key.length <= pagerDuty.dedupKey,
    "whole characters": JSON.stringify([toSlack, toTeams, toPagerDuty]).search(/\\ud[89a-f]/) === -1
  }
  return Object.entries(checks).flatMap(([limit, holds]) => holds ? [] : [limit])
}

describe("payloads", () => {
  it.effect("keep the vendors' limits, whatever a message holds", () =>
    Effect.gen(function*() {
      const [opened] = yield* opensAndResolves
      FastCheck.assert(
        FastCheck.property(generated(opened), (message) => {
          expect(broken(message)).toEqual([])
        }),
        { numRuns: 150 }
      )
    }), 120_000)

  for (const text of hostile) {
    it.effect(`make nothing of ${JSON.stringify(text.slice(0, 50))}`, () =>
      Effect.gen(function*() {
        const [opened] = yield* opensAndResolves
        const message = saying(opened, text)
        expect(broken(message)).toEqual([])
        for (const said of slackTexts(Slack.payload(message))) {
          // Neither a mention nor a link, and no entity that was one before.
          expect(said).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
          expect(said.replace(/`[^`\n]*`/g, "")).not.toMatch(/[@#*_~:](?!\u200b| )/)
        }
        for (const said of teamsTexts(Teams.payload(message))) expect(said).not.toMatch(/\{\{|\$\{|<\/?at\b/i)
        const shown = [
          ...teamsTexts(Teams.payload(message)),
          PagerDuty.payload(message).payload.summary,
          ...PagerDuty.payload(message).payload.custom_details.report
        ]
        for (const said of shown) expect(said).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
        expect(Stdout.payload(message)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
        expect(PagerDuty.payload(message).links).toEqual([])
        expect(Teams.payload(message).attachments[0].content.actions).toEqual([])
      }))
  }

  it.effect("say what is new, in the words of core's report, with the page of the run", () =>
    Effect.gen(function*() {
      const [opened, resolved] = yield* opensAndResolves
      const message = { ...opened, runLink: "https://app.coalescesoftware.io/runs/1" }
      const toSlack = Slack.payload(message)
      expect(slackTexts(toSlack)[1]).toBe("New")
      expect(toSlack.text).toMatch(/^New: Run 1 failed/)
      expect(slackTexts(toSlack).at(-1)).toBe("<https://app.coalescesoftware.io/runs/1|Open the run>")
      expect(teamsTexts(Teams.payload(message)).slice(0, 2).join(": ")).toMatch(/^New: Run 1 failed/)
      expect(Teams.payload(message).attachments[0].content.actions[0]?.url).toBe(message.runLink)
      expect(PagerDuty.payload(message)).toMatchObject({
        event_action: "trigger",
        dedup_key: opened.incidentID,
        payload: { severity: "critical", component: "Job 15", group: "3", class: "missingObjectOrGrant" },
        links: [{ href: message.runLink }]
      })
      expect(PagerDuty.payload(resolved)).toMatchObject({ event_action: "resolve", dedup_key: opened.incidentID })
      expect(slackTexts(Slack.payload(resolved))[1]).toBe("Resolved")
      expect(Stdout.payload(resolved)).toMatch(/^Resolved:\nRun 1 failed/)
      expect(Stdout.payload(opened)).not.toMatch(/^> |each\s+night/m)
      const { runLink: _, ...noLink } = message
      expect(Stdout.payload(message)).toBe(`${Stdout.payload(noLink)}\n${message.runLink}`)
      expect(Stdout.payload(opened, { width: 40 }).split("\n")[1]?.length).toBeLessThanOrEqual(40)
      expect(Stdout.payload(opened, { nameCall: ({ action }) => action })).toContain("> summarize  each night")
      expect(Webhook.payload(resolved).type).toBe("incident.resolved")
    }))

  it("that were not taken are told by destination, message and reason, with the status of a response", () => {
    const failed = { destination: "slack", messageID: "a-1", reason: "it refused the message", isRetryable: false }
    expect(new Destination.DeliveryFailed({ ...failed, status: 400 }).message).toBe(
      "slack did not take message a-1 (status 400): it refused the message."
    )
    expect(new Destination.DeliveryFailed(failed).message).toBe(
      "slack did not take message a-1: it refused the message."
    )
  })

  it.effect("say how many lines they left out", () =>
    Effect.gen(function*() {
      const [opened] = yield* opensAndResolves
      const lines = Array.from({ length: 500 }, (_, index) => [`Line ${index} of the report, which is long.`])
      const message = { ...opened, report: { ...opened.report, lines, sections: [] } }
      expect(slackTexts(Slack.payload(message)).join("\n")).toMatch(/… \d+ more lines/)
      expect(teamsTexts(Teams.payload(message)).at(-1)).toMatch(/^… \d+ more lines$/)
      const long = Array.from({ length: 400 }, () => ["é".repeat(1000)])
      const toPagerDuty = PagerDuty.payload({ ...message, report: { ...message.report, lines: long } })
      expect(toPagerDuty.payload.custom_details.report.at(-1)).toMatch(/^… \d+ more lines$/)
      expect(bytes(toPagerDuty)).toBeLessThan(pagerDuty.bytes)
      expect(bytes(toPagerDuty)).toBeGreaterThan(pagerDuty.bytes - 25_000)
    }))
})
