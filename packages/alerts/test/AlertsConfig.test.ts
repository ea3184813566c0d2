// alerts.yml: what is read of it, and what each mistake is told as, with its line.
// Long because the mistakes are one table.
import { AlertsConfig } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const minimal = `version: 1
timeZone: Europe/London
destinations:
  dataTeam:
    type: stdout
`

const problemsOf = (text: string) =>
  AlertsConfig.parse(text).pipe(Effect.flip, Effect.map(({ message }) => message.split("\n")))

/** A mistake, as it is told. `…` stands for the rest of a line. */
const mistakes: Readonly<Record<string, { readonly text: string; readonly told: ReadonlyArray<string> }>> = {
  "an unknown key, with the one that was meant": {
    text: `${minimal}rout:\n  - to: dataTeam\n`,
    told: ["alerts.yml:6:1: rout: There is no key \"rout\" here. Did you mean \"routes\"?"]
  },
  "all that is wrong, in the schema and beyond it, with a type that does not exist": {
    text: `version: 1
timeZone: UTC
destinations:
  dataTeam:
    type: slackWebhok
    url: https://hooks.example/s3cret
  onCall:
    type: pagerDuty
    routingKey: s3cret
  two words:
    type: stdout
  three more words:
    type: stdout
routes:
  - to: nobody
    environment: prod
default: none
quietHours:
  - from: "07:00"
    until: "07:00"
`,
    told: [
      "alerts.yml:4:3: destinations.dataTeam: No route and no default leads to it. Name it there, or remove it.",
      "alerts.yml:5:11: destinations.dataTeam.type: There is no type \"slackWebhok\". Did you mean \"slackWebhook\"?",
      "alerts.yml:6:10: destinations.dataTeam.url: Expected the name of an environment variable, …",
      "alerts.yml:7:3: destinations.onCall: No route and no default leads to it. Name it there, or remove it.",
      "alerts.yml:9:17: destinations.onCall.routingKey: Expected the name of an environment variable, …",
      "alerts.yml:10:3: destinations.…: This cannot be a key here. Expected a name of at most 40 letters, digits, - and _.",
      "alerts.yml:12:3: destinations.…: This cannot be a key here. Expected a name of at most 40 letters, digits, - and _.",
      "alerts.yml:15:9: routes[0].to: There is no destination \"nobody\". Expected one of: dataTeam, onCall.",
      "alerts.yml:16:18: routes[0].environment: No environment is called \"prod\". Write its id, or name it in …",
      "alerts.yml:20:12: quietHours[0].until: The hours begin and end at the same time. …"
    ]
  },
  "a key that is misspelt, and nothing that follows from it": {
    text: `${minimal}routs:\n  - to: dataTeam\ndefault: none\n`,
    told: ["alerts.yml:6:1: routs: There is no key \"routs\" here. Did you mean \"routes\"?"]
  },
  "an unknown key inside, with all that there are": {
    text: `${minimal}health: { window: 12h }\n`,
    told: ["alerts.yml:6:11: health.window: There is no key \"window\" here. Expected one of: every, since."]
  },
  "a version that is newer": {
    text: "version: 2\nanything: else\n",
    told: [
      "alerts.yml:1:10: version: This release reads version 1. Update @coalesce-runs/alerts, or write the file for version 1."
    ]
  },
  "what is missing": {
    text: "version: 1\n",
    told: ["alerts.yml:1:1: timeZone: timeZone is missing.", "alerts.yml:1:1: destinations: destinations is missing."]
  },
  "a zone that does not exist": {
    text: minimal.replace("London", "Londn"),
    told: [
      "alerts.yml:2:11: timeZone: Expected the IANA name of a time zone such as Europe/London, or UTC, got \"Europe/Londn\"."
    ]
  },
  "a type of destination that does not exist": {
    text: minimal.replace("stdout", "pagerduty"),
    told: [
      "alerts.yml:5:11: destinations.dataTeam.type: There is no type \"pagerduty\". Did you mean \"pagerDuty\"?"
    ]
  },
  "a destination without a type": {
    text: minimal.replace("type: stdout", "url: ${SLACK_WEBHOOK_URL}"),
    told: [
      "alerts.yml:5:5: destinations.dataTeam: type is missing. Expected one of: slackWebhook, slackBot, teams, pagerDuty, webhook, stdout."
    ]
  },
  "a destination without its address": {
    text: minimal.replace("stdout", "teams"),
    told: ["alerts.yml:5:5: destinations.dataTeam.url: url is missing."]
  },
  "a destination that stands twice": {
    text: `${minimal}  dataTeam:\n    type: stdout\n`,
    told: ["alerts.yml:6:3: This key stands twice. Give each a name of its own, or remove one."]
  },
  "no destination at all": {
    text: "version: 1\ntimeZone: UTC\ndestinations: {}\n",
    told: ["alerts.yml:3:1: destinations: Name at least one destination."]
  },
  "routes to a destination that does not exist, wherever it is named": {
    text: `${minimal}routes:
  - to: [dataTeam, datateam]
default: onCall
mute:
  - { until: 2026-12-24, reason: move, to: dataTem }
quietHours:
  - { from: 22:00, until: 07:00, to: [dataTeam, other] }
`,
    told: [
      "alerts.yml:7:20: routes[0].to[1]: There is no destination \"datateam\". Did you mean \"dataTeam\"?",
      "alerts.yml:8:10: default: There is no destination \"onCall\". Expected one of: dataTeam.",
      "alerts.yml:10:44: mute[0].to: There is no destination \"dataTem\". Did you mean \"dataTeam\"?",
      "alerts.yml:12:49: quietHours[0].to[1]: There is no destination \"other\". Expected one of: dataTeam."
    ]
  },
  "routes that do not say where the rest goes, and a destination that nothing leads to": {
    text: `${minimal}  onCall: { type: stdout }\nroutes:\n  - to: dataTeam\n`,
    told: [
      "alerts.yml:6:3: destinations.onCall: No route and no default leads to it. Name it there, or remove it.",
      "alerts.yml:7:1: routes: Say where an incident goes that no route matches: add \"default: dataTeam\", or \"default: none\" for nowhere."
    ]
  },
  "a route to nowhere": {
    text: `${minimal}routes:\n  - to: []\n  - kind: late\ndefault: none\n`,
    told: [
      "alerts.yml:7:9: routes[0].to[0]: The list is empty. Name at least one.",
      "alerts.yml:8:5: routes[1].to: to is missing."
    ]
  },
  "words that are none of a list": {
    text: `${minimal}routes:
  - { minSeverity: crtical, class: [timeout, lok], kind: flaky, to: dataTeam }
default: none
details: short
`,
    told: [
      "alerts.yml:7:20: routes[0].minSeverity: \"crtical\" is not one of its values. Did you mean \"critical\"?",
      "alerts.yml:7:46: routes[0].class[1]: \"lok\" is not one of its values. Did you mean \"lock\"?",
      "alerts.yml:7:58: routes[0].kind: \"flaky\" is not one of its values. Expected one of: failures, missing, …",
      "alerts.yml:9:10: details: \"short\" is not one of its values. Expected one of: brief, full."
    ]
  },
  "an environment that has no such name": {
    text: `${minimal}report: { names: { environments: { "3": production } } }\nenvironment: prodution\n`,
    told: ["alerts.yml:7:14: environment: No environment is called \"prodution\". Did you mean \"production\"?"]
  },
  "an environment by a name that nothing explains": {
    text: `${minimal}environment: production\n`,
    told: [
      "alerts.yml:6:14: environment: No environment is called \"production\". Write its id, or name it in report.names.environments, such as \"3\": production."
    ]
  },
  "hours that are none": {
    text: `${minimal}quietHours:
  - { from: 25:00, until: 7:00 }
  - { from: 22:00, until: 07:00, days: [monday] }
`,
    told: [
      "alerts.yml:7:13: quietHours[0].from: Expected a time of day such as 07:30, got \"25:00\".",
      "alerts.yml:7:27: quietHours[0].until: Expected a time of day such as 07:30, got \"7:00\".",
      "alerts.yml:8:41: quietHours[1].days[0]: \"monday\" is not one of its values. Expected one of: mon, tue, wed, thu, fri, sat, sun."
    ]
  },
  "hours without a length": {
    text: `${minimal}quietHours:\n  - { from: 22:00, until: 22:00 }\n  - { from: 24:00, until: 07:00 }\n`,
    told: [
      "alerts.yml:7:27: quietHours[0].until: The hours begin and end at the same time. A whole day is 00:00 to 24:00.",
      "alerts.yml:8:13: quietHours[1].from: Hours begin between 00:00 and 23:59."
    ]
  },
  "a mute without an end, a reason, or a date that exists": {
    text:
      `${minimal}mute:\n  - kind: late\n  - { until: 2026-13-01, reason: move }\n  - { until: soon, reason: move }\n`,
    told: [
      "alerts.yml:7:5: mute[0].until: until is missing.",
      "alerts.yml:7:5: mute[0].reason: reason is missing.",
      "alerts.yml:8:14: mute[1].until: Expected a date that exists, got \"2026-13-01\".",
      "alerts.yml:9:14: mute[2].until: Expected a date such as 2026-12-24, or a time such as 2026-12-24T09:00, got \"soon\"."
    ]
  },
  "a duration that is none, or has no unit": {
    text: `${minimal}every: 30\nquiet: 10m\nfailedPolls: 0\n`,
    told: [
      "alerts.yml:6:8: every: Expected a duration such as 30 seconds, 15 minutes or 6 hours, got 30.",
      "alerts.yml:7:8: quiet: Expected a duration such as 30 seconds, 15 minutes or 6 hours, got \"10m\".",
      "alerts.yml:8:14: failedPolls: Expected an integer from 1 to 1000, got 0."
    ]
  },
  "a default that is no name": {
    text: `${minimal}default: 5\n`,
    told: ["alerts.yml:6:10: default: Expected the names of destinations, or none, got 5."]
  },
  "a key without a value": {
    text: `${minimal}mute:\n`,
    told: ["alerts.yml:6:6: mute: Expected a list, got nothing."]
  },
  "text that is no YAML": {
    text: `${minimal}mute:\n\t- x\n`,
    told: ["alerts.yml:7:1: Tabs are not allowed in the indentation. Use spaces."]
  },
  "a reference in braces without quotation marks": {
    text: minimal.replace("\n    type: stdout", " { type: teams, url: ${TEAMS_URL} }"),
    told: ["alerts.yml:4:34: This does not belong here. Put text with { } [ ] , or # in quotation marks."]
  },
  "each line that is no YAML": {
    text: `${minimal}mute:\n\t- x\n\t- y\n`,
    told: [7, 8].map((line) => `alerts.yml:${line}:1: Tabs are not allowed in the indentation. Use spaces.`)
  },
  "YAML whose mistake has no words of its own": {
    text: `${minimal}a: &a 1\nb: &b *a\n`,
    told: ["alerts.yml:7:7: This is not valid YAML."]
  },
  "a version in quotation marks": {
    text: minimal.replace("1", "\"2\""),
    told: ["alerts.yml:1:10: version: \"2\" is not one of its values. Did you mean \"1\"?"]
  },
  "an entry without a value": {
    text: `${minimal}routes:\n  -\ndefault: none\n`,
    told: ["alerts.yml:7:4: routes[0]: Expected keys and values, got nothing."]
  },
  "values of another kind": {
    text: `${minimal.replace("Europe/London", "[UTC]")}details: 5\nquiet: { a: 1 }\n`,
    told: [
      "alerts.yml:2:11: timeZone: Expected the IANA name of a time zone such as Europe/London, or UTC, got a list.",
      "alerts.yml:6:10: details: Expected one of: brief, full; got 5.",
      "alerts.yml:7:8: quiet: Expected a duration such as 30 seconds, 15 minutes or 6 hours, got keys and values."
    ]
  },
  "at most 40 characters of a value": {
    text: `${minimal}every: ${"a".repeat(38)}\nquiet: ${"b".repeat(39)}\n`,
    told: [
      `alerts.yml:6:8: every: Expected a duration such as 30 seconds, 15 minutes or 6 hours, got "${"a".repeat(38)}".`,
      `alerts.yml:7:8: quiet: Expected a duration such as 30 seconds, 15 minutes or 6 hours, got "${"b".repeat(39)}….`
    ]
  },
  "a key that no key is like": {
    text: `${minimal}health: { two words: 1 }\n`,
    told: ["alerts.yml:6:11: health.…: There is no such key here. Expected one of: every, since."]
  },
  "a name that is empty": {
    text: `${minimal}job: ""\n`,
    told: ["alerts.yml:6:6: job: Expected an id or a name, got \"\"."]
  },
  "neither one value nor a list": {
    text:
      `${minimal}routes:\n  - { to: dataTeam, environment: { a: 1 } }\n  - { to: dataTeam, environment: [[prod]] }\ndefault: none\n`,
    told: [
      "alerts.yml:7:34: routes[0].environment: Expected one value, or a list of values, got keys and values.",
      "alerts.yml:8:35: routes[1].environment[0]: Expected an id or a name, got a list."
    ]
  },
  "what is wrong in the destinations, and beside it what does not follow from that": {
    text: `version: 1
timeZone: Europe/Londn
destinations:
  dataTeam: { type: stdout, colour: red }
  onCall: { url: "\${URL}" }
  other: { url: "\${URL}" }
  window: { type: stdout }
health: { window: 12h }
routes:
  - to: [dataTeam, onCall, window]
default: none
`,
    told: [
      "alerts.yml:2:11: timeZone: Expected the IANA name of a time zone such as Europe/London, or UTC, got \"Europe/Londn\".",
      "alerts.yml:4:29: destinations.dataTeam.colour: There is no key \"colour\" here. Expected one of: type.",
      "alerts.yml:5:11: destinations.onCall: type is missing. Expected one of: slackWebhook, slackBot, teams, pagerDuty, webhook, stdout.",
      "alerts.yml:6:3: destinations.other: No route and no default leads to it. Name it there, or remove it.",
      "alerts.yml:6:10: destinations.other: type is missing. Expected one of: slackWebhook, slackBot, teams, pagerDuty, webhook, stdout.",
      "alerts.yml:8:11: health.window: There is no key \"window\" here. Expected one of: every, since."
    ]
  },
  "one route beside what is wrong in another": {
    text: `${minimal}routes:\n  - to: []\n  - { to: dataTeam, environment: prod }\ndefault: none\n`,
    told: [
      "alerts.yml:7:9: routes[0].to[0]: The list is empty. Name at least one.",
      "alerts.yml:8:34: routes[1].environment: No environment is called \"prod\". Write its id, …"
    ]
  },
  "a destination that the default does not name, without a route": {
    text: `${minimal}  onCall: { type: stdout }\ndefault: dataTeam\n`,
    told: ["alerts.yml:6:3: destinations.onCall: No route and no default leads to it. Name it there, or remove it."]
  },
  "what is missing in a route before what follows from it": {
    text: `${minimal}routes:\n  - kind: late\n`,
    told: ["alerts.yml:7:5: routes[0].to: to is missing."]
  },
  "an environment whose name begins like an id": {
    text: `${minimal}environment: dev\n`,
    told: [
      "alerts.yml:6:14: environment: No environment is called \"dev\". Write its id, or name it in report.names.environments, such as \"3\": production."
    ]
  },
  "a report that is wrong, and no environment that it may name": {
    text: `${minimal}report: { nams: { environments: { "3": production } } }\nenvironment: production\n`,
    told: ["alerts.yml:6:11: report.nams: There is no key \"nams\" here. Did you mean \"names\"?"]
  },
  "hours without a beginning and an end": {
    text: `${minimal}quietHours:\n  - { days: [mon] }\n`,
    told: [
      "alerts.yml:7:5: quietHours[0].from: from is missing.",
      "alerts.yml:7:5: quietHours[0].until: until is missing."
    ]
  },
  "a mistake in what an alias repeats, where the anchor has it": {
    text: `${minimal}  a: &a { type: teams, url: SECRET }\n  b: *a\n`,
    told: [6, 6].map((line) => `alerts.yml:${line}:29: destinations.…`)
  },
  "text alone, and nothing": {
    text: "hello\n",
    told: ["alerts.yml:1:1: Expected keys and values, got a string."]
  },
  "aliases that grow without end": {
    text: `a: &a [x, x]\n${
      [..."bcdefghi"].map((name, index) => `${name}: &${name} [${`*${"abcdefgh"[index]}, `.repeat(9)}]\n`).join("")
    }`,
    told: ["alerts.yml: The file has too many aliases. Write the values out."]
  }
}

const cutAtEllipsis = (line: string, pattern: string | undefined): string => {
  const [start = ""] = (pattern ?? "").split("…")
  return pattern?.endsWith("…") === true && line.startsWith(start) ? `${start}…` : line
}

describe("AlertsConfig.parse", () => {
  for (const [title, { text, told }] of Object.entries(mistakes)) {
    it.effect(`names ${title}`, () =>
      Effect.gen(function*() {
        expect((yield* problemsOf(text)).map((line, index) => cutAtEllipsis(line, told[index]))).toEqual(told)
      }))
  }

  for (
    const [title, text] of Object.entries({
      "an address": minimal.replace("stdout", "slackWebhook\n    url: https://hooks.slack.com/services/T0/B0/SECRET"),
      "a token": minimal.replace("stdout", "slackBot\n    channel: C1\n    token: xoxb-SECRET"),
      "an address as a type": minimal.replace("stdout", "https://hooks.slack.com/SECRET"),
      "a heartbeat": `${minimal}heartbeat: https://hc-ping.com/SECRET\n`,
      "an address under a key of its own": minimal.replace("type: stdout", "https://hooks.slack.com/SECRET: x"),
      "an address in place of a destination": minimal.replace("\n    type: stdout", " https://example.com/SECRET"),
      "an address as the whole file": "https://hooks.slack.com/SECRET",
      "an address in what is no YAML": `${minimal}  x: {url: https://example.com/SECRET, [SECRET\n`,
      "an anchor that does not exist": `${minimal}heartbeat: *SECRET\n`
    })
  ) {
    it.effect(`refuses ${title}, and does not repeat it`, () =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(AlertsConfig.parse(text))
        expect(error.problems).not.toEqual([])
        expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain("SECRET")
      }))
  }

  it.effect("says what to write in place of a secret", () =>
    Effect.gen(function*() {
      const [problem] = yield* problemsOf(`${minimal}heartbeat: https://hc-ping.com/SECRET\n`)
      expect(problem).toBe(
        "alerts.yml:6:12: heartbeat: Expected the name of an environment variable, such as ${SLACK_WEBHOOK_URL}. " +
          "A secret does not belong in this file, got a string."
      )
    }))

  it.effect("names the file as it was passed", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(AlertsConfig.parse("", { file: "/etc/alerts.yml" }))
      expect(error.message.split("\n")[0]).toBe("/etc/alerts.yml: version: version is missing.")
    }))

  it.effect("watches all that there is, unless it is set, and names jobs by text that begins or ends with digits", () =>
    Effect.gen(function*() {
      const all = yield* AlertsConfig.parse(minimal)
      expect(AlertsConfig.selection(all)).toStrictEqual({})
      const named = yield* AlertsConfig.parse(`${minimal}report: { names: { environments: { "3": production } } }\n`)
      expect(AlertsConfig.selection(named)).toStrictEqual({})
      expect(AlertsConfig.incidentOptions(all).report).toEqual({ timeZone: "Europe/London", names: undefined })
      expect(yield* AlertsConfig.heartbeat(all)).toBeUndefined()
      for (const job of ["15a", "a15"]) {
        expect(AlertsConfig.selection(yield* AlertsConfig.parse(`${minimal}job: ${job}\n`))).toEqual({ jobID: job })
      }
      for (const environmentID of ["3", "0AF3-12b4"]) {
        expect(AlertsConfig.selection(yield* AlertsConfig.parse(`${minimal}environment: "${environmentID}"\n`)))
          .toEqual({
            environmentID
          })
      }
    }))

  it.effect("encodes to what it reads again", () =>
    Effect.gen(function*() {
      const config = yield* AlertsConfig.parse(`${minimal}job: 15
environment: 3
every: 90 seconds
quiet: 10 minutes
resolveAfter: 0 seconds
updateEvery: 3 hours
remindEvery: 2 weeks
health: { every: 3 days, since: 12h }
`)
      const text = JSON.stringify(Schema.encodeSync(AlertsConfig.Config)(config))
      expect(yield* AlertsConfig.parse(text)).toEqual(config)
    }))

  it.effect("reads the settings of the watch under the names of their options", () =>
    Effect.gen(function*() {
      const config = yield* AlertsConfig.parse(`${minimal}environment: Production
project: 12
job: 15
every: 1 minute
details: full
quiet: 10 minutes
resolveAfter: 0 seconds
updateEvery: 30 minutes
remindEvery: 1 day
report: { names: { environments: { "3": production } } }
health: { every: 1 hour, since: 12h }
`)
      expect(AlertsConfig.selection(config)).toEqual({ environmentID: "3", projectID: "12", jobID: 15 })
      expect(AlertsConfig.incidentOptions(config)).toEqual({
        details: "full",
        quiet: Duration.minutes(10),
        resolveAfter: Duration.zero,
        updateEvery: Duration.minutes(30),
        remindEvery: Duration.days(1),
        report: { timeZone: "Europe/London", names: { environments: { "3": "production" } } }
      })
      expect(config.every).toEqual(Duration.minutes(1))
      expect(config.health).toEqual({ every: Duration.hours(1), since: "12h" })
    }))
})
