// What is told of an incident over time: held back, muted, and ended where it was told. Stories, and any story.
import { AlertsConfig, Routes } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { advance, file, type Message, messageOf, noon, utc } from "./support/routing.ts"

/** When, what happens, and the file from there on, if it changes. */
type Step = readonly [at: string, message: Message | undefined, rest?: string]

/** Plays steps, and returns what was told where, such as `03 12:00 chat team i opened`. */
const play = (first: string, steps: ReadonlyArray<Step>) =>
  Effect.gen(function*() {
    let state = Routes.begin()
    let config = yield* AlertsConfig.parse(file(first))
    const lines: Array<string> = []
    for (const [index, [at, message, rest]] of steps.entries()) {
      if (rest !== undefined) config = yield* AlertsConfig.parse(file(rest))
      const now = utc(`2026-11-${at.replace(" ", "T")}`)
      const made = message === undefined ? [] : [messageOf(now, { ...message, sequence: index + 1 })]
      const step = advance(config, state, made, now, ["i"])
      state = step.state
      lines.push(...step.tellings.map(({ message: { status }, to }) => `${at} ${to.join(" ")} ${status}`))
    }
    return lines
  })

const onlyPager = "routes:\n  - { to: [pager, chat, team], minSeverity: critical }\ndefault: none\n"
const onlyChat =
  "routes:\n  - { to: [chat], minSeverity: critical }\n  - { to: [team, pager], kind: late }\ndefault: none\n"
const muted = "mute:\n  - { until: 2026-11-20, reason: move }\n"
const quiet = "quietHours:\n  - { from: 22:00, until: 07:00, to: [chat, team], passes: critical }\n"
const late = { severity: "warning", kind: "late" } satisfies Message

const stories: Readonly<Record<string, { file: string; steps: ReadonlyArray<Step>; told: ReadonlyArray<string> }>> = {
  "tells the end where the beginning was told, though no route leads there any more": {
    file: onlyPager,
    steps: [["03 12:00", {}], ["03 13:00", { status: "updated" }, onlyChat], ["03 14:00", { status: "resolved" }]],
    told: ["03 12:00 chat team pager opened", "03 13:00 chat updated", "03 14:00 chat team pager resolved"]
  },
  "tells the end of what was muted meanwhile, but no update": {
    file: "",
    steps: [["03 12:00", {}], ["03 13:00", { status: "updated" }, muted], ["03 14:00", { status: "resolved" }]],
    told: ["03 12:00 chat team pager opened", "03 14:00 chat team pager resolved"]
  },
  "tells the end of what is no longer severe": {
    file: onlyPager,
    steps: [["03 12:00", {}], ["03 13:00", { ...late, status: "updated" }], ["03 14:00", {
      ...late,
      status: "resolved"
    }]],
    told: ["03 12:00 chat team pager opened", "03 14:00 chat team pager resolved"]
  },
  "tells the end at once in quiet hours, and leaves out the update that they hold back": {
    file: quiet,
    steps: [
      ["03 21:00", late],
      ["03 23:00", { ...late, status: "updated" }],
      ["04 02:00", { ...late, status: "resolved" }],
      ["04 07:00", undefined]
    ],
    told: ["03 21:00 chat team pager opened", "03 23:00 pager updated", "04 02:00 chat team pager resolved"]
  },
  "tells the end to nobody else": {
    file: onlyChat,
    steps: [["03 12:00", {}], ["03 14:00", { status: "resolved" }, ""]],
    told: ["03 12:00 chat opened", "03 14:00 chat resolved"]
  },
  "tells nobody of what was muted and is over": {
    file: muted,
    steps: [["03 12:00", {}], ["03 14:00", { status: "resolved" }], ["20 00:00", undefined]],
    told: []
  },
  "tells what is muted and not over when the mute ends": {
    file: muted,
    steps: [["03 12:00", {}], ["19 23:59", undefined], ["20 00:00", undefined], ["20 00:05", undefined]],
    told: ["20 00:00 chat team pager opened"]
  },
  "tells what is muted when the mute is taken out of the file": {
    file: muted,
    steps: [["03 12:00", {}], ["03 12:05", undefined, ""], ["03 12:10", undefined]],
    told: ["03 12:05 chat team pager opened"]
  },
  "tells what quiet hours held back once, by its last message, when they end": {
    file: quiet,
    steps: [
      ["03 23:00", late],
      ["04 01:00", { ...late, status: "updated" }],
      ["04 06:59", undefined],
      ["04 07:00", undefined],
      ["04 07:05", undefined],
      ["04 08:00", { ...late, status: "resolved" }]
    ],
    told: [
      "03 23:00 pager opened",
      "04 01:00 pager updated",
      "04 07:00 chat team updated",
      "04 08:00 chat team pager resolved"
    ]
  },
  "tells nobody of what began and ended in quiet hours, but those who had no such hours": {
    file: quiet,
    steps: [["03 23:00", late], ["04 05:00", { ...late, status: "resolved" }], ["04 07:00", undefined]],
    told: ["03 23:00 pager opened", "04 05:00 pager resolved"]
  },
  "tells at once what becomes severe enough to pass": {
    file: quiet,
    steps: [["03 23:00", late], ["04 01:00", { status: "updated" }], ["04 07:00", undefined]],
    told: ["03 23:00 pager opened", "04 01:00 chat team pager updated"]
  },
  "tells a destination that a route leads to later, and its end too": {
    file: onlyChat,
    steps: [
      ["03 12:00", {}],
      ["03 13:00", { kind: "late", status: "updated" }],
      ["03 14:00", { status: "resolved" }]
    ],
    told: ["03 12:00 chat opened", "03 13:00 chat team pager updated", "03 14:00 chat team pager resolved"]
  },
  "tells what came back by the routes of then, and both ends": {
    file: onlyPager,
    steps: [
      ["03 12:00", {}],
      ["03 13:00", { status: "resolved" }],
      ["03 14:00", { status: "updated" }, onlyChat],
      ["03 15:00", { status: "resolved" }]
    ],
    told: [
      "03 12:00 chat team pager opened",
      "03 13:00 chat team pager resolved",
      "03 14:00 chat updated",
      "03 15:00 chat resolved"
    ]
  },
  "holds back what hours of a later file hold back, and drops what no route leads to any more": {
    file: quiet,
    steps: [
      ["03 23:00", late],
      ["04 07:00", undefined, quiet.replace("07:00", "08:00")],
      ["04 08:00", undefined, onlyChat.replace("late", "[late, stuck]").replace("[team, pager]", "[team, pager]")]
    ],
    told: ["03 23:00 pager opened", "04 08:00 team opened"]
  }
}

describe("Routes.advance", () => {
  for (const [title, { file: first, steps, told }] of Object.entries(stories)) {
    it.effect(title, () =>
      Effect.gen(function*() {
        expect(yield* play(first, steps)).toEqual(told)
      }))
  }

  it.effect("keeps incidents apart: each ends where it was told, and each is held back by itself", () =>
    Effect.gen(function*() {
      const routes = "routes:\n  - { kind: late, to: [chat, team] }\n  - { kind: stuck, to: [pager] }\ndefault: none\n"
      const config = yield* AlertsConfig.parse(file(routes + quiet.replace("[chat, team]", "[chat, team, pager]")))
      const i = { ...late, incident: "i" } satisfies Message
      const j = { ...late, kind: "stuck", incident: "j" } satisfies Message
      const step = (state: Routes.State, time: string, ...messages: ReadonlyArray<Message>) => {
        const now = utc(`2026-11-${time}`)
        return advance(config, state, messages.map((message) => messageOf(now, message)), now, ["i", "j"])
      }
      const told = ({ tellings }: Routes.Step) =>
        tellings.map(({ message, to }) => `${message.incidentID} ${message.status} ${to.join(" ")}`)
      const opened = step(Routes.begin(), "03T12:00", i, j)
      expect(told(opened)).toEqual(["i opened chat team", "j opened pager"])
      const ended = step(opened.state, "03T13:00", { ...i, status: "resolved" })
      expect(told(ended)).toEqual(["i resolved chat team"])
      expect(ended.state.held).toEqual([])
      expect(told(step(ended.state, "03T14:00", { ...j, status: "resolved" }))).toEqual(["j resolved pager"])
      const held = step(Routes.begin(), "03T23:00", i, j)
      expect(told(held)).toEqual([])
      const over = step(held.state, "04T01:00", { ...i, status: "resolved" })
      expect(over.state.held.map(({ message, to }) => [message.incidentID, to])).toEqual([["j", ["pager"]]])
      expect(told(step(over.state, "04T07:00"))).toEqual(["j opened pager"])
    }))

  it.effect("holds back the last message for each destination, where a later one goes to some of them", () =>
    Effect.gen(function*() {
      const routes =
        "routes:\n  - { kind: late, to: [chat, team] }\n  - { kind: stuck, to: [chat, pager] }\ndefault: none\n"
      expect(
        yield* play(routes + quiet, [
          ["03 23:00", late],
          ["04 01:00", { ...late, kind: "stuck", status: "updated" }],
          ["04 07:00", undefined]
        ])
      ).toEqual(["04 01:00 pager updated", "04 07:00 team opened", "04 07:00 chat updated"])
    }))

  it.effect("keeps a state that is stored as text and read back, and refuses another text", () =>
    Effect.gen(function*() {
      const config = yield* AlertsConfig.parse(file(quiet))
      const now = utc("2026-11-03T23:00")
      const { state } = advance(config, Routes.begin(), [messageOf(now, late)], now, ["i"])
      expect(state.told).toEqual([{ incidentID: "i", to: ["pager"] }])
      expect(state.held.map(({ to }) => to)).toEqual([["chat", "team"]])
      const codec = Schema.fromJsonString(Routes.State)
      const decode = Schema.decodeUnknownSync(codec)
      expect(decode(Schema.encodeSync(codec)(state))).toEqual(state)
      for (const part of ["told", "held"]) {
        expect(() => decode(JSON.stringify({ version: 1, told: [], held: [], [part]: [{}] }))).toThrow(part)
      }
    }))

  it.effect("keeps nothing of a message that goes nowhere", () =>
    Effect.gen(function*() {
      const config = yield* AlertsConfig.parse(file(onlyChat))
      const step = advance(config, Routes.begin(), [messageOf(noon, { ...late, kind: "stuck" })], noon, ["i"])
      expect(step).toEqual({ state: Routes.begin(), tellings: [], held: [] })
    }))

  it.effect("makes the same tellings of the same state, and forgets incidents that are forgotten", () =>
    Effect.gen(function*() {
      const config = yield* AlertsConfig.parse(file(quiet))
      const now = utc("2026-11-03T23:00")
      const messages = [messageOf(now, late), messageOf(now, { incident: "j" })]
      const [one, two] = [1, 2].map(() => advance(config, Routes.begin(), messages, now, ["i", "j"]))
      expect(one).toEqual(two)
      expect(one?.held.map(({ decision, destination }) => `${destination} ${decision._tag}`)).toEqual([
        "chat Held",
        "team Held"
      ])
      expect(one && advance(config, one.state, [], now, []).state).toEqual(Routes.begin())
    }))

  it.effect("tells the end to all who were told and to no other, whatever the files and the times", () =>
    Effect.gen(function*() {
      const configs = yield* Effect.forEach(
        ["", onlyPager, onlyChat, muted, quiet, `${quiet}${onlyChat}`],
        (rest) => AlertsConfig.parse(file(rest))
      )
      const step = FastCheck.record({
        config: FastCheck.constantFrom(...configs),
        minutes: FastCheck.integer({ min: 0, max: 900 }),
        status: FastCheck.constantFrom("opened" as const, "updated" as const, "resolved" as const, undefined),
        isLate: FastCheck.boolean()
      })
      FastCheck.assert(
        FastCheck.property(FastCheck.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
          let state = Routes.begin()
          let now = noon
          const open = new Set<string>()
          for (const [index, { config, isLate, minutes, status }] of steps.entries()) {
            now = DateTime.add(now, { minutes })
            const message = status === undefined ? {} : { ...(isLate ? late : {}), status, sequence: index + 1 }
            const step = advance(config, state, status === undefined ? [] : [messageOf(now, message)], now, ["i"])
            state = step.state
            const ends = step.tellings.filter((telling) => telling.message.status === "resolved").flatMap(({ to }) =>
              to
            )
            expect(new Set(ends)).toEqual(status === "resolved" ? new Set(open) : new Set())
            for (const telling of step.tellings) for (const name of telling.to) open.add(name)
            if (status === "resolved") open.clear()
            if (status === "resolved") expect(state.held).toEqual([])
          }
        }),
        { numRuns: 300 }
      )
    }))
})
