import { describe, expect, it } from "@effect/vitest"
import * as FailureCause from "../../src/FailureCause.ts"

const classOf = (message: string) => FailureCause.classify(message)?.class

/** Words that tell nothing, as many characters as a long statement has. */
const filler = (length: number) => "and so on ".repeat(Math.ceil(length / 10)).slice(0, length)

describe("the class of a long message", () => {
  // Each of the two would be found first in a text that is searched as a whole.
  const quoted = "Access Denied: the table has no rows"

  it("is that of its beginning, then that of its end, and not that of a statement between them", () => {
    expect(classOf(`Division by zero ${filler(2000)} ${quoted} ${filler(2000)}`)).toBe("divisionByZero")
    expect(classOf(`It is said ${filler(2000)} ${quoted} ${filler(2000)} Division by zero`)).toBe("divisionByZero")
    expect(classOf(`Division by zero ${filler(4000)} ${quoted}`)).toBe("divisionByZero")
  })

  it("is that of the words between, where neither end tells one", () => {
    expect(classOf(`It is said ${filler(2000)} ${quoted} ${filler(2000)}`)).toBe("privilege")
  })

  it("is searched as a whole up to 3,000 characters", () => {
    const short = (length: number) => {
      const text = `Division by zero ${filler(1600)}${quoted} `
      return text + filler(length - text.length)
    }
    expect(classOf(short(2999))).toBe("privilege")
    expect(classOf(`${short(3000).slice(0, 2999)}x`)).toBe("privilege")
    expect(classOf(`${short(3001).slice(0, 3000)}x`)).toBe("divisionByZero")
  })
})
