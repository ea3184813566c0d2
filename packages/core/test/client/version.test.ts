import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { version } from "../../src/client/version.ts"

it("requests carry the version of the package", () => {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
  assert.strictEqual(version, manifest.version)
})
