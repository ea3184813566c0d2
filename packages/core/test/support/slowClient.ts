import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { RunsClient } from "../../src/index.ts"
import { respond, type Server } from "./server.ts"

/** A client over a server whose responses take 100 ms, and what became of its requests. */
export const slowClient = (
  server: Server,
  spoil?: (index: number) => Response | undefined,
  retry = Schedule.recurs(0)
) => {
  const log = { sent: 0, aborted: 0, mostAtOnce: 0 }
  let now = 0
  const http = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const index = log.sent++
      log.mostAtOnce = Math.max(log.mostAtOnce, ++now)
      const params = new URLSearchParams(url.searchParams)
      const healthy = respond(server, params)
      const response = spoil?.(index) ?? Response.json(server.spoil?.(healthy, params, index) ?? healthy)
      return Effect.as(Effect.sleep("100 millis"), HttpClientResponse.fromWeb(request, response))
    }).pipe(
      Effect.onInterrupt(() => Effect.sync(() => log.aborted++)),
      Effect.ensuring(Effect.sync(() => now--))
    )
  )
  const layer = RunsClient.layer({ accessToken: "a-token-for-tests", retry }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
  )
  return { layer, log }
}

/** Lets responses arrive, whose bodies are read in turns of the event loop, and virtual time pass. */
export const pass = (millis: number) =>
  Effect.gen(function*() {
    for (let left = millis; left > 0; left -= 5) {
      yield* TestClock.adjust("5 millis")
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    }
  })
