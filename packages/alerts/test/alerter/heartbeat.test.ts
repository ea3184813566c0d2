// What the log says where the receiver of a heartbeat does not take it.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { beat } from "../../src/alerter/heartbeat.ts"

const address = Redacted.make("https://heartbeat.example/secret-path")

/** Beats once, and returns what was logged. */
const logged = (client: HttpClient.HttpClient) =>
  Effect.gen(function*() {
    const lines: Array<string> = []
    const logger = Logger.make(({ cause, message }) => void lines.push(String(message), ...cause.reasons.map(String)))
    yield* beat(address).pipe(
      Effect.provideService(HttpClient.HttpClient, client),
      Effect.provide(Logger.layer([logger]))
    )
    return lines
  })

const responding = (response: Response) =>
  HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, response)))

describe("a heartbeat", () => {
  it.effect.each([200, 204, 299])("is taken with status %i, and logs nothing", (status) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* logged(responding(new Response(null, { status }))), [])
    }))

  it.effect.each([300, 302, 404, 500])(
    "is not taken with status %i, and the log says so",
    (status) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* logged(responding(new Response(null, { status }))), [
          `The heartbeat was not taken: its address responded with status ${status}.`
        ])
      })
  )

  it.effect("is not taken where a browser hides the redirect", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* logged(responding(Response.error())), [
        "The heartbeat was not taken: its address responded with status 0."
      ])
    }))

  it.effect("that reaches nobody logs no address", () =>
    Effect.gen(function*() {
      const unreachable = HttpClient.make((request) =>
        Effect.fail(
          new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) })
        )
      )
      assert.deepStrictEqual(yield* logged(unreachable), [
        "The heartbeat was not taken: its address cannot be reached."
      ])
    }))
})
