// Runs the chaos suite in full, or with --sabotage breaks the library in one place at a time and tells which breaks it notices.
//
//   npm run chaos                      25 times the schedules of npm test: 22,500 of lists
//   npm run chaos -- --sabotage        every sabotage of test/chaos/sabotages.ts
//   npm run chaos -- --sabotage next   those whose names contain "next"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { sabotage } from "./sabotages.mjs"

const root = fileURLToPath(new URL("..", import.meta.url))

const [, , mode, part = ""] = process.argv

if (mode === "--sabotage") process.exit(await sabotage(part) ? 0 : 1)

const { status } = spawnSync(
  "node",
  ["node_modules/vitest/vitest.mjs", "run", "--config", "test/chaos/vitest.config.ts"],
  { cwd: root, stdio: "inherit", env: { ...process.env, CHAOS_SCALE: process.env.CHAOS_SCALE ?? "25" } }
)
process.exit(status ?? 1)
