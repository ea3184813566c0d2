// Bundles the bin into one CommonJS file that runs alone, and the simulator of --demo into a file beside it.
import { build } from "esbuild"
import { chmodSync } from "node:fs"
import { fileURLToPath } from "node:url"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

// Loads the simulator from beside the bin, for --demo alone.
const onDemand = {
  name: "on-demand",
  setup: ({ onResolve }) =>
    onResolve(
      { filter: /^\.\/demo\.ts$/ },
      ({ kind }) => kind === "dynamic-import" ? { path: "./demo.cjs", external: true } : undefined
    )
}

await build({
  entryPoints: { bin: path("../src/bin.ts"), demo: path("../src/demo.ts") },
  outdir: path("../dist"),
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "cjs",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [onDemand]
})
chmodSync(path("../dist/bin.cjs"), 0o755)
