import { assert, describe, it } from "@effect/vitest"
import { decodeReasons } from "../../src/client/decode.ts"

describe("decodeReasons", () => {
  it("has the reasons of rows that have an id and a reason", () => {
    const rows = [
      { id: "7", runFailureReason: "broken" },
      { id: 8 },
      { id: 9, runFailureReason: 9 },
      { id: "x", runFailureReason: "of nobody" },
      { runFailureReason: "of nobody" },
      null
    ]
    assert.deepStrictEqual([...decodeReasons(rows)], [[7, "broken"]])
  })
})
