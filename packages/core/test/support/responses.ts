/** A client on responses that a test writes out, and the times of its requests. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { RunsClient } from "../../src/index.ts"

type Respond = (index: number) => Response | Promise<Response>

export const clientOf = (respond: Respond, options?: Partial<RunsClient.Options>) => {
  const times: Array<number> = []
  const http = HttpClient.make((request) =>
    Effect.clockWith((clock) => {
      times.push(clock.currentTimeMillisUnsafe())
      return Effect.map(
        Effect.promise(async () => respond(times.length - 1)),
        (response) => HttpClientResponse.fromWeb(request, response)
      )
    })
  )
  const layer = RunsClient.layer({ accessToken: "a-token-for-tests", retry: Schedule.recurs(0), ...options }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
  )
  return { layer, times }
}

/** A body that breaks off. */
export const truncated = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode("{\"error\": {\"errorStr"))
      controller.error(new Error("terminated"))
    }
  })

/** A row of either form. */
export const row = { id: 7, runType: "refresh", runStatus: "completed", runDetails: {} }
