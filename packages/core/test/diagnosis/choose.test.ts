import { assert, describe, it } from "@effect/vitest"
import { shortReason } from "../../src/diagnosis/lines.ts"
import type * as FailureCause from "../../src/FailureCause.ts"

const divisionByZero: FailureCause.FailureCause = {
  class: "divisionByZero",
  key: "division by zero",
  message: "Division by zero"
}

describe("a reason in one line", () => {
  it("is whole where it fits", () => {
    assert.strictEqual(shortReason(divisionByZero).message, "Division by zero")
  })

  it("is cut in the middle, with the count of what was cut", () => {
    const whole = `begin ${"x".repeat(400)} end`
    const { message } = shortReason({ ...divisionByZero, message: whole })
    const [, head = "", cut, tail = ""] = /^(begin .*)…\[(\d+) characters cut\]…(.* end)$/.exec(message) ?? []
    assert.isAtMost(message.length, 160)
    assert.strictEqual(head.length + Number(cut) + tail.length, whole.length)
  })
})
