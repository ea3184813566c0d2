// Runs the chaos suite alone, with one sabotage of core if `CHAOS_SABOTAGE` names it. `scripts/chaos.mjs` uses it.
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { resolve } from "../../vitest.workspace.ts"
import { sabotages } from "./sabotages.ts"

const name = process.env["CHAOS_SABOTAGE"]
const sabotage = sabotages.find((one) => one.name === name)
if (name !== undefined && name !== "none" && sabotage === undefined) throw new Error(`No sabotage is called ${name}`)

export default defineConfig({
  resolve,
  plugins: sabotage === undefined ? [] : [{
    name: "sabotage",
    enforce: "pre",
    transform: (code, id) =>
      id.endsWith(`/packages/core/src/${sabotage.file}`) ? code.replace(sabotage.find, () => sabotage.put) : undefined
  }],
  test: {
    // It would keep the broken sources.
    fsModuleCache: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/chaos/**/*.test.ts"],
    // What runs the built packages knows nothing of a sabotage.
    exclude: name === undefined
      ? []
      : ["sabotages", "leaks", "canaries", "mcp/*", "alerts/*"].map((test) => `test/chaos/${test}.test.ts`),
    maxWorkers: 2,
    testTimeout: 30_000
  }
})
