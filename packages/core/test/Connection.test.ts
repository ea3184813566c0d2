import { assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import * as Connection from "../src/Connection.ts"

const token = "tok_3f9A-secret.Value~42"

const origin = (baseUrl: string) =>
  Effect.map(Connection.make({ accessToken: token, baseUrl }), (connection) => connection.origin)

/** Everything that a program could print of a value. */
const printed = (value: unknown): string =>
  [
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true }),
    value instanceof Error ? `${value.message}\n${value.stack}\n${String(value.cause)}` : ""
  ].join("\n")

describe("base URL", () => {
  it.effect.each(
    [
      ["https://app.coalescesoftware.io", "https://app.coalescesoftware.io"],
      ["https://app.coalescesoftware.io/", "https://app.coalescesoftware.io"],
      ["https://app.coalescesoftware.io/api", "https://app.coalescesoftware.io"],
      ["https://app.coalescesoftware.io/api/", "https://app.coalescesoftware.io"],
      ["https://app.coalescesoftware.io/api/v1", "https://app.coalescesoftware.io"],
      ["https://app.coalescesoftware.io/api/v1//", "https://app.coalescesoftware.io"],
      ["app.coalescesoftware.io", "https://app.coalescesoftware.io"],
      ["app.eu.coalescesoftware.io/api/v1", "https://app.eu.coalescesoftware.io"],
      ["  https://app.eu.coalescesoftware.io\n", "https://app.eu.coalescesoftware.io"],
      ["HTTPS://App.EU.CoalesceSoftware.io/API", "https://app.eu.coalescesoftware.io"],
      ["https://app.coalescesoftware.io:443", "https://app.coalescesoftware.io"],
      ["https://abcompany.app.eu.coalescesoftware.io", "https://abcompany.app.eu.coalescesoftware.io"],
      ["abcompany.app.us-west-2.aws.coalescesoftware.io/", "https://abcompany.app.us-west-2.aws.coalescesoftware.io"],
      ["https://app.mars-north-1.coalescesoftware.io", "https://app.mars-north-1.coalescesoftware.io"],
      ["https://gateway.example.com:8443", "https://gateway.example.com:8443"],
      ["gateway.example.com:8443/coalesce/api/v1", "https://gateway.example.com:8443/coalesce"],
      ["https://gateway.example.com/coalesce/", "https://gateway.example.com/coalesce"],
      ["https://gateway.example.com/@data/coalesce", "https://gateway.example.com/@data/coalesce"],
      ["https://gateway/api/v1", "https://gateway"],
      ["http://localhost:4010", "http://localhost:4010"],
      ["localhost:4010/api/v1", "http://localhost:4010"],
      ["https://localhost:4010", "https://localhost:4010"],
      ["http://127.0.0.1:4010/", "http://127.0.0.1:4010"],
      ["http://127.8.9.10", "http://127.8.9.10"],
      ["http://[::1]:4010/api", "http://[::1]:4010"]
    ] as const
  )("accepts %s", ([given, expected]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* origin(given), expected)
    }))

  it.effect.each(
    [
      ["", "empty"],
      ["  ", "empty"],
      ["/", "not the URL of a host"],
      ["https://", "not the URL of a host"],
      ["//app.coalescesoftware.io", "not the URL of a host"],
      ["https:app.coalescesoftware.io", "not the URL of a host"],
      ["eu", "region"],
      ["ftp://app.coalescesoftware.io", "https:"],
      ["javascript://app.coalescesoftware.io", "https:"],
      ["http://app.coalescesoftware.io", "http:"],
      ["http://127.0.0.1.example.com", "http:"],
      ["http://localhost.example.com", "http:"],
      ["http://0.0.0.0:4010", "http:"],
      ["http://[::2]", "http:"],
      ["https://user:pass@app.coalescesoftware.io", "credentials"],
      ["https://user@app.coalescesoftware.io", "credentials"],
      ["https://@app.coalescesoftware.io", "credentials"],
      ["user:pass@app.coalescesoftware.io", "credentials"],
      ["http://localhost@app.coalescesoftware.io", "credentials"],
      ["https://app.coalescesoftware.io?token=1", "query"],
      ["https://app.coalescesoftware.io/?", "query"],
      ["https://app.coalescesoftware.io/#/runs", "fragment"],
      ["https://app.coalescesoftware.io/#", "fragment"],
      ["https://app.coalescesoftware.io/workspaces/1", "path"],
      ["https://app.coalescesoftware.io/api/v2", "path"],
      ["https://app.coalesce\nsoftware.io", "line break"],
      ["https://app.coalesce\u200bsoftware.io", "space"],
      ["https:\\\\app.coalescesoftware.io", "backslash"],
      [token, "access token"],
      [`https://app.coalescesoftware.io/${token}`, "access token"],
      [`https://app.coalescesoftware.io/?token=${token.toUpperCase()}`, "access token"],
      [`https://x:${token}@app.coalescesoftware.io`, "access token"]
    ] as const
  )("refuses %j", ([given, expected]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(origin(given))
      assert.strictEqual(error._tag, "InvalidConnection")
      assert.strictEqual(error.field, "baseUrl")
      assert.include(error.reason, expected)
      assert.include(error.message, error.reason)
    }))

  it.effect.each(
    [
      ["http://simulator:4010/", "simulator", "http://simulator:4010"],
      ["http://simulator:4010", "simulator:4010", "http://simulator:4010"],
      ["http://Simulator.Internal/coalesce", " simulator.internal ", "http://simulator.internal/coalesce"],
      ["http://[fd00::7]:4010", "[fd00::7]", "http://[fd00::7]:4010"],
      ["https://simulator:4010", "simulator", "https://simulator:4010"]
    ] as const
  )("accepts %s where allowInsecureHost is %s", ([baseUrl, allowInsecureHost, expected]) =>
    Effect.gen(function*() {
      const connection = yield* Connection.make({ accessToken: token, baseUrl, allowInsecureHost })
      assert.strictEqual(connection.origin, expected)
    }))

  it.effect.each(
    [
      ["http://simulator.example.com", "simulator"],
      ["http://simulator", "example.com"],
      ["http://simulator:4010", "simulator:4011"],
      ["http://simulator", "*"],
      ["http://simulator", ""],
      ["http://simulator@evil.example.com", "simulator"]
    ] as const
  )("refuses %s where allowInsecureHost is %s", ([baseUrl, allowInsecureHost]) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(Connection.make({ accessToken: token, baseUrl, allowInsecureHost }))
      assert.strictEqual(error.field, "baseUrl")
    }))

  it.effect("says what to do about http:", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(origin("http://simulator:4010"))
      assert.strictEqual(
        error.reason,
        "`http:` would send the token unencrypted. Use `https://`, or name the host in `allowInsecureHost` (COALESCE_ALLOW_INSECURE_HOST) if it is yours"
      )
    }))

  it.effect("is the US host by default", () =>
    Effect.gen(function*() {
      const connection = yield* Connection.make({ accessToken: token })
      assert.strictEqual(connection.origin, "https://app.coalescesoftware.io")
    }))
})

describe("region", () => {
  it.effect("names a host of Coalesce", () =>
    Effect.gen(function*() {
      const hosts = Object.values(Connection.regions)
      assert.strictEqual(new Set(hosts).size, 13)
      for (const host of hosts) assert.strictEqual(yield* origin(host), host)
      const connection = yield* Connection.make({ accessToken: token, region: "us-east-1.aws" })
      assert.strictEqual(connection.origin, "https://app.us-east-1.aws.coalescesoftware.io")
    }))

  it.effect("is invalid beside a base URL, and if it is unknown", () =>
    Effect.gen(function*() {
      const both = yield* Effect.flip(
        Connection.make({ accessToken: token, region: "eu", baseUrl: Connection.regions.eu })
      )
      assert.strictEqual(both.field, "region")
      for (const name of ["toString", "", "mars", token]) {
        // What plain JavaScript, or a setting read as text, may hand over.
        const unknown = { accessToken: token, region: name as Connection.Region }
        const error = yield* Effect.flip(Connection.make(unknown))
        assert.strictEqual(error.field, "region")
        assert.include(error.reason, "us-east-1.aws")
        assert.include(error.reason, "baseUrl")
      }
    }))
})

describe("access token", () => {
  it.effect.each(
    [
      [token],
      [`  ${token}\r\n`],
      [`\ufeff${token}\u00a0`],
      [Redacted.make(`${token}\n`)]
    ] as const
  )("is trimmed: %j", ([accessToken]) =>
    Effect.gen(function*() {
      const connection = yield* Connection.make({ accessToken })
      assert.strictEqual(Redacted.value(connection.accessToken), token)
      assert.notInclude(printed(connection), token)
    }))

  it.effect.each(
    [
      ["", "Deploy tab"],
      [" \n ", "Deploy tab"],
      [`Bearer ${token}`, "Bearer"],
      [`${token}\nX-Injected: 1`, "line break"],
      [`${token}\r\n${token}`, "line break"],
      [`${token} ${token}`, "space"],
      [`${token}\u0000`, "ASCII"],
      [`${token}\u200b${token}`, "ASCII"],
      [`${token}é`, "ASCII"],
      [`"${token}"`, "quotation"]
    ] as const
  )("is invalid and not repeated: %j", ([accessToken, expected]) =>
    Effect.gen(function*() {
      for (const given of [accessToken, Redacted.make(accessToken)]) {
        const exit = yield* Effect.exit(Connection.make({ accessToken: given }))
        const error = yield* Effect.flip(Connection.make({ accessToken: given }))
        assert.strictEqual(error.field, "accessToken")
        assert.include(error.message, expected)
        assert.notInclude(printed(error) + printed(exit), token)
      }
    }))

  it.effect("is invalid if plain JavaScript leaves it out", () =>
    Effect.gen(function*() {
      // @ts-expect-error the type asks for a token
      const error = yield* Effect.flip(Connection.make({}))
      assert.include(error.message, "COALESCE_ACCESS_TOKEN")
    }))

  it.effect.each(
    [
      [token],
      [`https://app.coalescesoftware.io/api/v1?token=${token}`],
      [`https://${token}@app.coalescesoftware.io`],
      [`https://app.coalescesoftware.io/${token.toLowerCase()}`],
      [`http://${token}.example.com`],
      [`https://[${token}`]
    ] as const
  )("is not repeated if it is set as the base URL by mistake: %j", ([baseUrl]) =>
    Effect.gen(function*() {
      // Both the same token, and one that cannot be recognised in the URL.
      for (const accessToken of [token, "another-token"]) {
        const exit = yield* Effect.exit(Connection.make({ accessToken, baseUrl }))
        if (Exit.isSuccess(exit)) assert.strictEqual(accessToken, "another-token")
        else assert.notInclude(printed(exit).toLowerCase(), token.toLowerCase())
      }
    }))
})

describe("config", () => {
  const read = (env: Record<string, string>) =>
    Connection.config.pipe(
      Effect.flatMap(Connection.make),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))
    )

  it.effect("reads the token and the base URL", () =>
    Effect.gen(function*() {
      const connection = yield* read({
        COALESCE_ACCESS_TOKEN: ` ${token}\n`,
        COALESCE_BASE_URL: "app.eu.coalescesoftware.io"
      })
      assert.strictEqual(connection.origin, "https://app.eu.coalescesoftware.io")
      assert.strictEqual(Redacted.value(connection.accessToken), token)
    }))

  it.effect("reads an empty base URL as an absent one", () =>
    Effect.gen(function*() {
      const connection = yield* read({ COALESCE_ACCESS_TOKEN: token, COALESCE_BASE_URL: "" })
      assert.strictEqual(connection.origin, Connection.regions.us)
    }))

  it.effect.each([[{}], [{ COALESCE_ACCESS_TOKEN: "" }]] as const)(
    "says where to get a token if it is missing: %j",
    ([env]) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(read(env))
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(error.message, "COALESCE_ACCESS_TOKEN")
        assert.include(error.message, "Deploy tab")
      })
  )

  it.effect("never repeats the token", () =>
    Effect.gen(function*() {
      for (const bad of [`${token}\n${token}`, `Bearer ${token}`]) {
        assert.notInclude(printed(yield* Effect.exit(read({ COALESCE_ACCESS_TOKEN: bad }))), token)
      }
      const options = yield* Connection.config.parse(ConfigProvider.fromEnv({ env: { COALESCE_ACCESS_TOKEN: token } }))
      assert.notInclude(printed(options), token)
    }))

  it.effect("can be nested and defaulted like any Config", () =>
    Effect.gen(function*() {
      const provider = ConfigProvider.fromUnknown({ eu: { COALESCE_ACCESS_TOKEN: token } })
      const options = yield* Config.nested(Connection.config, "eu").parse(provider)
      assert.strictEqual(Redacted.isRedacted(options.accessToken), true)
      const absent = yield* Config.option(Connection.config).parse(ConfigProvider.fromUnknown({}))
      assert.strictEqual(absent._tag, "None")
    }))
})
