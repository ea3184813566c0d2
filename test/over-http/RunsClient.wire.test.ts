// Checks what the client makes of bodies that no healthy server sends: too large, endless, or cut off.
import { RunsClient, RunsError } from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { RequestListener, ServerResponse } from "node:http"
import { brotliCompressSync, createGzip, gzipSync } from "node:zlib"
import { serve } from "./support/serve.ts"

const mebibyte = 1024 * 1024
const run = { id: 7, runType: "refresh", runStatus: "completed" }
const page = JSON.stringify({ data: [run, { ...run, id: 6, runFailureReason: "x".repeat(5000) }], next: null })

const clientOf = (origin: string, options?: Partial<RunsClient.Options>) =>
  RunsClient.make({
    accessToken: "a-token-for-tests",
    baseUrl: origin,
    retry: Schedule.recurs(2),
    ...options
  }).pipe(Effect.provide(FetchHttpClient.layer))

/** Writes a piece again and again, as fast as the client reads, until it leaves or `end` bytes are written. */
const pour = (response: NodeJS.WritableStream & { readonly destroyed: boolean }, piece: Buffer, end: number) => {
  let written = 0
  const more = () => {
    while (!response.destroyed && written < end) {
      written += piece.length
      if (!response.write(piece)) return void response.once("drain", more)
    }
    if (!response.destroyed) response.end()
  }
  more()
}

const spaces = Buffer.alloc(mebibyte, " ")

/** A gigabyte of zeros in about a megabyte. */
const bomb = (response: ServerResponse) => {
  response.setHeader("content-encoding", "gzip")
  const gzip = createGzip()
  gzip.pipe(response)
  response.on("close", () => gzip.destroy())
  pour(gzip, Buffer.alloc(mebibyte, "0"), 1024 * mebibyte)
}

describe("a body beyond its bound fails with ResponseTooLarge after one request, and is not read on", () => {
  const tooLarge: ReadonlyArray<readonly [name: string, respond: RequestListener]> = [
    ["600 MB of spaces", (_, response) => pour(response, spaces, 600 * mebibyte)],
    ["an endless body", (_, response) => pour(response, Buffer.alloc(mebibyte, "[1,"), Infinity)],
    ["a gzip bomb", (_, response) => bomb(response)],
    ["a content-length of 1 GB", (_, response) => response.writeHead(200, { "content-length": 2 ** 30 }).write("{")]
  ]
  it.live.each(tooLarge)("%s", ([, respond]) =>
    Effect.gen(function*() {
      const server = yield* serve(respond)
      const client = yield* clientOf(server.origin)
      let peak = 0
      const before = process.memoryUsage().rss
      const sampling = setInterval(() => peak = Math.max(peak, process.memoryUsage().rss - before), 5)
      const error = yield* Effect.flip(client.listPage()).pipe(
        Effect.ensuring(Effect.sync(() => clearInterval(sampling)))
      )
      assert.instanceOf(error, RunsError.ResponseTooLarge)
      assert.strictEqual(error.limit, 64 * mebibyte)
      assert.isFalse(error.isRetryable)
      assert.strictEqual(server.requests.length, 1)
      assert.isBelow(peak, 200 * mebibyte)
    }), 30_000)

  it.live("maxResponseBytes sets the bound, to the byte", () =>
    Effect.gen(function*() {
      const server = yield* serve((_, response) => response.end(page))
      const exact = yield* clientOf(server.origin, { maxResponseBytes: page.length })
      assert.strictEqual((yield* exact.listPage()).runs.length, 2)
      const less = yield* clientOf(server.origin, { maxResponseBytes: page.length - 1 })
      assert.instanceOf(yield* Effect.flip(less.listPage()), RunsError.ResponseTooLarge)
    }))

  it.live("of the body of an error, 64 kB are read, and its status decides", () =>
    Effect.gen(function*() {
      const server = yield* serve((_, response) => pour(response.writeHead(403), spaces, Infinity))
      const error = yield* Effect.flip((yield* clientOf(server.origin)).listPage())
      assert.instanceOf(error, RunsError.Forbidden)
    }))

  const throwers: ReadonlyArray<readonly [name: string, client: HttpClient.HttpClient]> = [
    ["the HTTP client", HttpClient.make(() => Effect.die(new Error("a fault of a third party")))],
    [
      "the stream of a body",
      HttpClient.make((request) =>
        Effect.succeed(HttpClientResponse.fromWeb(
          request,
          new Response(
            new ReadableStream({
              pull: () => {
                throw new Error("a fault of a third party")
              }
            })
          )
        ))
      )
    ]
  ]
  it.live.each(throwers)("what %s throws is a TransportError", ([, http]) =>
    Effect.gen(function*() {
      const client = yield* RunsClient.make({ accessToken: "a-token-for-tests", retry: Schedule.recurs(0) }).pipe(
        Effect.provideService(HttpClient.HttpClient, http)
      )
      const error = yield* Effect.flip(client.listPage())
      assert.isTrue(Schema.is(RunsError.TransportError)(error))
      assert.include(error.message, "a fault of a third party")
    }))
})

describe("a part of a body is a broken connection, and is requested again", () => {
  const half = (body: Buffer) => body.subarray(0, Math.floor(body.length / 2))
  const text = Buffer.from(page)
  const compressed = { gzip: gzipSync(text), br: brotliCompressSync(text) }
  const parts: ReadonlyArray<readonly [name: string, respond: (response: ServerResponse) => void]> = [
    ["JSON that ends early", (response) => response.end(half(text))],
    ["JSON that ends in a text", (response) => response.end(text.subarray(0, 40))],
    ["JSON that lacks its last bracket", (response) => response.end(text.subarray(0, -1))],
    ["less than its content-length", (response) => {
      response.writeHead(200, { "content-length": text.length }).write(half(text), () => response.destroy())
    }],
    ["half a gzip", (response) => response.setHeader("content-encoding", "gzip").end(half(compressed.gzip))],
    [
      "the header of a gzip",
      (response) => response.setHeader("content-encoding", "gzip").end(compressed.gzip.subarray(0, 10))
    ],
    ["half a brotli", (response) => response.setHeader("content-encoding", "br").end(half(compressed.br))],
    [
      "a gzip with its content-length, ended in order",
      (response) =>
        response.writeHead(200, { "content-encoding": "gzip", "content-length": half(compressed.gzip).length })
          .end(half(compressed.gzip))
    ]
  ]
  it.live.each(parts)("%s", ([, part]) =>
    Effect.gen(function*() {
      let count = 0
      const server = yield* serve((_, response) => ++count === 1 ? part(response) : void response.end(page))
      const { runs } = yield* (yield* clientOf(server.origin)).listPage()
      assert.deepStrictEqual(runs.map(({ id }) => id as number), [7, 6])
      assert.strictEqual(server.requests.length, 2)
    }))

  it.live("one that never comes whole fails with a TransportError", () =>
    Effect.gen(function*() {
      const server = yield* serve((_, response) => response.end(half(text)))
      const error = yield* Effect.flip((yield* clientOf(server.origin)).listPage())
      assert.instanceOf(error, RunsError.TransportError)
      assert.strictEqual(error.attempts, 3)
    }))

  it.live.each(["not JSON", "{\"data\": nothing}", "<html>{"])(
    "%s is whole, and not requested again",
    (body) =>
      Effect.gen(function*() {
        const server = yield* serve((_, response) => response.end(body))
        const error = yield* Effect.flip((yield* clientOf(server.origin)).listPage())
        assert.instanceOf(error, RunsError.DecodeError)
        assert.strictEqual(server.requests.length, 1)
      })
  )
})
