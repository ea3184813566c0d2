// Bundles the bin. What only a call needs is loaded with the first call, and what only --http and --demo need with them.
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundleBin } from "../../../scripts/bundleBin.mjs"
import { lazySchemas } from "../../../scripts/lazySchemas.mjs"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

const validator = {
  name: "no-validator",
  setup: ({ onLoad, onResolve }) => {
    // The SDK contains a JSON Schema validator for replies to questions, which this server never asks.
    onResolve(
      { filter: /^@modelcontextprotocol\/server\/_shims$/ },
      () => ({ path: "shims", namespace: "no-validator" })
    )
    onLoad({ filter: /.*/, namespace: "no-validator" }, () => ({
      contents: `
        export { default as process } from "node:process"
        export class DefaultJsonSchemaValidator {
          getValidator() { throw new Error("This server asks no questions") }
        }
      `
    }))
  }
}

// Replaces the definitions by their JSON, so that the bin lists the tools, in either mode, before it loads them.
const definitions = {
  name: "definitions",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]src[\\/]definitions\.ts$/ }, async () => {
      const { definitions, outputSchemas } = await import(new URL("../dist/definitions.js", import.meta.url).href)
      const contents = `
        export const definitions = ${JSON.stringify(definitions)}
        let schemas
        export const outputSchemas = () => schemas ??= JSON.parse(${JSON.stringify(JSON.stringify(outputSchemas()))})
      `
      return { contents, loader: "js" }
    })
}

// A client waits for the SDK's schemas, so each is made when it is first used, and none is compiled: it reads a few messages.
const schemas = {
  name: "schemas",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@modelcontextprotocol[\\/](core|server)[\\/]dist[\\/][^\\/]+\.mjs$/ }, async ({ path }) => ({
      contents: lazySchemas(path, await readFile(path, "utf8"))
    }))
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/]core\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nconfig({ jitless: true })`
    }))
  }
}

await bundleBin({
  entry: path("../src/bin.ts"),
  outdir: path("../dist"),
  plugins: [validator, definitions, schemas]
})
