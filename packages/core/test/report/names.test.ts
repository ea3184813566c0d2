import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { Report } from "../../src/index.ts"

/** Reads the names from these variables, and returns them with what was logged. */
const namesIn = (variables: Record<string, string>) =>
  Effect.gen(function*() {
    const logged: Array<unknown> = []
    const logger = Logger.make(({ logLevel, message }) => {
      logged.push([logLevel, message])
    })
    const names = yield* Report.configuredNames.pipe(Effect.provide(Layer.merge(
      ConfigProvider.layer(ConfigProvider.fromEnvRecord(variables)),
      Logger.layer([logger])
    )))
    return { names, logged }
  })

const warning = (variable: string) => [
  "Warn",
  [`${variable}: an entry is not of the form id=name, or names an id twice`]
]

describe("Report.configuredNames", () => {
  it.effect.each<[text: string, names: Record<string, string>, isWarned: boolean]>([
    ["3=production,2=QA", { "2": "QA", "3": "production" }, false],
    [" 3 = EU = main ;\n2=QA, ", { "2": "QA", "3": "EU = main" }, false],
    ["prod eu = Europe 1", { "prod eu": "Europe 1" }, false],
    ["12=a", { "12": "a" }, false],
    ["3=,=x,production,2=QA", { "2": "QA" }, true],
    ["3 x= , 2=QA", { "2": "QA" }, true],
    ["=x=y,2=a\rb", {}, true],
    ["3=a,3=b", { "3": "b" }, true],
    ["${user_config.environments}", {}, false],
    ["", {}, false]
  ])("reads %j", ([text, expected, isWarned]) =>
    Effect.gen(function*() {
      const { logged, names } = yield* namesIn({ COALESCE_ENVIRONMENTS: text, COALESCE_USERS: text })
      assert.deepStrictEqual(names, { environments: expected, users: expected })
      assert.deepStrictEqual(logged, isWarned ? [warning("COALESCE_ENVIRONMENTS"), warning("COALESCE_USERS")] : [])
    }))

  it.effect("has none where nothing is set", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* namesIn({}), { names: { environments: {}, users: {} }, logged: [] })
    }))
})
