import { afterAll, assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as Connection from "../src/Connection.ts"
import { configProvider } from "../src/node.ts"
import * as RunsClient from "../src/RunsClient.ts"

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "coa-"))
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

/** The connection of an environment and a profile file, or the error that refuses it, and what was logged. */
const read = (env: Record<string, string>, profile = "") =>
  Effect.gen(function*() {
    const file = path.join(directory, "config")
    fs.writeFileSync(file, profile)
    const logged: Array<string> = []
    const logger = Logger.make(({ message }) => {
      logged.push(String(message))
    })
    const provider = yield* configProvider({ env, file }).pipe(Effect.provide(Logger.layer([logger])))
    const config = yield* Connection.config.parse(provider)
    const said = yield* Connection.make(config).pipe(
      Effect.map(({ accessToken, origin }) => `${Redacted.value(accessToken)} ${origin}`),
      Effect.catchTag("InvalidConnection", ({ message }) => Effect.succeed(message))
    )
    return { said, logged }
  })

describe("a setting that nobody filled in", () => {
  it.effect.each(["${COALESCE_ACCESS_TOKEN}", "${input:x}", "%COALESCE_ACCESS_TOKEN%", "null", "<token>"])(
    "is refused as the token before any request: %s",
    (token) =>
      Effect.gen(function*() {
        const { logged, said } = yield* read({ COALESCE_ACCESS_TOKEN: token })
        assert.match(said, /`accessToken`.*a placeholder that the client did not fill in/)
        assert.deepStrictEqual(logged, [])
      })
  )

  it.effect("is refused as the token of a profile", () =>
    Effect.gen(function*() {
      const { said } = yield* read({}, "[default]\ntoken = ${TOKEN}\n")
      assert.match(said, /a placeholder that the client did not fill in/)
    }))

  it.effect("counts as not set where it is optional, with one note", () =>
    Effect.gen(function*() {
      const { logged, said } = yield* read({
        COALESCE_ACCESS_TOKEN: "a-token",
        COALESCE_BASE_URL: "${user_config.base_url}",
        COALESCE_PROFILE: "${input:profile}",
        COALESCE_TIME_ZONE: "${user_config.time_zone}"
      })
      assert.strictEqual(said, "a-token https://app.coalescesoftware.io")
      assert.deepStrictEqual(logged, [
        "COALESCE_BASE_URL, COALESCE_PROFILE, COALESCE_TIME_ZONE hold placeholders that the client did not fill in: " +
        "they count as not set."
      ])
    }))

  it.effect("leaves its place to the profile, token and host", () =>
    Effect.gen(function*() {
      const { logged, said } = yield* read(
        { COALESCE_ACCESS_TOKEN: "${input:token}", COALESCE_BASE_URL: "%HOST%" },
        "[default]\ntoken = of-the-profile\ndomain = https://app.eu.coalescesoftware.io\n"
      )
      assert.strictEqual(said, "of-the-profile https://app.eu.coalescesoftware.io")
      assert.deepStrictEqual(logged, [
        "COALESCE_ACCESS_TOKEN, COALESCE_BASE_URL hold placeholders that the client did not fill in: they count as not set."
      ])
    }))

  it.effect("of the profile counts as not set, with the name of its key", () =>
    Effect.gen(function*() {
      const { logged, said } = yield* read({}, "[default]\ntoken = a-token\ndomain = {{ domain }}\n")
      assert.strictEqual(said, "a-token https://app.coalescesoftware.io")
      assert.strictEqual(logged.length, 1)
      assert.match(
        logged[0] ?? "",
        /^domain of the profile "default" of .* holds a placeholder that the client did not fill in: it counts as not set\.$/
      )
    }))

  it.effect("is refused by name without a profile too", () =>
    Effect.gen(function*() {
      const layer = RunsClient.layerConfig().pipe(
        Layer.provide(FetchHttpClient.layer),
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnvRecord({
          COALESCE_ACCESS_TOKEN: "a-token",
          COALESCE_BASE_URL: "${user_config.base_url}"
        })))
      )
      const error = yield* Effect.flip(Effect.provide(RunsClient.listPage(), layer))
      assert.match(error.message, /`baseUrl`.*a placeholder that the client did not fill in/)
    }))
})
