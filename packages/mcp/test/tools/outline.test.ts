import { describe, expect, it } from "@effect/vitest"
import { outline } from "../../src/tools/outline.ts"

const text = { type: "string", description: "Some text" }

describe("the outline of a schema", () => {
  it("has two levels of properties, and says what is required at the first", () => {
    const inner = {
      type: "object",
      properties: { deep: { type: "object", properties: { text } }, text },
      required: ["text"]
    }
    expect(
      outline({ type: "object", properties: { inner, list: { type: "array", items: inner } }, required: ["inner"] })
    )
      .toEqual({
        type: "object",
        properties: {
          inner: { type: "object", properties: { deep: { type: "object" }, text: { type: "string" } } },
          list: {
            type: "array",
            items: { type: "object", properties: { deep: { type: "object" }, text: { type: "string" } } }
          }
        },
        required: ["inner"]
      })
  })

  it("keeps the values of an enum, and of a union the types of its members", () => {
    const properties = {
      kind: { type: "string", enum: ["a", "b"] },
      either: { anyOf: [{ type: "object", properties: { text } }, { type: "object" }] },
      any: { anyOf: [{ type: "string" }, { type: "integer" }] }
    }
    expect(outline({ type: "object", properties })["properties"]).toEqual({
      kind: { type: "string", enum: ["a", "b"] },
      either: { type: "object" },
      any: { anyOf: [{ type: "string" }, { type: "integer" }] }
    })
  })
})
