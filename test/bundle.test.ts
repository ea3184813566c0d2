// Measures the bundle of a program that only lists runs, Effect included: it must not pay for anything else.
import { expect, it } from "@effect/vitest"
import { build } from "esbuild"
import { fileURLToPath } from "node:url"

const program = `
import { RunsClient } from "@coalesce-runs/core"
export const list = RunsClient.list
export const layer = RunsClient.layer
`

it("a bundle of RunsClient.list stays within 200 kB", async () => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false
  })
  const size = outputFiles.reduce((bytes, { contents }) => bytes + contents.length, 0)
  expect(size).toBeLessThan(200_000)
  // A smaller bundle would mean that the program above lists nothing.
  expect(size).toBeGreaterThan(100_000)
  console.log(`A bundle of RunsClient.list has ${(size / 1000).toFixed(1)} kB.`)
})
