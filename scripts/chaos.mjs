// Runs the chaos suite in full, or with --sabotage breaks the library in one place at a time and tells which breaks it notices.
//
//   npm run chaos                      25 times the schedules of npm test: 22,500 of lists
//   npm run chaos -- --sabotage        every sabotage of test/chaos/sabotages.ts
//   npm run chaos -- --sabotage next   those whose names contain "next"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

const suite = (env, args = [], stdio = "inherit") =>
  spawnSync("node", ["node_modules/vitest/vitest.mjs", "run", "--config", "test/chaos/vitest.config.ts", ...args], {
    cwd: root,
    stdio,
    encoding: "utf8",
    env: { ...process.env, ...env }
  })

const [, , mode, part = ""] = process.argv

if (mode !== "--sabotage") process.exit(suite({ CHAOS_SCALE: process.env.CHAOS_SCALE ?? "25" }).status ?? 1)

const table = readFileSync(`${root}test/chaos/sabotages.ts`, "utf8")
const names = [...table.matchAll(/^ {4}name: "(.+)",$/gm)].map(([, name]) => name).filter((name) => name.includes(part))
let missed = 0
for (const name of names) {
  const start = performance.now()
  const { status, stdout } = suite({ CHAOS_SABOTAGE: name }, ["--bail", "1"], "pipe")
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const by = /FAIL\s+(\S+)/.exec(stdout.replaceAll(/\u001b\[[\d;]*m/g, ""))?.[1]
  if (status === 0) missed++
  console.log(
    `${status === 0 ? "NOT NOTICED" : "noticed"}  ${name}  (${seconds} s${by === undefined ? "" : `, ${by}`})`
  )
}
console.log(`${names.length - missed} of ${names.length} sabotages were noticed.`)
process.exit(missed === 0 ? 0 : 1)
