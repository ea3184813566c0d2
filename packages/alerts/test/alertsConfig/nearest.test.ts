// The word that was probably meant, on either side of each bound.
import { describe, expect, it } from "@effect/vitest"
import { nearest, suggestion } from "../../src/alertsConfig/nearest.ts"

describe("the word that was probably meant", () => {
  it("has as many other letters as a third of the longer one at most, and one in any case", () => {
    expect(nearest("ab", ["xb"])).toBe("xb")
    expect(nearest("ab", ["xy"])).toBeUndefined()
    expect(nearest("abcde", ["abcxy"])).toBeUndefined()
    expect(nearest("abcdef", ["abcdxy"])).toBe("abcdxy")
    expect(nearest("abcdef", ["abcxyz"])).toBeUndefined()
    expect(nearest("abcdef", ["abcdefghi"])).toBe("abcdefghi")
    expect(nearest("abcdefghi", ["abcdef"])).toBe("abcdef")
    expect(nearest("abcdef", ["abcdefghij"])).toBeUndefined()
    expect(nearest("ROUTES", ["routes"])).toBe("routes")
    expect(nearest("", ["a"])).toBe("a")
    expect(nearest("d", ["abcd"])).toBeUndefined()
    expect(nearest("x", ["ab"])).toBeUndefined()
  })

  it("is the nearest of several, and the first of those that are as near", () => {
    expect(nearest("details", ["detail", "retails", "details"])).toBe("details")
    expect(nearest("routs", ["roots", "routes"])).toBe("roots")
    expect(suggestion("routs", ["mute", "routes"])).toBe("Did you mean \"routes\"?")
    expect(nearest("environmnt", ["environs", "environments", "environment"])).toBe("environment")
  })

  it("is none for a text of more than 60 characters", () => {
    const word = "a".repeat(61)
    expect([nearest(word.slice(1), [word]), nearest(word, [word])]).toEqual([word, undefined])
    expect(suggestion(word, ["one", "two"])).toBe("Expected one of: one, two.")
  })
})
