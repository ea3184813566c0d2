// Destinations over real HTTP.
import { type Destination, Incident, PagerDuty, Slack, Stdout, Teams, Webhook } from "@coalesce-runs/alerts"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { inspect } from "node:util"
import { Webhook as Verifier } from "standardwebhooks"
import { opensAndResolves } from "./support/messages.ts"
import { type Response, serve } from "./support/receiver.ts"

const secretPath = "/services/T000/B000/secret-of-the-address"
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const routingKey = "R0UT1NGKEY0000000000000000000000"
const token = "xoxb-secret-of-the-bot"

const makers: Readonly<
  Record<string, (url: string) => Effect.Effect<Destination.Destination, Destination.InvalidDestination>>
> = {
  slack: (url) => Slack.webhook({ url: Redacted.make(url) }),
  bot: (url) => Slack.bot({ url: Redacted.make(url), channel: "C024BE7LR", token: Redacted.make(token) }),
  teams: (url) => Teams.webhook({ url: Redacted.make(url) }),
  pagerduty: (url) => PagerDuty.events({ url: Redacted.make(url), routingKey: Redacted.make(routingKey) }),
  webhook: (url) => Webhook.signed({ url: Redacted.make(url), secret: Redacted.make(secret) })
}

const all = Object.entries(makers)

const http = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, FetchHttpClient.layer)

describe("destinations over HTTP", () => {
  for (const [kind, make] of all) {
    it.effect(`${kind} delivers the payload of a message as JSON`, () =>
      Effect.gen(function*() {
        const { received, url } = yield* serve({ status: 200, body: "{\"ok\":true,\"ts\":\"1.2\"}" })
        const [opened] = yield* opensAndResolves
        yield* (yield* make(url + secretPath)).send(opened)
        const [request] = received
        expect(received).toHaveLength(1)
        expect(request?.path).toBe(secretPath)
        expect(request?.headers["content-type"]).toBe("application/json; charset=utf-8")
        expect(request?.headers).not.toHaveProperty("traceparent")
        const expected = {
          slack: Slack.payload(opened),
          bot: { channel: "C024BE7LR", ...Slack.payload(opened) },
          teams: Teams.payload(opened),
          pagerduty: { routing_key: routingKey, ...PagerDuty.payload(opened) },
          webhook: Webhook.payload(opened)
        }[kind]
        expect(JSON.parse(request?.body ?? "")).toEqual(JSON.parse(JSON.stringify(expected)))
      }).pipe(Effect.withSpan("caller"), http, Effect.scoped))

    const refusals: ReadonlyArray<readonly [Response, Partial<Destination.DeliveryFailed>]> = [
      [{ status: 400 }, { status: 400, isRetryable: false }],
      [{ status: 404 }, { status: 404, isRetryable: false }],
      [{ status: 429, headers: { "retry-after": "30" } }, { status: 429, isRetryable: true, retryAfterMillis: 30_000 }],
      [{ status: 503 }, { status: 503, isRetryable: true }],
      [{ status: 307, headers: { location: "/elsewhere" } }, { status: 307, isRetryable: false }]
    ]
    for (const [response, expected] of refusals) {
      it.effect(`${kind} fails at status ${response.status}, requests nothing else, and hides the address`, () =>
        Effect.gen(function*() {
          const logs: Array<unknown> = []
          const spans: Array<Tracer.Span> = []
          const tracer = Tracer.make({
            span: (options) => {
              const span = new Tracer.NativeSpan(options)
              spans.push(span)
              return span
            }
          })
          const { received, url } = yield* serve(response)
          const [opened] = yield* opensAndResolves
          const failed = (yield* make(url + secretPath)).send(opened).pipe(
            Effect.tapError((error) => Effect.logError(error)),
            Effect.flip,
            Effect.withSpan("caller"),
            Effect.provide(Logger.layer([Logger.make((entry) => logs.push(entry))])),
            Effect.provideService(Tracer.Tracer, tracer)
          )
          const error = yield* failed
          expect(error).toMatchObject(expected)
          expect(received).toHaveLength(1)
          const texts = [error, error.message, JSON.stringify(error), logs, spans].map((one) =>
            inspect(one, { depth: 12 })
          )
          expect(texts.join("\n")).not.toMatch(new RegExp(`secret-of|127\\.0\\.0\\.1|${routingKey}`))
          expect(logs).toHaveLength(1)
          expect(spans.length).toBeGreaterThan(0)
        }).pipe(http, Effect.scoped))
    }

    it.effect(`${kind} fails, and may be tried again, where nobody listens`, () =>
      Effect.gen(function*() {
        const [opened] = yield* opensAndResolves
        const error = yield* Effect.flip((yield* make(`http://127.0.0.1:1${secretPath}`)).send(opened))
        expect(error.isRetryable).toBe(true)
        expect(inspect(error, { depth: 12 })).not.toMatch(/secret-of|127\.0\.0\.1/)
      }).pipe(http))

    it.effect(`${kind} refuses an address that is not https:, and does not repeat it`, () =>
      Effect.gen(function*() {
        for (
          const url of [`http://example.com${secretPath}`, "secret-of", `https://secret-of@example.com`, "file:///etc"]
        ) {
          const error = yield* Effect.flip(make(url))
          expect(error.setting).toBe("url")
          expect(inspect(error)).not.toMatch(/secret-of/)
        }
        yield* make(`https://example.com${secretPath}`)
      }))
  }

  it.effect("say what a status means, and whether to try again", () =>
    Effect.gen(function*() {
      const statuses = [300, 399, 400, 401, 403, 404, 408, 410, 429, 500, 503]
      const { url } = yield* serve(...statuses.map((status) => ({ status })), { status: 299 })
      const [opened] = yield* opensAndResolves
      const slack = yield* Slack.webhook({ url: Redacted.make(url) })
      const errors = yield* Effect.forEach(statuses, () => Effect.flip(slack.send(opened)))
      expect(errors.map(({ isRetryable, reason, status }) => [status, reason, isRetryable])).toEqual([
        [300, "it redirects, and redirects are not followed", false],
        [399, "it redirects, and redirects are not followed", false],
        [400, "it refused the message", false],
        [401, "the sign-in was refused", false],
        [403, "the sign-in was refused", false],
        [404, "the address does not exist", false],
        [408, "it refused the message", true],
        [410, "the address does not exist", false],
        [429, "too many messages", true],
        [500, "an error of its own", true],
        [503, "an error of its own", true]
      ])
      expect(errors.every((error) => !("retryAfterMillis" in error) || error.retryAfterMillis === undefined)).toBe(true)
      yield* slack.send(opened)
    }).pipe(http, Effect.scoped))

  it.effect("wait as long as they are asked to, a day at most", () =>
    Effect.gen(function*() {
      const { url } = yield* serve(
        ...["30", "86401", "soon", "-1"].map((seconds) => ({ status: 429, headers: { "retry-after": seconds } }))
      )
      const [opened] = yield* opensAndResolves
      const slack = yield* Slack.webhook({ url: Redacted.make(url) })
      const errors = yield* Effect.replicateEffect(Effect.flip(slack.send(opened)), 4)
      expect(errors.map(({ retryAfterMillis }) => retryAfterMillis)).toEqual([30_000, 86_400_000, undefined, undefined])
    }).pipe(http, Effect.scoped))

  it.effect("refuse an address with a user or beyond this machine, and take one of it", () =>
    Effect.gen(function*() {
      const isTaken = (url: string) =>
        Effect.match(Slack.webhook({ url: Redacted.make(url) }), { onFailure: () => false, onSuccess: () => true })
      for (
        const url of ["http://localhost:1", "http://[::1]:1/x", "http://127.0.0.1:1", "http://127.1.2.3", "https://a.b"]
      ) {
        expect(yield* isTaken(url)).toBe(true)
      }
      for (
        const url of [
          "https://a@b.c",
          "https://:a@b.c",
          "http://a.127.0.0.1.nip.io",
          "http://127.0.0.1.nip.io",
          "ftp://localhost",
          "http://localhost.io"
        ]
      ) expect(yield* isTaken(url)).toBe(false)
    }))

  it.effect("Slack's bot puts updates into the thread of the first message", () =>
    Effect.gen(function*() {
      const { received, url } = yield* serve({ status: 200, body: "{\"ok\":true,\"ts\":\"17.25\"}" })
      const [opened, resolved] = yield* opensAndResolves
      const slack = yield* Slack.bot({ url: Redacted.make(url), channel: "C024BE7LR", token: Redacted.make(token) })
      const thread = yield* slack.send(opened)
      expect(thread).toBe("17.25")
      expect(yield* slack.send(resolved, thread)).toBe("17.25")
      expect(received.map(({ body }) => JSON.parse(body).thread_ts)).toEqual([undefined, "17.25"])
      expect(received[0]?.headers.authorization).toBe(`Bearer ${token}`)
    }).pipe(http, Effect.scoped))

  it.effect("Slack's own errors tell whether to try again", () =>
    Effect.gen(function*() {
      const reply = (error: string) => ({ status: 200, body: JSON.stringify({ ok: false, error }) })
      const odd = ["<b>odd</b>", "<b>ratelimited", "ratelimited</b>", "r".repeat(61)]
      const none = { status: 200, body: "{\"ok\":false}" }
      const { url } = yield* serve(reply("ratelimited"), reply("channel_not_found"), ...odd.map(reply), none, {
        status: 200
      })
      const [opened] = yield* opensAndResolves
      const slack = yield* Slack.bot({ url: Redacted.make(url), channel: "C024BE7LR", token: Redacted.make(token) })
      const errors = yield* Effect.replicateEffect(Effect.flip(slack.send(opened)), 8)
      expect(errors.map(({ isRetryable, reason }) => [reason, isRetryable])).toEqual([
        ["ratelimited", true],
        ["channel_not_found", false],
        ...Array.from({ length: 5 }, () => ["unknown_error", false]),
        ["its response is not Slack's", true]
      ])
    }).pipe(http, Effect.scoped))

  it.live("a webhook's signature is verified by Standard Webhooks, and its data decodes to the message", () =>
    Effect.gen(function*() {
      const { received, url } = yield* serve({ status: 204 })
      const [opened] = yield* Effect.provide(opensAndResolves, TestClock.layer())
      const webhook = yield* Webhook.signed({ url: Redacted.make(url), secret: Redacted.make(secret) })
      yield* webhook.send(opened)
      const body = received[0]?.body ?? ""
      const headers = received[0]?.headers
      const named = Object.fromEntries(
        ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(headers?.[name])])
      )
      expect(named["webhook-id"]).toBe(opened.id)
      // A header is bounded, whatever the names of jobs are.
      yield* webhook.send({ ...opened, id: "i".repeat(300) })
      expect(received[1]?.headers["webhook-id"]).toBe("i".repeat(256))
      const verified = new Verifier(secret).verify(body, named)
      expect(Schema.decodeUnknownSync(Schema.Struct({ data: Incident.Message }))(verified).data).toEqual(opened)
      expect(() => new Verifier(secret).verify(body.replace("critical", "info"), named)).toThrow(
        "No matching signature"
      )
    }).pipe(http, Effect.scoped))

  it.effect("wrong keys are refused by name", () =>
    Effect.gen(function*() {
      const url = Redacted.make("https://example.com")
      const errors = yield* Effect.all([
        Effect.flip(Webhook.signed({ url, secret: Redacted.make("whsec_") })),
        ...["short", `x ${routingKey}`, `${routingKey} x`].map((key) =>
          Effect.flip(PagerDuty.events({ routingKey: Redacted.make(key) }))
        ),
        Effect.flip(Slack.bot({ channel: "C1", token: Redacted.make("xoxb\nsecret-of") })),
        ...["#general", "x C024BE7LR", "C024BE7LR x", "C"].map((channel) =>
          Effect.flip(Slack.bot({ channel, token: Redacted.make(token) }))
        )
      ])
      expect(errors.map(({ setting }) => setting)).toEqual([
        ...["secret", "routingKey", "routingKey", "routingKey", "token"],
        ...Array.from({ length: 4 }, () => "channel")
      ])
    }))

  it.effect("standard output needs no address", () =>
    Effect.gen(function*() {
      const [opened] = yield* opensAndResolves
      expect(yield* Stdout.stdout().send(opened)).toBeUndefined()
    }).pipe(http))
})
