import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { declaredBytes, maxErrorBytes, maxResponseBytes, read } from "../../src/client/body.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A response whose body comes in these chunks, and breaks off with an error behind them if one is given. */
const responseOf = (
  chunks: ReadonlyArray<Uint8Array<ArrayBuffer>> | null,
  headers: Record<string, string> = {},
  error?: Error
) =>
  HttpClientResponse.fromWeb(
    HttpClientRequest.get("https://coalesce.example"),
    new Response(
      chunks && new ReadableStream({
        start: (controller) => {
          for (const chunk of chunks) controller.enqueue(chunk)
          if (error === undefined) controller.close()
          else controller.error(error)
        }
      }),
      { headers }
    )
  )

interface Case {
  readonly name: string
  readonly chunks: ReadonlyArray<string> | null
  readonly headers?: Record<string, string>
  readonly text: string
  readonly end: "Whole" | "TooLarge" | "Incomplete"
}

const cases: ReadonlyArray<Case> = [
  { name: "a body in chunks", chunks: ["ab", "cd"], text: "abcd", end: "Whole" },
  { name: "no body", chunks: null, text: "", end: "Whole" },
  { name: "an empty body", chunks: [], text: "", end: "Whole" },
  { name: "a body as long as the bound", chunks: ["abcd", "efgh"], text: "abcdefgh", end: "Whole" },
  { name: "a body beyond the bound", chunks: ["abcd", "efghi", "more"], text: "abcdefgh", end: "TooLarge" },
  { name: "a byte behind the bound", chunks: ["abcdefgh", "i"], text: "abcdefgh", end: "TooLarge" },
  { name: "all that it declares", chunks: ["abc"], headers: { "content-length": "3" }, text: "abc", end: "Whole" },
  {
    name: "less than it declares",
    chunks: ["abc"],
    headers: { "content-length": "4" },
    text: "abc",
    end: "Incomplete"
  },
  {
    name: "a compressed body, whose length says nothing",
    chunks: ["abc"],
    headers: { "content-length": "4", "content-encoding": "gzip" },
    text: "abc",
    end: "Whole"
  },
  {
    name: "nothing of a compressed body",
    chunks: [],
    headers: { "content-encoding": "gzip" },
    text: "",
    end: "Incomplete"
  },
  {
    name: "nothing of a body in chunks, on a connection that is not kept",
    chunks: [],
    headers: { "transfer-encoding": "chunked", connection: "close" },
    text: "",
    end: "Incomplete"
  },
  {
    name: "a body in chunks without a byte, on a connection that is kept",
    chunks: [],
    headers: { "transfer-encoding": "chunked" },
    text: "",
    end: "Whole"
  },
  {
    name: "a body without a length and a byte, which ends with its connection",
    chunks: [],
    headers: { connection: "close" },
    text: "",
    end: "Whole"
  }
]

describe("the body of a response", () => {
  it.effect.each(cases)("of $name is read", ({ chunks, end, headers, text }) =>
    Effect.gen(function*() {
      const body = yield* read(responseOf(chunks && chunks.map(bytesOf), headers), 8)
      assert.strictEqual(body.end, end)
      assert.strictEqual(body.takeText(), text)
    }))

  it.effect("joins a character that comes in two chunks, and replaces one that breaks off", () =>
    Effect.gen(function*() {
      const euro = bytesOf("€")
      const whole = yield* read(responseOf([euro.slice(0, 1), euro.slice(1)]), 8)
      assert.strictEqual(whole.takeText(), "€")
      assert.strictEqual((yield* read(responseOf([euro.slice(0, 2)]), 8)).takeText(), "\ufffd")
    }))

  it.effect("fails where it breaks off", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(read(responseOf([bytesOf("ab")], {}, new Error("reset")), 8))
      assert.notStrictEqual(error.reason._tag, "EmptyBodyError")
    }))

  it("has bounds of 64 MiB, and of 64 KiB for an error", () => {
    assert.deepStrictEqual([maxResponseBytes, maxErrorBytes], [67_108_864, 65_536])
  })

  it("declares its length, unless it is compressed", () => {
    assert.strictEqual(declaredBytes(responseOf([], { "content-length": "7" })), 7)
    assert.isNaN(declaredBytes(responseOf([])))
    assert.isNaN(declaredBytes(responseOf([], { "content-length": "7", "content-encoding": "br" })))
  })
})
