// What is read of a message: the text in a JSON body, and otherwise the message as it is.
import { describe, expect, it } from "@effect/vitest"
import { maxRead, readText } from "../../src/cause/readText.ts"

const said = "Division by zero"

describe("the text of a JSON body", () => {
  it.each([
    "errorString",
    "message",
    "errorMessage",
    "error_message",
    "msg",
    "errorDetail",
    "detail",
    "details",
    "description",
    "error",
    "errors",
    "cause",
    "reason",
    "body",
    "data"
  ])("is its field %s", (field) => {
    expect(readText(JSON.stringify({ id: 7, [field]: said }))).toBe(said)
    expect(readText(`500 Internal Server Error: ${JSON.stringify({ [field]: [{ [field]: said }, "more"] })}`)).toBe(
      said
    )
    // A place for a message with nothing in it says nothing.
    expect(readText(JSON.stringify({ [field]: "" }))).toBe("")
  })

  it("is the more telling of two fields", () => {
    expect(readText(JSON.stringify({ error: "It failed with a status", message: said }))).toBe(said)
  })

  it("is the first of a list, or a text in quotes, within another as well", () => {
    expect(readText(JSON.stringify([said, "more"]))).toBe(said)
    expect(readText(JSON.stringify(said))).toBe(said)
    expect(readText(JSON.stringify({ body: JSON.stringify({ message: JSON.stringify(said) }) }))).toBe(said)
  })

  it("is not searched for in more than 8 levels", () => {
    const nested = (levels: number) => `${"[".repeat(levels)}"${said}"${"]".repeat(levels)}`
    expect(readText(nested(7))).toBe(said)
    expect(readText(nested(9))).toBe(nested(9))
  })
})

describe("a message that is no JSON body", () => {
  it.each([
    "[Snowflake] Division by zero",
    "\"ORDERS\" is missing",
    "[1, 2",
    "\"open",
    "7",
    JSON.stringify({ id: 7 }),
    "Failed to parse JSON value {\"message\":\"x\"}",
    "The row is {\"message\":\"x\"}"
  ])("is read as it is: %s", (text) => expect(readText(text)).toBe(text))

  it("is read whole up to 65,536 characters, and at both ends beyond", () => {
    const text = "x".repeat(maxRead)
    expect(readText(text)).toBe(text)
    expect(readText(`begin ${text} end`)).toMatch(/^begin x+…\[\d+ characters cut\]…x+ end$/)
    expect(readText(`begin ${text} end`).length).toBeLessThanOrEqual(maxRead)
  })
})
