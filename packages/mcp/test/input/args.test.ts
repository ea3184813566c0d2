import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as args from "../../src/input/args.ts"
import { Input, listRuns } from "../../src/tools/listRuns/tool.ts"

const { properties } = listRuns.definition.inputSchema
const readArguments = args.reader(Input, Predicate.isObject(properties) ? properties : {})

describe("arguments", () => {
  it.each<[what: string, sent: unknown, read: unknown]>([
    ["none", undefined, {}],
    ["null instead of none", null, {}],
    ["null and blank for what is left out", { limit: null, runStatus: "", environmentID: "  ", jobID: [] }, {}],
    ["numbers as strings", { limit: "50" }, { limit: 50 }],
    ["ids as numbers", { environmentID: 3, jobID: 12, startingFrom: 4711 }, {
      environmentID: "3",
      jobID: "12",
      startingFrom: "4711"
    }],
    ["flags as strings", { detail: "True" }, { detail: true }],
    ["one status", { runStatus: "failed" }, { runStatus: ["failed"] }],
    ["several", { runStatus: ["failed", null, "canceled"] }, { runStatus: ["failed", "canceled"] }],
    ["several as JSON", { runStatus: "[\"failed\",\"canceled\"]" }, { runStatus: ["failed", "canceled"] }],
    ["several with commas", { runStatus: "failed, canceled" }, { runStatus: ["failed", "canceled"] }],
    ["space around", { window: " today " }, { window: "today" }]
  ])("%s", (_, sent, read) => {
    expect(Result.getOrThrow(readArguments(sent))).toEqual({ input: read, notes: [] })
  })

  it.each<[what: string, sent: unknown, wrong: ReadonlyArray<string>]>([
    ["misspelt", { limt: 3, enviromentID: "3" }, ["limt", "enviromentID"]],
    ["out of range", { limit: 201 }, ["limit: Expected an integer from 1 to 200"]],
    ["of another kind", { limit: "many", detail: "perhaps", window: "tonight" }, [
      "limit: Expected an integer",
      "detail: Expected true or false",
      "window: Expected \"last_night\""
    ]],
    ["not in the list", { runStatus: ["failed", "broken"] }, ["runStatus: Expected \"canceled\""]],
    ["no object", [1], ["arguments: "]],
    ["a prototype's name", JSON.parse("{\"__proto__\":1,\"constructor\":2}"), [
      "constructor: There is no such argument"
    ]]
  ])("%s is refused by name", (_, sent, wrong) => {
    const said = Result.match(readArguments(sent), {
      onFailure: (violations) => violations.map(({ field, reason }) => `${field}: ${reason}`).join("\n"),
      onSuccess: () => "accepted"
    })
    for (const part of wrong) expect(said).toContain(part)
  })
})
