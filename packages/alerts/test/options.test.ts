/** Options that plain JavaScript, a typo or a form can pass. Each is refused in a sentence, before anything is sent, and no secret is repeated. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { noObjects, passed } from "../../core/test/support/passed.ts"
import { takersOf } from "../../core/test/support/takersOf.ts"
import * as alerts from "../src/index.ts"
import {
  Alerter,
  AlertsConfig,
  Delivery,
  Destination,
  Incident,
  PagerDuty,
  Slack,
  Stdout,
  Teams,
  Webhook
} from "../src/index.ts"
import * as node from "../src/node.ts"
import { opensAndResolves } from "./support/messages.ts"

const address = "https://hooks.slack.com/services/T0/B0/s3cret"
const url = Redacted.make(address)
const at = DateTime.makeUnsafe("2026-11-03T08:00:00Z")
const config = AlertsConfig.parse("version: 1\ntimeZone: UTC\ndestinations:\n  console:\n    type: stdout\n")

const Refusal = Schema.Union([Destination.InvalidDestination, RunsError.InvalidQuery, AlertsConfig.InvalidAlertsConfig])
type Refusal = typeof Refusal.Type

/** What a refusal names. */
const fieldsOf = (error: Refusal): ReadonlyArray<string> =>
  error._tag === "InvalidDestination"
    ? [error.setting]
    : error._tag === "InvalidQuery"
    ? error.violations.map(({ field }) => field)
    : error.problems.map(({ path }) => path)

/** No request is sent: neither to Coalesce nor to a destination. */
const services = Layer.mergeAll(
  RunsClient.layer({ accessToken: "a-token-for-tests", region: "eu" }),
  node.layerFiles({ directory: join(tmpdir(), "coalesce-runs-never-made") })
).pipe(Layer.provideMerge(
  Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("a request was sent")))
))

type Call = (options: never) => Effect.Effect<unknown, unknown, Layer.Success<typeof services>>

/** A function that returns no effect, and throws what is wrong. */
const thrown = (call: (options: never) => unknown): Call => (options) =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(call(options))
    } catch (error) {
      return Schema.is(Refusal)(error) ? Effect.fail(error) : Effect.die(error)
    }
  })

const { send } = Stdout.stdout()

const urls = [
  ["uri", { uri: url }],
  ["url", {}],
  ["url", { url: address }],
  ["url", { url: null }],
  ["url", { url: new Map([["url", address]]) }],
  ["url", { url: Redacted.make(5) }],
  ["name", { url, name: 5 }]
] as const
const incidents = [
  ["quite", { quite: "5 minutes" }],
  ["quiet", { quiet: "soon" }],
  ["updateEvery", { updateEvery: null }],
  ["resolveAfter", { resolveAfter: new Map() }],
  ["details", { details: "all" }],
  ["baseline", { baseline: null }],
  ["report", { report: { timezone: "UTC" } }],
  ["report", { report: 5 }]
] as const
const observations = [["helth", { helth: {} }], ["ended", { ended: 7 }], ["watch", { watch: "well" }]] as const
const settings = [
  ["keys", { keys: "nightly" }],
  ["key", { key: 5 }],
  ["since", { since: "40" }],
  ["onEvent", { onEvent: Effect.void }],
  ["destinations", { destinations: [Slack.webhook({ url })] }],
  ["destinations", { destinations: null }]
] as const

const calls: ReadonlyArray<readonly [name: string, call: Call, wrong: ReadonlyArray<readonly [string, object]>]> = [
  ["Slack.webhook", (options) => Slack.webhook(options), urls],
  ["Teams.webhook", (options) => Teams.webhook(options), urls],
  ["Slack.bot", (options) => Slack.bot(options), [
    ["tokens", { tokens: "xoxb-s3cret" }],
    ["token", { token: "xoxb-s3cret", channel: "C012345" }],
    ["channel", { token: url }],
    ["channel", { token: url, channel: 5 }],
    ["url", { token: url, channel: "C012345", url: address }]
  ]],
  ["PagerDuty.events", (options) => PagerDuty.events(options), [
    ["routingkey", { routingkey: url }],
    ["routingKey", { routingKey: "s3cret" }],
    ["source", { routingKey: url, source: null }],
    ["url", { routingKey: url, url: address }]
  ]],
  ["Webhook.signed", (options) => Webhook.signed(options), [
    ["secrets", { url, secrets: url }],
    ["secret", { url }],
    ["secret", { url, secret: "whsec_s3cret" }],
    ["url", { url: address, secret: url }]
  ]],
  ["Stdout.stdout", thrown((options) => Stdout.stdout(options)), [
    ["colour", { colour: true }],
    ["color", { color: "yes" }],
    ["width", { width: "80" }],
    ["width", { width: 0 }],
    ["nameCall", { nameCall: null }],
    ["name", { name: null }]
  ]],
  ["Stdout.payload", (options) =>
    Effect.flatMap(
      opensAndResolves,
      ([opened]) => thrown((options) => Stdout.payload(opened, options))(options)
    ), [["colour", { colour: true }], ["width", { width: "80" }]]],
  ["Delivery.make", (options) => Delivery.make(options), [
    ["destination", { destination: [] }],
    ["destinations", {}],
    ["destinations", { destinations: Stdout.stdout() }],
    ["destinations", { destinations: [Slack.webhook({ url })] }],
    ...[null, "console", { name: "console" }, { send: Effect.void }, { name: 5, send }, { name: "console", send: 5 }]
      .map((other) => ["destinations", { destinations: [Stdout.stdout(), other] }] as const),
    ["giveUpAfter", { destinations: [], giveUpAfter: "soon" }],
    ["giveUpAfter", { destinations: [], giveUpAfter: null }]
  ]],
  ["Incident.observe", (options) => Incident.observe(Incident.begin(), {}, options), incidents],
  ["Incident.observe, what it observes", (options) => Incident.observe(Incident.begin(), options), observations],
  ["Incident.request", thrown((options) => Incident.request(Incident.begin(), {}, at, options)), incidents],
  [
    "Incident.request, what it observes",
    thrown((options) => Incident.request(Incident.begin(), options, at)),
    observations
  ],
  [
    "Incident.advance",
    thrown((options) => Incident.advance(Incident.begin(), {}, { diagnoses: [] }, at, options)),
    incidents
  ],
  ["Incident.advance, what was read", thrown((options) => Incident.advance(Incident.begin(), {}, options, at)), [
    ["diagnoses", {}],
    ["diagnosis", { diagnoses: [], diagnosis: {} }],
    ["gone", { diagnoses: [], gone: 7 }]
  ]],
  ["AlertsConfig.parse", (options) => AlertsConfig.parse("version: 1", options), [["name", { name: "alerts.yml" }], [
    "file",
    { file: 5 }
  ]]],
  ["Alerter.run", (options) => Effect.flatMap(config, (config) => Alerter.run(config, options)), settings],
  ["Alerter.once", (options) => Effect.flatMap(config, (config) => Alerter.once(config, options)), settings],
  ["alerts/node: layerFiles", thrown((options) => node.layerFiles(options)), [
    ["directory", {}],
    ["directory", { directory: null }],
    ["path", { directory: "runs.state", path: "runs.state" }]
  ]]
]

const fails = (call: Effect.Effect<unknown, unknown, Layer.Success<typeof services>>) =>
  Effect.flip(call).pipe(
    Effect.provide(services),
    Effect.map((error) => {
      assert.isTrue(Schema.is(Refusal)(error), String(error))
      const refusal = Schema.is(Refusal)(error) ? error : assert.fail(String(error))
      assert.notInclude(`${refusal.message} ${JSON.stringify(refusal)}`, "s3cret")
      return refusal
    })
  )

describe.each(calls)("options of %s", (_, call, wrong) => {
  it.effect.each(wrong)(
    "name %s where it is wrong",
    ([field, options]) => Effect.map(fails(call(passed(options))), (error) => assert.include(fieldsOf(error), field))
  )

  it.effect.each([...noObjects, ["a secret address", address], ["an effect", Effect.void]])(
    "that are %s fail in a sentence",
    ([, options]) =>
      Effect.map(
        fails(call(passed(options))),
        (error) => assert.include(error.message, "Expected an object of options")
      )
  )
})

describe("what is no object of options", () => {
  it.effect("says how a text becomes a secret", () =>
    Effect.map(
      fails(Slack.webhook({ url: passed(address) })),
      ({ message }) =>
        assert.strictEqual(message, "slack: url is invalid. Expected a secret: wrap its text with Redacted.make.")
    ))

  it.effect("names a destination as its options do", () =>
    Effect.map(
      fails(Slack.webhook(passed({ name: "on-call", uri: url }))),
      ({ message }) => assert.strictEqual(message, "on-call: uri is invalid. No such option; there are name, url.")
    ))

  it.effect.each([null, 5, "version: 1", {}, new Map()])(
    "refuses %j for a file that was read",
    (file) =>
      Effect.gen(function*() {
        for (const call of [Alerter.run(passed(file)), Alerter.once(passed(file)), Alerter.test(passed(file))]) {
          assert.deepStrictEqual(fieldsOf(yield* fails(call)), ["config"])
        }
      })
  )

  it.effect.each([null, 5, "console", {}, [5], new Map()])(
    "refuses %j for names of destinations",
    (names) =>
      Effect.map(
        fails(Effect.flatMap(config, (config) => Alerter.test(config, passed(names)))),
        (error) => assert.deepStrictEqual(fieldsOf(error), ["names"])
      )
  )

  it.effect.each([null, 5, "console", {}, [5], new Map()])(
    "refuses %j for the destinations of a message, and of what is sent again",
    (names) =>
      Effect.gen(function*() {
        const calls = [
          ["to", (delivery: Delivery.Delivery) => delivery.enqueue([], passed(names))],
          ["destinations", (delivery: Delivery.Delivery) => delivery.resend(passed(names))]
        ] as const
        for (const [field, call] of calls) {
          const made = Effect.flatMap(Delivery.make({ destinations: [Stdout.stdout({ name: "console" })] }), call)
          assert.deepStrictEqual(fieldsOf(yield* fails(made)), [field])
        }
      })
  )

  it.effect.each([null, 5, {}, Buffer.from("version: 1")])(
    "refuses %j for the text of a file",
    (text) =>
      Effect.map(fails(AlertsConfig.parse(passed(text))), (error) => assert.deepStrictEqual(fieldsOf(error), ["text"]))
  )
})

describe("the table of options", () => {
  const dist = new URL("../dist/", import.meta.url)
  const names = [
    ...takersOf(dist, alerts),
    ...takersOf(dist, { node }).map((name) => name.replace("node.", "alerts/node: "))
  ]

  it("finds the functions that take options", () => {
    assert.includeMembers(names, ["Slack.webhook", "Delivery.make", "Incident.observe", "Alerter.run"])
    assert.includeMembers(names, ["AlertsConfig.parse", "Stdout.stdout", "alerts/node: layerFiles"])
  })

  it.each(names)("has a row for %s, which takes options", (name) => {
    assert.isTrue(
      calls.some(([row]) => row === name),
      `${name} takes options: add it to the table above, so that wrong ones are refused`
    )
  })
})
