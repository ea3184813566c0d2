import { assert, describe, it } from "@effect/vitest"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "../src/promiseNode.ts"
import { InvalidConnection } from "../src/RunsError.ts"
import { passed } from "./support/passed.ts"
import { rejection } from "./support/promise.ts"

const withFile = async (test: (file: string) => Promise<void>) => {
  const directory = mkdtempSync(join(tmpdir(), "coalesce-promise-"))
  const file = join(directory, "config")
  writeFileSync(
    file,
    "[default]\ntoken = default-token\n[eu]\ntoken = eu-token\ndomain = https://app.eu.coalescesoftware.io\n"
  )
  try {
    await test(file)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

describe("createClient of promise-node", () => {
  it("reads the token and the host of a profile, and prefers what is set", () =>
    withFile(async (file) => {
      const sent: Array<string> = []
      const fetch: typeof globalThis.fetch = async (_, init) => {
        sent.push(new Headers(init?.headers).get("authorization") ?? "")
        return Response.json({ data: [], limit: 25 })
      }
      const client = await createClient({ fetch }, { file, profile: "eu" })
      assert.strictEqual(client.origin, "https://app.eu.coalescesoftware.io")
      await client.listPage()
      const other = await createClient({ fetch, accessToken: "another", region: "us" }, { file, profile: "eu" })
      assert.strictEqual(other.origin, "https://app.coalescesoftware.io")
      await other.listPage()
      assert.deepStrictEqual(sent, ["Bearer eu-token", "Bearer another"])
    }))

  it("rejects where the profile does not exist, or an option is wrong", () =>
    withFile(async (file) => {
      for (
        const [options, profile, field] of [
          [{}, { file, profile: "mars" }, "profile"],
          [{}, { file, profil: "eu" }, "profil"],
          [{ regoin: "eu" }, { file }, "regoin"]
        ]
      ) {
        const error = await rejection(createClient(passed(options), passed(profile)))
        assert.isTrue(error instanceof InvalidConnection && error.field === field, String(error))
      }
    }))
})
