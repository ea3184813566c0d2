import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inspect } from "node:util"
import * as Connection from "../src/Connection.ts"

const token = "tok_3f9A-secret.Value~42"

const origin = (baseUrl: string) =>
  Effect.map(Connection.make({ accessToken: token, baseUrl }), (connection) => connection.origin)

/** Everything that a program could print of a value. */
const printed = (value: unknown): string =>
  [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true }),
    value instanceof Error ? `${value.message}\n${value.stack}\n${String(value.cause)}` : ""
  ].join("\n")

describe("a token where the base URL belongs", () => {
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImlhdCI6MX0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
  const percent = (text: string) => [...text].map((one) => `%${one.charCodeAt(0).toString(16)}`).join("")

  it.effect.each(
    [
      ["the token, percent-encoded", `https://gateway.example.com/${percent(token)}`],
      ["the token, percent-encoded twice", `https://gateway.example.com/${encodeURIComponent(percent(token))}`],
      ["a JWT", jwt],
      ["a JWT behind a scheme", `https://${jwt}`],
      ["a JWT before a path", `${jwt}/api/v1`],
      ["a token of letters and digits behind a scheme", "https://q7Xk2LmPz9RtB4vNw8Ys"],
      ["a part that is too long for a name", `https://${"a1".repeat(32)}.example.com`]
    ] as const
  )("is refused and not repeated: %s", ([, baseUrl]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Connection.make({ accessToken: token, baseUrl }))
      assert.strictEqual(error.field, "baseUrl")
      assert.match(error.reason, /token/)
      assert.notInclude(printed(error), jwt.slice(0, 20))
      assert.notInclude(printed(error), percent(token))
    }))

  it.effect("is no host with capitals, digits and hyphens, or with a path of an id", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* origin("https://Coalesce-Gateway.Example.com"), "https://coalesce-gateway.example.com")
      assert.strictEqual(
        yield* origin("https://gateway.example.com/q7Xk2LmPz9RtB4vNw8Ys"),
        "https://gateway.example.com/q7Xk2LmPz9RtB4vNw8Ys"
      )
    }))
})
