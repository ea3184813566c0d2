// Bundles the bin: one CommonJS file that runs by itself, and beside it what only --http and --demo need.
import { build } from "esbuild"
import { chmodSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

// Loaded on demand from beside the bin, so that starting over stdio does not read them.
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
    // The SDK brings a validator of JSON Schema for answers to questions that this server never asks.
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

// What the tools advertise, as the JSON that it is: the bin lists them before it loads them.
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
