import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import { contextOf, errorTexts, fromStatus } from "../../src/client/statusError.ts"
import { RunCursor } from "../../src/index.ts"

const url = "https://coalesce.example/api/v1/runs"
const context = { ...contextOf(url, undefined), attempts: 2 }
const scrub = (text: string) => text.replaceAll("secret", "<redacted>")

const of = (
  status: number,
  fields: { readonly body?: string; readonly location?: string; readonly wait?: number } = {}
) =>
  fromStatus(context, {
    status,
    body: fields.body ?? "",
    location: fields.location,
    retryAfter: fields.wait === undefined ? undefined : Duration.seconds(fields.wait)
  }, scrub)

describe("the error of a status", () => {
  it.each([
    [400, "BadRequest"],
    [401, "Unauthorized"],
    [403, "Forbidden"],
    [404, "NotFound"],
    [429, "TooManyRequests"],
    [500, "InternalServerError"],
    [502, "BadGateway"],
    [503, "ServiceUnavailable"],
    [504, "GatewayTimeout"],
    [302, "UnexpectedStatus"],
    [418, "UnexpectedStatus"]
  ])("of %s is %s", (status, tag) => {
    const error = of(status, { wait: 7 })
    assert.strictEqual(error._tag, tag)
    assert.strictEqual(error.status, status)
    assert.deepStrictEqual(error.request, { method: "GET", url })
    assert.strictEqual(error.attempts, 2)
    assert.strictEqual(error.retryAfter && Duration.toSeconds(error.retryAfter), 7)
    assert.isFalse("errorString" in error || "errorDetail" in error || "location" in error)
  })

  it("knows where to resume, if anywhere", () => {
    const cursor = RunCursor.start({ orderBy: "id", orderByDirection: "desc" })
    assert.deepStrictEqual(contextOf(url, cursor), { request: { method: "GET", url }, resumeFrom: cursor })
    assert.deepStrictEqual(contextOf(url, undefined), { request: { method: "GET", url } })
  })

  it.each([
    {
      body: `{"error": {"errorString": " a\\u0007 secret\\n", "errorDetail": "b"}}`,
      string: "a <redacted>",
      detail: "b"
    },
    { body: `{"error": {"errorString": "a", "errorDetail": 7}}`, string: "a", detail: undefined },
    { body: `{"error": {"errorString": "\\u0000 ", "errorDetail": "b"}}`, string: undefined, detail: "b" },
    { body: `{"error": "a"}`, string: undefined, detail: undefined },
    { body: `{"errorString": "a"}`, string: undefined, detail: undefined },
    { body: `{"": {"errorString": "a"}}`, string: undefined, detail: undefined },
    { body: "7", string: undefined, detail: undefined },
    { body: "null", string: undefined, detail: undefined },
    { body: "<html>", string: undefined, detail: undefined }
  ])("has the texts of its body: $body", ({ body, detail, string }) => {
    const error = of(500, { body })
    assert.strictEqual(error.errorString, string)
    assert.strictEqual(error.errorDetail, detail)
  })

  it("cuts a long text to 1000 characters, after it has removed the token", () => {
    const { errorString = "" } = errorTexts({ errorString: `${"x".repeat(400)}secret${"y".repeat(2000)}` }, scrub)
    assert.lengthOf(errorString, 1000)
    assert.include(errorString, "x<redacted>y")
  })

  it.each([
    ["https://b.example/a?code=1#part", "https://b.example/a"],
    ["/secret/a\u0007#part", "/<redacted>/a"],
    ["?code=1", ""]
  ])("of a redirect to %j has its target without query and fragment", (location, expected) => {
    const error = of(302, { location })
    assert.strictEqual(error._tag === "UnexpectedStatus" ? error.location : undefined, expected)
  })
})
