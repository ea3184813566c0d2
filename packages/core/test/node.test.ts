// Long because one folder of profile files serves every case.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { inspect } from "node:util"
import * as Connection from "../src/Connection.ts"
import { configProvider, layerConfigProvider, type Options } from "../src/node.ts"

let directory: string
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "coa-"))
})
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

let files = 0
const fileWith = (text: string): string => {
  const file = path.join(directory, `config-${files++}`)
  fs.writeFileSync(file, text)
  return file
}

const settings = Config.all({
  token: Config.withDefault(Config.Redacted("COALESCE_ACCESS_TOKEN"), undefined),
  host: Config.withDefault(Config.String("COALESCE_BASE_URL"), undefined),
  environmentID: Config.withDefault(Config.String("COALESCE_ENVIRONMENT_ID"), undefined)
})

/** What the provider gives for the three settings, and what it logged. */
const read = (options: Options) =>
  Effect.gen(function*() {
    const logged: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      logged.push(`${logLevel} ${inspect(message)}`)
    })
    const provider = yield* configProvider({ env: {}, ...options }).pipe(Effect.provide(Logger.layer([logger])))
    const { environmentID, host, token } = yield* settings.parse(provider)
    return { token: token && Redacted.value(token), host, environmentID, logged }
  })

const two = `
; the vendor's tool wrote this
[default]
token = us-token
domain = https://app.coalescesoftware.io
environmentID = 3

[eu]
token=eu-token
domain=https://app.eu.coalescesoftware.io
`

describe("profile file", () => {
  it.effect.each(
    [
      ["spaces and none", "[default]\n  token   =  a b  \n", "a b"],
      ["the first = splits", "[default]\ntoken = a=b==\n", "a=b=="],
      ["double quotes", "[default]\ntoken = \"a;b\"\n", "a;b"],
      ["single quotes", "[default]\ntoken = ' a '\n", " a "],
      ["one quote is part of it", "[default]\ntoken = \"a\n", "\"a"],
      ["a # inside a value", "[default]\ntoken = a#b;c\n", "a#b;c"],
      ["whole-line comments", "[default]\n# token = x\n  ; token = y\ntoken = a\n#token = z", "a"],
      ["CRLF", "[default]\r\ntoken = a\r\n\r\n[eu]\r\ntoken = b\r\n", "a"],
      ["a byte order mark", "\ufeff[default]\ntoken = a\n", "a"],
      ["a section's name in spaces and quotes", "[ \"default\" ]\ntoken = a\n", "a"],
      ["a section that comes twice", "[default]\ntoken = a\n[eu]\ntoken = b\n[default]\ndomain = c\n", "a"],
      ["the last of two", "[default]\ntoken = a\ntoken = b\n", "b"],
      ["lines that are nothing", "token = x\n[default]\nwhat is this\n= y\ntoken = a\ntokens", "a"],
      ["no final line break", "[default]\ntoken = a", "a"],
      ["an empty value", "[default]\ntoken =\n", undefined],
      ["an empty quoted value", "[default]\ntoken = \"\"\n", undefined],
      ["another profile is not taken", "[eu]\ntoken = a\n", undefined],
      ["an empty file", "", undefined]
    ] as const
  )("%s", ([_, text, expected]) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* read({ file: fileWith(text) })).token, expected)
    }))
})

describe("precedence", () => {
  it.effect("reads the default profile", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({ file: fileWith(two) }), {
        token: "us-token",
        host: "https://app.coalescesoftware.io",
        environmentID: "3",
        logged: []
      })
    }))

  it.effect("reads the profile that COALESCE_PROFILE names, and no other", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* read({ file: fileWith(two), env: { COALESCE_PROFILE: "eu" } }), {
        token: "eu-token",
        host: "https://app.eu.coalescesoftware.io",
        environmentID: undefined,
        logged: []
      })
    }))

  it.effect("prefers the option to COALESCE_PROFILE", () =>
    Effect.gen(function*() {
      const options = { file: fileWith(two), profile: "eu", env: { COALESCE_PROFILE: "default" } }
      assert.strictEqual((yield* read(options)).token, "eu-token")
    }))

  it.effect("reads each setting from the environment first, then from the file", () =>
    Effect.gen(function*() {
      const result = yield* read({
        file: fileWith(two),
        env: { COALESCE_ACCESS_TOKEN: "env-token", COALESCE_BASE_URL: "https://localhost" }
      })
      assert.deepStrictEqual(result, { token: "env-token", host: "https://localhost", environmentID: "3", logged: [] })
    }))

  it.effect("reads blank variables as absent", () =>
    Effect.gen(function*() {
      const blank = { COALESCE_ACCESS_TOKEN: "", COALESCE_BASE_URL: " ", COALESCE_ENVIRONMENT_ID: "\t" }
      const env = { ...blank, COALESCE_PROFILE: "" }
      const result = yield* read({ file: fileWith(two), profile: " ", env })
      assert.strictEqual(result.token, "us-token")
      assert.strictEqual(result.host, "https://app.coalescesoftware.io")
      assert.strictEqual(result.environmentID, "3")
      assert.strictEqual((yield* read({ file: fileWith(""), env })).host, undefined)
    }))

  it.effect("reads the other variables too", () =>
    Effect.gen(function*() {
      const provider = yield* configProvider({ file: fileWith(two), env: { SOME_OTHER: "value" } })
      assert.strictEqual(yield* Config.String("SOME_OTHER").parse(provider), "value")
    }))

  it.effect("is the provider of a program, as a layer", () =>
    Effect.gen(function*() {
      const connection = yield* Connection.config.pipe(
        Effect.flatMap(Connection.make),
        Effect.provide(layerConfigProvider({ file: fileWith(two), env: {}, profile: "eu" }))
      )
      assert.strictEqual(connection.origin, Connection.regions.eu)
      assert.strictEqual(Redacted.value(connection.accessToken), "eu-token")
    }))
})

describe("a token and a host from two places", () => {
  it.effect.each(
    [
      [{ COALESCE_ACCESS_TOKEN: "env-token" }],
      [{ COALESCE_BASE_URL: "https://app.eu.coalescesoftware.io" }]
    ] as const
  )("is warned of, without the token: %j", ([env]) =>
    Effect.gen(function*() {
      const { logged } = yield* read({ file: fileWith(two), env })
      assert.strictEqual(logged.length, 1)
      assert.match(logged[0] ?? "", /^Warn /)
      for (const part of [...Object.keys(env), "the profile \"default\" of ", "401"]) assert.include(logged[0], part)
      assert.notMatch(logged[0] ?? "", /us-token|env-token/)
    }))

  it.effect("is not, where one place has both or no host is named", () =>
    Effect.gen(function*() {
      const env = { COALESCE_ACCESS_TOKEN: "env-token", COALESCE_BASE_URL: "localhost" }
      assert.deepStrictEqual((yield* read({ file: fileWith(two), env })).logged, [])
      const file = fileWith("[default]\nenvironmentID = 3\n")
      assert.deepStrictEqual((yield* read({ file, env: { COALESCE_ACCESS_TOKEN: "env-token" } })).logged, [])
    }))
})

describe("a named profile that does not exist", () => {
  it.effect("is an error that lists those that are, however it was named", () =>
    Effect.gen(function*() {
      const file = fileWith(two)
      for (const named of [{ profile: "prod" }, { env: { COALESCE_PROFILE: "prod" } }]) {
        const error = yield* Effect.flip(read({ file, ...named }))
        assert.strictEqual(error._tag, "InvalidConnection")
        assert.include(error.message, `there is no profile "prod" in ${file}; it has "default", "eu"`)
        assert.notInclude(inspect(error, { depth: 20 }), "token")
      }
      const complete = { COALESCE_PROFILE: "prod", COALESCE_ACCESS_TOKEN: "t", COALESCE_BASE_URL: "localhost" }
      assert.include((yield* Effect.flip(read({ file, env: complete }))).message, "prod")
      const noDefault = yield* Effect.flip(read({ file: fileWith("[eu]"), profile: "default" }))
      assert.include(noDefault.message, "it has \"eu\"")
      assert.include((yield* Effect.flip(read({ file: fileWith(""), profile: "eu" }))).message, "it has none")
    }))

  it.effect("29. does not show a token that was set as the name of a profile by mistake", () =>
    Effect.gen(function*() {
      const mistaken = "eyJhbGciOiJIUzI1NiJ9.tok3n-for-tests"
      for (const file of [fileWith(two), path.join(directory, "missing")]) {
        const error = yield* Effect.flip(read({ file, env: { COALESCE_PROFILE: mistaken } }))
        assert.notInclude(inspect(error, { depth: 20 }), mistaken.slice(0, 8))
        assert.include(error.message, "look like a token: set it as COALESCE_ACCESS_TOKEN")
      }
    }))

  it.effect("is an error without the file", () =>
    Effect.gen(function*() {
      const file = path.join(directory, "missing")
      const error = yield* Effect.flip(read({ file, profile: "eu" }))
      assert.include(error.message, `there is no file ${file} with the profile "eu"`)
    }))

  it.effect("shows a long or odd name short and on one line", () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 30 }, (_, index) => `[p${index}]`).join("\n")
      const error = yield* Effect.flip(read({ file: fileWith(many), profile: `a\nb${"x".repeat(500)}` }))
      assert.include(error.message, "\"a\\nb")
      assert.include(error.message, "\"p19\" and 10 more")
      assert.isBelow(error.message.length, 500)
    }))
})

describe("a profile file that does not exist or cannot be read", () => {
  it.effect("is fine where it is missing and no profile was named", () =>
    Effect.gen(function*() {
      const absent = { token: undefined, host: undefined, environmentID: undefined, logged: [] }
      assert.deepStrictEqual(yield* read({ file: path.join(directory, "missing") }), absent)
      // `.coa` is a file here.
      assert.deepStrictEqual(yield* read({ file: path.join(fileWith(""), "config") }), absent)
    }))

  it.effect("is an error that names it, unless the environment has everything", () =>
    Effect.gen(function*() {
      // A directory cannot be read as a file, whoever runs the tests.
      const error = yield* Effect.flip(read({ file: directory, env: { COALESCE_ACCESS_TOKEN: "env-token" } }))
      assert.include(error.message, `${directory} cannot be read (EISDIR)`)
      const env = { COALESCE_ACCESS_TOKEN: "env-token", COALESCE_BASE_URL: "localhost" }
      assert.strictEqual((yield* read({ file: directory, env })).token, "env-token")
      const named = yield* Effect.flip(read({ file: directory, env: { ...env, COALESCE_PROFILE: "eu" } }))
      assert.include(named.message, "cannot be read")
    }))
})

describe("a process of its own", () => {
  // The build: Node 20 runs no TypeScript.
  const core = fileURLToPath(new URL("..", import.meta.url))

  const run = (env: Record<string, string>) => {
    const program = `
      import * as Effect from "effect/Effect"
      import * as Connection from "./dist/Connection.js"
      import { layerConfigProvider } from "./dist/node.js"
      const program = Connection.config.pipe(
        Effect.flatMap(Connection.make),
        Effect.tap((connection) => Effect.log(connection)),
        Effect.provide(layerConfigProvider())
      )
      Effect.runPromise(program).then(
        (connection) => console.log("origin " + connection.origin),
        (error) => console.log(error)
      )
    `
    const options = { cwd: core, env, encoding: "utf8" } as const
    const result = spawnSync(process.execPath, ["--input-type=module", "-e", program], options)
    return result.stdout + result.stderr
  }

  const homeWith = (text: string | undefined): string => {
    const home = fs.mkdtempSync(path.join(directory, "home-"))
    if (text !== undefined) {
      fs.mkdirSync(path.join(home, ".coa"))
      fs.writeFileSync(path.join(home, ".coa", "config"), text)
    }
    return home
  }

  it("reads its environment and ~/.coa/config, and shows no token", () => {
    const secret = "SECRET-of-the-process"
    const eu = `[eu]\ntoken = ${secret}-2\ndomain = app.eu.coalescesoftware.io\n`
    const home = homeWith(`[default]\ntoken = ${secret}-1\n${eu}`)
    const outputs = {
      profile: run({ HOME: home }),
      named: run({ HOME: home, COALESCE_PROFILE: "eu" }),
      mixed: run({ HOME: home, COALESCE_ACCESS_TOKEN: `${secret}-3`, COALESCE_PROFILE: "eu" }),
      environment: run({ HOME: homeWith(undefined), COALESCE_ACCESS_TOKEN: secret, COALESCE_BASE_URL: "localhost:1" }),
      missing: run({ HOME: home, COALESCE_PROFILE: "prod", COALESCE_ACCESS_TOKEN: secret }),
      broken: run({ HOME: home, COALESCE_ACCESS_TOKEN: `${secret}\n${secret}` }),
      none: run({ HOME: homeWith(undefined) })
    }
    assert.include(outputs.profile, "origin https://app.coalescesoftware.io")
    assert.include(outputs.named, "origin https://app.eu.coalescesoftware.io")
    assert.include(outputs.mixed, "WARN")
    assert.include(outputs.mixed, "origin https://app.eu.coalescesoftware.io")
    assert.include(outputs.environment, "origin http://localhost:1")
    assert.include(outputs.missing, "it has \"default\", \"eu\"")
    assert.include(outputs.broken, "line break")
    assert.include(outputs.none, "Deploy tab")
    assert.notInclude(Object.values(outputs).join(""), secret)
  })
})
