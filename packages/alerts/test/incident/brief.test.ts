// What leaves the account in short, and what does not: key by key.
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { brief } from "../../src/incident/brief.ts"

const short = brief(Schema.Json)

const ofUser = {
  class: "authenticationOrNetwork",
  key: "user … is disabled",
  object: "ADA",
  message: "User 'ADA' is disabled"
}
const ofTable = {
  class: "dataConversion",
  key: "value … is not a number",
  object: "ORDERS",
  message: "value 4111 is not a number"
}

describe("facts in short", () => {
  it("have no SQL and no text of an error, however deep", () => {
    expect(short({ a: [{ sql: "SELECT 4111", errorString: "4111", name: "N" }], sql: { title: ["t"] } })).toEqual({
      a: [{ name: "N" }],
      sql: { title: ["t"] }
    })
    expect(short([1, "a", null, true])).toEqual([1, "a", null, true])
  })

  it("say a cause by its kind and its object, and one about a user by its kind alone", () => {
    expect(short(ofTable)).toEqual({ ...ofTable, message: "value … is not a number (ORDERS)" })
    const { object: _, ...noObject } = ofTable
    expect(short(noObject)).toEqual({ ...noObject, message: "value … is not a number" })
    expect(short(ofUser)).toEqual({ class: ofUser.class, key: ofUser.key, message: ofUser.key })
    for (const key of ["Users … are disabled", "cannot find user …"]) {
      expect(short({ ...ofUser, key })).toEqual({ class: ofUser.class, key, message: key })
    }
    // Of the user's table it is the table that is named.
    expect(short({ ...ofTable, key: "table … of user …" })).toEqual({
      ...ofTable,
      key: "table … of user …",
      message: "table … of user … (ORDERS)"
    })
  })

  it("have no other messages, and no names of several users", () => {
    expect(short({ otherMessages: ["value 4112 is not a number"] })).toEqual({ otherMessages: [] })
    const objects = { listed: ["ADA", "BERT"], more: 1 }
    expect(short({ key: "user … is disabled", objects })).toEqual({
      key: "user … is disabled",
      objects: { listed: [], more: 0 }
    })
    expect(short({ key: "value … is not a number", objects })).toEqual({ key: "value … is not a number", objects })
    expect(short({ objects })).toEqual({ objects })
  })

  it("say a reason by its cause, and one that names none as it is", () => {
    const said = (runFailureReason: string) => short({ runFailureReason })
    expect(JSON.stringify(said("100038 (22018): Numeric value '4111' is not recognized"))).not.toContain("4111")
    expect(JSON.stringify(said("100038 (22018): Numeric value '4111' is not recognized"))).toContain("numeric value")
    expect(said("3 nodes failed")).toEqual({ runFailureReason: "3 nodes failed" })
  })

  it("leave out what a data test found, and keep the messages of this library", () => {
    expect(short({ node: "N", test: "unique", message: "4111 is there twice" })).toEqual({ node: "N", test: "unique" })
    expect(short({ node: "N", part: "results", message: "status 503" })).toEqual({
      node: "N",
      part: "results",
      message: "status 503"
    })
    expect(short({ part: "results", message: "status 503" })).toEqual({ part: "results", message: "status 503" })
    expect(short({ message: "status 503" })).toEqual({ message: "status 503" })
    expect(short({ key: "k", message: "m" })).toEqual({ key: "k", message: "m" })
    expect(short({ class: "c", message: "m", object: "o" })).toEqual({ class: "c", message: "m", object: "o" })
  })

  it("hide the values of parameters and of the sign-in that changed, and no other change", () => {
    expect(short({ name: "REGION", before: "EU", after: "US" })).toEqual({
      name: "REGION",
      before: "***",
      after: "***"
    })
    expect(short({ kind: "selector", before: "{ A }", after: "{ B }" })).toEqual({
      kind: "selector",
      before: "{ A }",
      after: "{ B }"
    })
    expect(short({ name: "N", before: 12 })).toEqual({ name: "N", before: 12 })
  })
})
