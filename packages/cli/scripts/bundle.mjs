// Bundles the bin. Each command is loaded when it runs, and the simulator for --demo alone.
import { fileURLToPath } from "node:url"
import { bundleBin } from "../../../scripts/bundleBin.mjs"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

await bundleBin({ entry: path("../src/bin.ts"), outdir: path("../dist"), external: ["@duckdb/node-api"] })
