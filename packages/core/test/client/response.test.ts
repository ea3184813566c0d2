import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { closed, describe as describeError, parse } from "../../src/client/response.ts"

const scrub = (text: string) => text.replaceAll("secret", "<redacted>")

const caused = (message: string, more: object): Error => Object.assign(new Error(message), more)

/** As many causes as that, one in another. */
const nested = (depth: number): Error =>
  depth === 0 ? new Error("the innermost") : caused(`level ${depth}`, { cause: nested(depth - 1) })

describe("what a broken connection is said to be", () => {
  it.each<readonly [name: string, error: unknown, description: string]>([
    ["nothing", undefined, "the connection failed"],
    ["no text", "", "the connection failed"],
    ["a text", "it broke", "it broke"],
    ["a number", 7, "the connection failed"],
    ["an object without words", {}, "the connection failed"],
    ["an error", new Error("it broke"), "it broke"],
    ["an error without words", new Error(""), "the connection failed"],
    ["the innermost words", caused("fetch failed", { cause: new Error("it broke") }), "it broke"],
    ["the reason of an error of effect", { reason: { description: "it broke" } }, "it broke"],
    ["a description before a message", caused("fetch failed", { description: "it broke" }), "it broke"],
    ["a message where the description is no text", caused("it broke", { description: 7 }), "it broke"],
    ["a code behind the words", caused("it broke", { code: "ECONNRESET" }), "it broke (ECONNRESET)"],
    ["a code that the words have", caused("read ECONNRESET", { code: "ECONNRESET" }), "read ECONNRESET"],
    ["a code alone", caused("", { code: "ECONNRESET" }), "ECONNRESET"],
    ["a code that is no text", caused("it broke", { code: 7 }), "it broke"],
    ["words above a cause without any", caused("it broke", { cause: new Error("") }), "it broke"],
    ["five causes", nested(5), "the innermost"],
    ["more causes than five, of which it reads five", nested(6), "level 1"],
    ["the token", new Error("at secret"), "at <redacted>"]
  ])("%s", (_, error, description) => {
    assert.strictEqual(describeError(error, scrub).description, description)
  })

  it("is 300 characters at most, and ends for an error that is its own cause", () => {
    assert.lengthOf(describeError(new Error("x".repeat(400)), scrub).description, 300)
    const circular = caused("it broke", {})
    circular.cause = circular
    assert.deepStrictEqual(describeError(circular, scrub), { description: "it broke" })
  })

  it("names the obstacle of an outer cause", () => {
    const error = caused("self-signed certificate in certificate chain", {
      code: "SELF_SIGNED_CERT_IN_CHAIN",
      cause: new Error("it broke")
    })
    assert.isDefined(describeError(error, scrub).obstacle)
  })
})

const context = { request: { method: "GET", url: "https://coalesce.example/api/v1/runs" }, attempts: 1 } as const

/** The parsed body, the issue of a DecodeError, or that the body ends early. */
const read = (body: string): unknown => {
  const parsed = parse(body, context, scrub)
  if (parsed === undefined) return "ends early"
  if (Result.isSuccess(parsed)) return parsed.success.body
  assert.strictEqual(parsed.failure.path, "")
  return parsed.failure.issue
}

describe("the body of a 200", () => {
  it.each<readonly [body: string, expected: unknown]>([
    [`{"data": []}`, { data: [] }],
    [` \n{"data": ["secret"]}`, { data: ["secret"] }],
    [`{"data": ["\\u0073ecret"]}`, { data: ["<redacted>"] }],
    [`{"data": ["\\/secret"]}`, { data: ["/<redacted>"] }],
    [`{"error": 7, "data": []}`, { error: 7, data: [] }],
    [`{"error": 7, "id": 1}`, { error: 7, id: 1 }],
    [`{"error": 7}`, "the status is 200, but the body is an error"],
    [`{"error": "a secret"}`, "the status is 200, but the body is an error: a <redacted>"],
    [
      `{"error": {"errorString": "a", "errorDetail": "b"}}`,
      "the status is 200, but the body is an error: a b"
    ],
    ["", "the body is empty, as it is at a wrong path"],
    [" \n", "the body is empty, as it is at a wrong path"],
    [" <html>", "the body is HTML instead of JSON"],
    ["OK <html>", "the body is not complete JSON"],
    ["OK {", "the body is not complete JSON"],
    ["{]", "the body is not complete JSON"],
    ["{}}", "the body is not complete JSON"],
    ["[1,]", "the body is not complete JSON"],
    [`{"a": "}"`, "ends early"],
    [`{"a": "\\"}`, "ends early"],
    [`{"a": "\\\\"}]`, "the body is not complete JSON"],
    [`{"a": "x{", b}`, "the body is not complete JSON"],
    [`{} "`, "the body is not complete JSON"],
    [`["`, "ends early"],
    [`["a`, "ends early"],
    [`["a"`, "ends early"],
    [`[{"a": 1}`, "ends early"],
    [`[[1], [2]`, "ends early"],
    [`{"a": [1]`, "ends early"]
  ])("%j", (body, expected) => {
    assert.deepStrictEqual(read(body), expected)
  })

  it("says nothing of the attempts in an error of its contents", () => {
    const parsed = parse("{}", context, scrub)
    assert.deepStrictEqual(parsed && Result.isSuccess(parsed) ? parsed.success.context : undefined, {
      request: context.request
    })
  })
})

describe("the body of an error that was cut off", () => {
  it("is closed, without its last 4096 characters and without a part of an escape", () => {
    const body = `{"error": {"errorString": "begins`
    for (const part of ["", "\\", "\\u", "\\u00e", "\\u00e9"]) {
      assert.strictEqual(closed(`${body}${part}${"x".repeat(4096)}`), `${body}"}}`, part)
    }
    assert.strictEqual(closed(`${body}\\u00e9 more${"x".repeat(4096)}`), `${body}\\u00e9 more"}}`)
  })
})
