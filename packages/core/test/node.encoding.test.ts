import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { configProvider } from "../src/node.ts"

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "coa-"))
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const text = "[default]\r\ntoken = a-token\r\ndomain = https://app.eu.coalescesoftware.io\r\n"

const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16()

/** The token of a file with these bytes, or the error that refuses it. */
const read = (bytes: Buffer, env: Record<string, string> = {}) =>
  Effect.gen(function*() {
    const file = path.join(directory, "config")
    fs.writeFileSync(file, bytes)
    const provider = yield* configProvider({ env, file })
    return Redacted.value(yield* Config.Redacted("COALESCE_ACCESS_TOKEN").parse(provider))
  }).pipe(Effect.catchTag("InvalidConnection", ({ message }) => Effect.succeed(message)))

describe("a profile file that is not understood is not empty", () => {
  it.effect.each<readonly [what: string, bytes: Buffer]>(
    [
      ["UTF-8", Buffer.from(text)],
      ["UTF-8 with its mark", Buffer.from(`\uFEFF${text}`)],
      ["UTF-8 with a comment in another encoding", Buffer.from(`# caf\xe9\n${text}`, "latin1")],
      ["UTF-16, as Windows PowerShell 5.1 writes it", Buffer.from(`\uFEFF${text}`, "utf16le")],
      ["UTF-16 without its mark", Buffer.from(text, "utf16le")],
      ["big-endian UTF-16", bigEndian(`\uFEFF${text}`)],
      ["big-endian UTF-16 without its mark", bigEndian(text)]
    ] as const
  )("is read in %s", ([, bytes]) =>
    Effect.gen(function*() {
      assert.strictEqual(yield* read(bytes), "a-token")
    }))

  it.effect.each<readonly [what: string, bytes: Buffer]>(
    [
      ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x5b, 0, 0, 0])],
      ["an archive", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 3, 0x4b, 0x2c, 7])]
    ] as const
  )("is named where it is %s", ([, bytes]) =>
    Effect.gen(function*() {
      assert.match(yield* read(bytes), /config is not text in UTF-8 or UTF-16; save it as UTF-8/)
      const env = { COALESCE_ACCESS_TOKEN: "env-token", COALESCE_BASE_URL: "localhost" }
      assert.strictEqual(yield* read(bytes, env), "env-token")
    }))

  it.effect.each(["token = a-token\n", "{ \"default\": { \"token\": \"a-token\" } }", "default:\n  token: a-token\n"])(
    "is named where it has no profile: %j",
    (text) =>
      Effect.gen(function*() {
        const said = yield* read(Buffer.from(text))
        assert.match(said, /config has no profile; expected a line such as \[default\]/)
        assert.notInclude(said, "a-token")
      })
  )

  it.effect.each(["", "\n \n", "# nothing yet\n; [default]\n"])(
    "is empty where it has only comments: %j",
    (text) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* read(Buffer.from(text), { COALESCE_ACCESS_TOKEN: "env-token" }), "env-token")
      })
  )
})
