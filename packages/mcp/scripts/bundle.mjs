// Bundles the bin into one CommonJS file that runs alone, and what only --http and --demo need into files beside it.
import { build } from "esbuild"
import { chmodSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

// Loads them from beside the bin on demand, so that a start over stdio does not read them.
const onDemand = {
  name: "on-demand",
  setup: ({ onResolve }) =>
    onResolve(
      { filter: /^\.\/(http\/serve|demo)\.ts$/ },
      ({ kind, path }) =>
        kind === "dynamic-import" ? { path: path.replace(/(\/serve)?\.ts$/, ".cjs"), external: true } : undefined
    )
}

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
        export const outputSchemas = () => JSON.parse(${JSON.stringify(JSON.stringify(outputSchemas()))})
      `
      return { contents, loader: "js" }
    })
}

await build({
  entryPoints: { bin: path("../src/bin.ts"), http: path("../src/http/serve.ts"), demo: path("../src/demo.ts") },
  outdir: path("../dist"),
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  minify: true,
  keepNames: false,
  legalComments: "none",
  logLevel: "warning",
  plugins: [onDemand, validator, definitions]
})
chmodSync(path("../dist/bin.cjs"), 0o755)
