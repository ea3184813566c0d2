/** Options that plain JavaScript or a typo can pass. Each throws a sentence: a misspelt one would silently do nothing. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import { describe, expect, it } from "@effect/vitest"
import { McpServer } from "@modelcontextprotocol/server"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { noObjects, passed } from "../../core/test/support/passed.ts"
import { takersOf } from "../../core/test/support/takersOf.ts"
import * as ai from "../src/ai.ts"
import { Server } from "../src/index.ts"

// Nothing runs on it.
const layer = RunsClient.layer({ accessToken: "a-token-for-tests", region: "eu" }).pipe(
  Layer.provide(FetchHttpClient.layer)
)
const runtime = ManagedRuntime.make(layer)

type Call = (options: never) => unknown

const calls: ReadonlyArray<readonly [name: string, call: Call, wrong: ReadonlyArray<readonly [string, object]>]> = [
  ["Server.factory", (options) => Server.factory(runtime, options), [
    ["struct", { struct: true }],
    ["structured", { structured: "yes" }],
    ["structured", { structured: null }]
  ]],
  [
    "Server.registerTools",
    (options) => Server.registerTools(new McpServer({ name: "data-team", version: "1.0.0" }), options),
    [
      ["runtime", {}],
      ["runtime", { runtime: null }],
      ["runtime", { runtime: layer }],
      ["runTime", { runTime: runtime }],
      ["structured", { runtime, structured: 1 }]
    ]
  ]
]

describe.each(calls)("options of %s", (name, call, wrong) => {
  it.each(wrong)("name %s where it is wrong", (field, options) => {
    expect(() => call(passed(options))).toThrow(`${name}: \`${field}\`: `)
  })

  it.each(noObjects)("that are %s throw a sentence", (_, options) => {
    expect(() => call(passed(options))).toThrow(`${name}: expected an object of options, got `)
  })
})

describe("Server.factory", () => {
  it.each([["null", null], ["a layer", layer], ["the options", { runtime }]])(
    "refuses %s for a runtime",
    (_, wrong) => {
      expect(() => Server.factory(passed(wrong))).toThrow("Server.factory: `runtime`: expected a ManagedRuntime")
    }
  )
})

describe("the table of options", () => {
  const names = takersOf(new URL("../dist/", import.meta.url), { server: Server, ai })
    .map((name) => name.replace("server.", "Server."))

  it("finds the functions that take options", () => {
    expect(names).toEqual(expect.arrayContaining(["Server.factory", "Server.registerTools"]))
  })

  it.each(names)("has a row for %s, which takes options", (name) => {
    expect(
      calls.map(([row]) => row),
      `${name} takes options: add it to the table above, so that wrong ones are refused`
    ).toContain(name)
  })
})
