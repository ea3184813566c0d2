import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as FailureCause from "../../src/FailureCause.ts"
import { load } from "./data/load.ts"

/** A message as platforms, drivers and tools write it, and the public page that has it. Names in templates are filled in. */
const PublicMessage = Schema.Struct({
  platform: Schema.Literals(["snowflake", "databricks", "bigquery", "fabric"]),
  class: FailureCause.CauseClass,
  source: Schema.String,
  message: Schema.String
})

const messages = load("publicMessages.json", PublicMessage)

describe("messages that public pages show", () => {
  it("are at least 250, each with its source", () => {
    expect(messages.length).toBeGreaterThanOrEqual(250)
    expect(messages.filter(({ source }) => !/^https:\/\/[\w.]+\/\S+$/.test(source))).toEqual([])
    expect(new Set(messages.map(({ message }) => message)).size).toBe(messages.length)
  })

  it("have the class that they are of, none wrong", () => {
    const wrong = messages.flatMap(({ class: expected, message }) => {
      const cause = FailureCause.classify(message)
      return cause?.class === expected ? [] : [{ expected, got: cause?.class, message }]
    })
    expect(wrong).toEqual([])
  })

  it("have it whatever was classified before: the same message, the last ones, or many others", () => {
    const again = messages.flatMap((one, index) => [one, one, ...messages.slice(Math.max(0, index - 18), index)])
    const wrong = again.filter(({ class: expected, message }) => FailureCause.classify(message)?.class !== expected)
    expect(wrong).toEqual([])
  })

  it("keep class, key and object where their lines break otherwise", () => {
    const changed = messages.flatMap(({ message }) => {
      // A stack on one line is tested with the cases.
      if (/Traceback|\n\s*at\s|\n\n?==|^\s*[[{]/m.test(message)) return []
      const [a, b] = [FailureCause.classify(message), FailureCause.classify(message.replace(/\s+/g, " "))]
      return a?.class === b?.class && a?.key === b?.key && a?.object === b?.object ? [] : [{ message, a, b }]
    })
    expect(changed).toEqual([])
  })

  it("show no carrier of the message, and stay in bounds", () => {
    for (const { message } of messages) {
      const cause = FailureCause.classify(message)
      expect(cause?.key).toMatch(/\S/)
      expect(cause?.key).not.toMatch(
        /snowflake\.connector|pyodbc|sqlalche\.me|net\.snowflake|\[microsoft\]|compiled (?:code|sql) at/
      )
      expect(cause?.message.length).toBeLessThanOrEqual(FailureCause.maxMessageLength)
    }
  })
})
