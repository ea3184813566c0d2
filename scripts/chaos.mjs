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

/** Runs the suite with a sabotage, or with none. Returns which test noticed it, and by what. */
const noticed = (name) => {
  const { status, stderr, stdout } = suite({ CHAOS_SCALE: "0.5", CHAOS_SABOTAGE: name }, ["--bail", "1"], "pipe")
  const text = `${stdout}${stderr}`.replaceAll(/\u001b\[[\d;]*m/g, "")
  const [, file = "no test"] = /FAIL\s+test\/chaos\/(\S+)/.exec(text) ?? []
  const [, what = ""] = /shrinks: (?:Error: |AssertionError: )?(.*)/.exec(text) ?? []
  return status === 0 ? undefined : `${file}: ${what.slice(0, 100)}`
}

// Without a sabotage there must be nothing to notice.
const wrong = noticed("none")
if (wrong !== undefined) {
  console.error(`The suite fails without a sabotage: ${wrong}`)
  process.exit(1)
}
let missed = 0
for (const name of names) {
  const by = noticed(name)
  if (by === undefined) missed++
  console.log(by === undefined ? `NOT NOTICED  ${name}` : `noticed  ${name}  (${by})`)
}
console.log(`${names.length - missed} of ${names.length} sabotages were noticed.`)
process.exit(missed === 0 ? 0 : 1)
