import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { RunsClient } from "../../src/index.ts"
import { row, truncated } from "../support/responses.ts"

type Respond = () => Response | Promise<Response>

/** Requests a page by a `fetch` of a test. Returns whether the signal of its request is aborted in the end. */
const isAborted = (respond: Respond) =>
  Effect.gen(function*() {
    let signal: AbortSignal | undefined
    const fetch = Layer.succeed(FetchHttpClient.Fetch, async (_, init) => {
      signal = init?.signal ?? undefined
      return respond()
    })
    const layer = RunsClient.layer({
      accessToken: "a-token-for-tests",
      retry: Schedule.recurs(0),
      timeout: "50 millis",
      maxResponseBytes: 1000
    }).pipe(Layer.provide(FetchHttpClient.layer), Layer.provideMerge(fetch))
    yield* Effect.exit(Effect.provide(RunsClient.listPage(), layer))
    return signal?.aborted
  })

describe("a request", () => {
  const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(100)) })
  const open = () =>
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{\"data\": [")) })

  it.live("is not aborted once its page was read: the error of an abort would keep the page in memory", () =>
    Effect.gen(function*() {
      assert.isFalse(yield* isAborted(() => Response.json({ data: [row], next: null })))
    }))

  const ends: ReadonlyArray<readonly [how: string, respond: Respond]> = [
    ["is refused", () => new Response("{}", { status: 403 })],
    ["breaks off", () => new Response(truncated())],
    ["goes on beyond its bound", () => new Response(endless())],
    ["does not come in time", () => new Promise<Response>(() => {})],
    ["does not end in time", () => new Response(open())]
  ]
  it.live.each(ends)("is aborted if its response %s", ([, respond]) =>
    Effect.gen(function*() {
      assert.isTrue(yield* isAborted(respond))
    }))
})
