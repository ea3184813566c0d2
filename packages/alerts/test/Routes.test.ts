// Where messages go, and when: by routes, in quiet hours and mutes, over daylight saving.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Message, noon, planned, utc } from "./support/routing.ts"

const routes = `routes:
  - environment: production
    minSeverity: critical
    to: [pager, chat]
  - job: finance-*
    to: team
  - class: [lock, timeout]
    kind: failures
    to: chat
  - { environment: [qa, "5"], job: [15, "tag:daily*"], to: team }
default: chat
`

describe("Routes.plan", () => {
  for (
    const [title, message, told] of [
      ["by environment and severity", {}, "chat, pager"],
      ["by a severity that is not enough, to the default", { severity: "warning", kind: "late" }, "chat"],
      ["by the name of a job, beside other routes", { jobs: [{ jobName: "Finance-Close" }] }, "chat, team, pager"],
      ["by one of its jobs", { environmentID: "4", jobs: [{ jobID: 1 }, { jobName: "finance-close" }] }, "team"],
      ["by class", { environmentID: "9", class: "lock" }, "chat"],
      ["by the name of an environment in any case, and the id of a job", { environmentID: "4" }, "team"],
      ["by a selector", { environmentID: "5", jobs: [{ selector: "tag:daily and more" }] }, "team"],
      ["by all conditions of a route", { environmentID: "5", jobs: [{ jobID: 16 }], severity: "warning" }, "chat"]
    ] satisfies ReadonlyArray<readonly [string, Message, string]>
  ) {
    it.effect(`leads ${title}`, () =>
      Effect.gen(function*() {
        expect(yield* planned(routes, message)).toBe(told)
      }))
  }

  it.effect("leads by one of several classes or kinds, and by no other and none", () =>
    Effect.gen(function*() {
      const byKind = "routes:\n  - { kind: [late, missing], to: [pager, team] }\ndefault: chat\n"
      expect(yield* planned(byKind, { kind: "missing" })).toBe("team, pager")
      expect(yield* planned(byKind, { kind: "stuck" })).toBe("chat")
      const byClass = "routes:\n  - { class: [lock], to: [pager, team] }\ndefault: chat\n"
      expect(yield* planned(byClass, { class: "lock" })).toBe("team, pager")
      expect(yield* planned(byClass, { class: "timeout" })).toBe("chat")
      expect(yield* planned(byClass, {})).toBe("chat")
    }))

  it.effect("leads everywhere without routes, and nowhere only if the file says so", () =>
    Effect.gen(function*() {
      expect(yield* planned("", {})).toBe("chat, team, pager")
      expect(yield* planned("default: [chat, pager]\n".replace("pager", "pager, team"), {})).toBe("chat, team, pager")
      const nowhere = "routes:\n  - { environment: QA, to: [chat, team, pager] }\ndefault: none\n"
      expect(yield* planned(nowhere, {})).toBe("")
      expect(yield* planned(nowhere, { environmentID: "4" })).toBe("chat, team, pager")
    }))

  for (
    const [pattern, name, holds] of [
      ["finance-*", "finance-close", true],
      ["finance-*", "my finance-close", false],
      ["*close", "finance-close", true],
      ["*nan*lo*", "finance-close", true],
      ["*fin*close", "finance-close", true],
      ["fin*ance", "finance", true],
      ["*lo*nan*", "finance-close", false],
      ["fin*ance*ance", "finance", false],
      ["*", "anything", true],
      ["finance.*", "financeX", false],
      [`${"*a".repeat(60)}*b`, "a".repeat(50_000), false]
    ] as const
  ) {
    it.effect(`reads ${pattern.slice(0, 20)} as ${holds ? "" : "not "}${name.slice(0, 20)}`, () =>
      Effect.gen(function*() {
        const rest = `routes:\n  - { job: ${JSON.stringify(pattern)}, to: [chat, team, pager] }\ndefault: none\n`
        expect((yield* planned(rest, { jobs: [{ jobName: name }] })) !== "").toBe(holds)
      }))
  }

  const nights = `quietHours:
  - { from: 22:00, until: 07:00, to: chat }
  - { from: 00:00, until: 24:00, days: [sat, sun], passes: critical, to: team }
`
  for (
    const [title, now, message, told] of [
      ["not before they begin", "2026-11-03T21:59", {}, "chat, team, pager"],
      ["until they end, on the next day", "2026-11-03T22:00", {}, "chat Held until 2026-11-04T07:00, team, pager"],
      ["after midnight", "2026-11-04T06:59", {}, "chat Held until 2026-11-04T07:00, team, pager"],
      ["not when they have ended", "2026-11-04T07:00", {}, "chat, team, pager"],
      [
        "over a weekend, with the hours that follow one another",
        "2026-11-07T12:00",
        { severity: "warning" },
        "chat, team Held until 2026-11-09T00:00, pager"
      ],
      ["but for a severity that passes", "2026-11-07T12:00", { severity: "critical" }, "chat, team, pager"]
    ] satisfies ReadonlyArray<readonly [string, string, Message, string]>
  ) {
    it.effect(`holds back in quiet hours, ${title}`, () =>
      Effect.gen(function*() {
        expect(yield* planned(nights, message, utc(now))).toBe(told)
      }))
  }

  for (
    const [title, timeZone, hours, now, until] of [
      ["summer time", "Europe/London", "22:00 07:00", "2026-07-01T23:00", "2026-07-02T06:00"],
      ["the night of 8 hours", "Europe/London", "22:00 07:00", "2026-03-28T23:00", "2026-03-29T06:00"],
      ["the night of 10 hours", "Europe/London", "22:00 07:00", "2026-10-24T23:00", "2026-10-25T07:00"],
      [
        "an end that daylight saving leaves out",
        "Europe/London",
        "22:00 01:30",
        "2026-03-28T23:00",
        "2026-03-29T01:30"
      ],
      ["an end that comes twice: the first", "Europe/London", "22:00 01:30", "2026-10-24T23:00", "2026-10-25T00:30"],
      ["a zone far ahead", "Pacific/Auckland", "22:00 07:00", "2026-11-03T12:00", "2026-11-03T18:00"],
      ["a zone far behind", "America/Los_Angeles", "22:00 07:00", "2026-11-03T12:00", "2026-11-03T15:00"],
      ["a day that has begun there", "Pacific/Auckland", "00:30 02:00", "2026-11-03T12:00", "2026-11-03T13:00"],
      ["a day without midnight", "America/Santiago", "22:00 24:00", "2026-09-06T03:00", "2026-09-06T04:00"]
    ] as const
  ) {
    it.effect(`ends quiet hours in their zone: ${title}`, () =>
      Effect.gen(function*() {
        const [from, to] = hours.split(" ")
        const rest = `quietHours:\n  - { from: ${from}, until: ${to}, to: chat }\n`
        expect(yield* planned(rest, {}, utc(now), [], timeZone)).toBe(`chat Held until ${until}, team, pager`)
      }))
  }

  it.effect("holds back in the hours that begin on the days that are named", () =>
    Effect.gen(function*() {
      const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
      for (const day of days) {
        const rest = `quietHours:\n  - { from: 11:00, until: 13:00, days: ${day}, to: [chat, team, pager] }\n`
        // The second of November was a Monday.
        const told = yield* Effect.forEach(days, (_, index) => planned(rest, {}, utc(`2026-11-0${index + 2}T12:00`)))
        expect(told.flatMap((text, index) => text.includes("Held") ? days[index] ?? [] : [])).toEqual([day])
      }
    }))

  it.effect("ends hours that overlap with the last of them, and those without end after 60 of them", () =>
    Effect.gen(function*() {
      const hours = (...all: ReadonlyArray<string>) =>
        `quietHours:\n${all.map((one) => `  - { ${one}, to: chat }\n`).join("")}`
      for (
        const all of [["from: 22:00, until: 06:00", "from: 23:00, until: 07:00"], [
          "from: 23:00, until: 07:00",
          "from: 22:00, until: 06:00"
        ]]
      ) {
        expect(yield* planned(hours(...all), {}, utc("2026-11-03T23:30"))).toBe(
          "chat Held until 2026-11-04T07:00, team, pager"
        )
      }
      expect(yield* planned(hours("from: 00:00, until: 24:00"), {}, noon)).toBe(
        "chat Held until 2027-01-02T00:00, team, pager"
      )
    }))

  const mute = (conditions: string) => `mute:\n  - { ${conditions}until: 2026-11-05, reason: FIN-12, to: [chat] }\n`
  for (
    const [title, conditions, message, now, told] of [
      ["until the beginning of its day", "", {}, "2026-11-04T23:59", "chat Muted until 2026-11-05T00:00, team, pager"],
      ["not from then on", "", {}, "2026-11-05T00:00", "chat, team, pager"],
      [
        "what is of its job",
        "job: Nightly, ",
        {},
        "2026-11-03T12:00",
        "chat Muted until 2026-11-05T00:00, team, pager"
      ],
      [
        "nothing that hits another job too",
        "job: Nightly, ",
        { jobs: [{ jobName: "Nightly" }, { jobName: "Weekly" }] },
        "2026-11-03T12:00",
        "chat, team, pager"
      ],
      [
        "nothing that is of no job, such as a watch that fails",
        "job: Nightly, ",
        { kind: "watch", jobs: [] },
        "2026-11-03T12:00",
        "chat, team, pager"
      ],
      [
        "nothing that hits jobs that are not listed",
        "job: Nightly, ",
        { more: 1 },
        "2026-11-03T12:00",
        "chat, team, pager"
      ],
      ["nothing of another kind", "kind: late, ", {}, "2026-11-03T12:00", "chat, team, pager"]
    ] satisfies ReadonlyArray<readonly [string, string, Message, string, string]>
  ) {
    it.effect(`mutes ${title}`, () =>
      Effect.gen(function*() {
        expect(yield* planned(mute(conditions), message, utc(now))).toBe(told)
      }))
  }

  it.effect("ends a mute at a local time, and by the longest of two", () =>
    Effect.gen(function*() {
      const mutes = [
        "  - { until: 2026-07-05T09:00, reason: a }\n",
        "  - { until: 2026-07-04, reason: b, to: [chat, pager] }\n"
      ]
      for (const rest of [mutes, [...mutes].reverse()]) {
        expect(yield* planned(`mute:\n${rest.join("")}`, {}, utc("2026-07-01T12:00"))).toBe(
          ["chat", "team", "pager"].map((name) => `${name} Muted until 2026-07-05T08:00`).join(", ")
        )
      }
    }))
})
