// The destinations of alerts.yml, whose secrets are in the environment; and the schema that the package publishes.
import { AlertsConfig } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"

const withSecrets = `version: 1
timeZone: UTC
destinations:
  chat: { type: slackWebhook, url: "\${SLACK_URL}" }
  bot: { type: slackBot, token: "\${SLACK_TOKEN}", channel: C024BE7LR }
  teams: { type: teams, url: "\${TEAMS_URL}" }
  onCall: { type: pagerDuty, routingKey: "\${PD_KEY}", source: prod }
  program: { type: webhook, url: "\${HOOK_URL}", secret: "\${HOOK_SECRET}" }
  log: { type: stdout }
heartbeat: \${HEARTBEAT_URL}
`

const environment = {
  SLACK_URL: "https://hooks.slack.com/services/T0/B0/SECRET",
  SLACK_TOKEN: "xoxb-SECRET",
  TEAMS_URL: "https://prod.example.com/SECRET",
  PD_KEY: "0123456789abcdefSECRET0123456789",
  HOOK_URL: "https://example.com/SECRET",
  HOOK_SECRET: "whsec_U0VDUkVU",
  HEARTBEAT_URL: "https://hc-ping.com/SECRET"
}

const made = (variables: Readonly<Record<string, string>>) =>
  Effect.flatMap(
    AlertsConfig.parse(withSecrets),
    (config) => Effect.all([AlertsConfig.destinations(config), AlertsConfig.heartbeat(config)])
  ).pipe(
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))
  )

describe("AlertsConfig.destinations", () => {
  it.effect("makes each destination of the file, under its name, with the secrets of the environment", () =>
    Effect.gen(function*() {
      const [destinations] = yield* made(environment)
      expect(destinations.map(({ name }) => name)).toEqual(["chat", "bot", "teams", "onCall", "program", "log"])
    }))

  it.effect("names each variable that is not set, or has no secret of its kind, and repeats none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(made({
        SLACK_URL: "http://hooks.slack.com/SECRET",
        SLACK_TOKEN: "xoxb SECRET",
        TEAMS_URL: " ",
        PD_KEY: "SECRET",
        HOOK_URL: "https://user:SECRET@example.com"
      }))
      expect(error.message.split("\n")).toEqual([
        "alerts.yml: destinations.chat.url: Expected https:, because http: would send the message and its address unencrypted.",
        "alerts.yml: destinations.bot.token: Expected a token.",
        "alerts.yml: destinations.teams.url: The environment variable TEAMS_URL is not set.",
        "alerts.yml: destinations.onCall.routingKey: Expected 32 letters and digits.",
        "alerts.yml: destinations.program.secret: The environment variable HOOK_SECRET is not set."
      ])
    }))

  it.effect("reads the address of Slack's API and of PagerDuty's where the file names one", () =>
    Effect.gen(function*() {
      const text = withSecrets.replace("C024BE7LR }", "C024BE7LR, url: \"${SLACK_API}\" }")
        .replace("source: prod }", "source: prod, url: \"${PD_API}\" }")
      const error = yield* Effect.flatMap(AlertsConfig.parse(text), AlertsConfig.destinations).pipe(
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ ...environment, PD_API: "ftp://x" })
        ),
        Effect.flip
      )
      expect(error.message.split("\n")).toEqual([
        "alerts.yml: destinations.bot.url: The environment variable SLACK_API is not set.",
        expect.stringMatching(/^alerts\.yml: destinations\.onCall\.url: Expected/)
      ])
    }))

  it.effect("refuses a heartbeat over http:", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(made({ ...environment, HEARTBEAT_URL: "http://hc-ping.com/SECRET" }))
      expect(error.message).toMatch(/^alerts\.yml: heartbeat: Expected https:/)
      expect(JSON.stringify(error)).not.toContain("SECRET")
    }))
})

/** The settings that an editor can say nothing of. */
const undescribed = (schema: unknown, path = ""): ReadonlyArray<string> => {
  if (typeof schema !== "object" || schema === null) return []
  const properties = new Map(Object.entries("properties" in schema ? schema.properties ?? {} : {}))
  return [
    ...[...properties].flatMap(([name, field]) =>
      typeof field === "object" && field !== null && "description" in field ? [] : [`${path}/${name}`]
    ),
    ...Object.entries(schema).flatMap(([key, inside]) => undescribed(inside, `${path}/${key}`))
  ]
}

describe("AlertsConfig.jsonSchema", () => {
  it("has a text for each setting but the type of a destination, which has its values", () => {
    const without = undescribed(AlertsConfig.jsonSchema())
    expect(without).toHaveLength(6)
    expect(without.filter((path) => !path.endsWith("/type"))).toEqual([])
  })

  it("is the schema that the package publishes: `npm run schema` writes it", () => {
    const published = readFileSync(new URL("../alerts.schema.json", import.meta.url), "utf8")
    expect(JSON.parse(published)).toEqual(AlertsConfig.jsonSchema())
  })
})

describe("the file in docs/alerts.md", () => {
  it.effect("is valid, and leads everywhere that it names", () =>
    Effect.gen(function*() {
      const page = readFileSync(new URL("../../../docs/alerts.md", import.meta.url), "utf8")
      const [, text = ""] = /```yaml\n(# yaml-language-server: [^]*?)```/.exec(page) ?? []
      const config = yield* AlertsConfig.parse(text, { file: "docs/alerts.md" })
      expect(Object.keys(config.destinations)).toEqual(["dataTeam", "finance", "onCall"])
      expect([config.routes?.length, config.quietHours?.length, config.mute?.length]).toEqual([3, 2, 1])
      expect(AlertsConfig.selection(config)).toEqual({ environmentID: "3" })
    }))
})
