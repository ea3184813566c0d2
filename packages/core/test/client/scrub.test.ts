import { assert, describe, it } from "@effect/vitest"
import * as scrub from "../../src/client/scrub.ts"

const token = "to\"k\\n/5f3a"

describe("scrub", () => {
  it.each([
    { form: "as it is", text: `at ${token}!` },
    { form: "as a part of a JSON text", text: `at ${JSON.stringify(token).slice(1, -1)}!` },
    { form: "with one character percent-encoded", text: `at %74${token.slice(1)}!` },
    { form: "percent-encoded", text: `at ${encodeURIComponent(token)}!` },
    {
      form: "percent-encoded twice in lower case",
      text: `at ${encodeURIComponent(encodeURIComponent(token))}!`.toLowerCase()
    }
  ])("removes a token $form", ({ text }) => {
    assert.strictEqual(scrub.make(token)(text), "at <redacted>!")
  })

  it("removes a token of 8 characters, and leaves one of 7", () => {
    assert.strictEqual(scrub.make("12345678")("12345678 is 12345678"), "<redacted> is <redacted>")
    assert.strictEqual(scrub.make("1234567")("1234567 is 1234567"), "1234567 is 1234567")
  })

  it("cleans texts and keys of parsed JSON at any depth, which stays as JSON.parse makes it", () => {
    const json = JSON.stringify({
      list: [1, null, "token-of-9", { "token-of-9": "kept", same: true }],
      token: "token-of-9"
    })
    const cleaned = scrub.clean(JSON.parse(json), scrub.make("token-of-9"))
    const expected: unknown = JSON.parse(json.replaceAll("token-of-9", "<redacted>"))
    assert.deepStrictEqual(cleaned, expected)
    const descriptors = (value: unknown): unknown =>
      typeof value === "object" && value !== null
        ? Object.fromEntries(
          Object.entries(Object.getOwnPropertyDescriptors(value)).map((
            [key, { value, ...rest }]
          ) => [key, [rest, descriptors(value)]])
        )
        : value
    assert.deepStrictEqual(descriptors(cleaned), descriptors(expected))
  })

  it("keeps the last of two keys that become the same, and a key that is the prototype's", () => {
    const cleaned = scrub.clean(
      JSON.parse(`{"token-of-9": 1, "token%2Dof%2D9": 2, "__proto__": "token-of-9"}`),
      scrub.make("token-of-9")
    )
    assert.strictEqual(JSON.stringify(cleaned), `{"__proto__":"<redacted>","<redacted>":2}`)
  })

  it("cleans what is a text as a whole", () => {
    assert.strictEqual(scrub.clean("my token-of-9", scrub.make("token-of-9")), "my <redacted>")
  })
})
