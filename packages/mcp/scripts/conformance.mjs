// The protocol's own conformance suite against the bundled server over HTTP: its last release, and the newest alpha at
// the current version of the protocol. What does not apply to a server of tools stands in conformance/*.yml, with a
// reason; a scenario that fails without standing there fails this, and so does one that stands there and passes.
//
// The suite needs Node 22, so it runs on the one from npm and is no dependency: nothing of it is installed here.
import { spawn, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

const suites = [
  { version: "0.1.16", baseline: "release.yml", args: [] },
  {
    version: "0.2.0-alpha.12",
    baseline: "alpha-2026-07-28.yml",
    args: ["--suite", "all", "--spec-version", "2026-07-28"]
  }
]

const server = spawn(process.execPath, [path("../dist/bin.cjs"), "--http", "--port", "0", "--demo"], {
  stdio: ["ignore", "ignore", "pipe"]
})
const url = await new Promise((resolve, reject) => {
  let said = ""
  server.stderr.setEncoding("utf8").on("data", (text) => {
    said += text
    const match = /serves (http:\S+)/.exec(said)
    if (match !== null) resolve(match[1])
  })
  server.on("exit", () => reject(new Error(`The server ended: ${said}`)))
})

let failed = false
for (const { args, baseline, version } of suites) {
  const command = [
    ...["-y", "-p", "node@24", "-p", `@modelcontextprotocol/conformance@${version}`, "conformance", "server"],
    ...["--url", url, "--expected-failures", path(`../conformance/${baseline}`), ...args]
  ]
  const { status, stderr, stdout } = spawnSync("npx", command, { encoding: "utf8" })
  const [, summary = stdout + stderr] = stdout.split("=== SUMMARY ===")
  console.log(`Conformance ${version}, exit ${status}${status === 0 ? "" : `\n${summary}`}`)
  const passed = summary.match(/^✓ \S+/gm)?.map((line) => line.slice(2).replace(/:$/, "")) ?? []
  console.log(`  passed: ${passed.join(", ")}`)
  failed ||= status !== 0
}

server.kill("SIGTERM")
process.exitCode = failed ? 1 : 0
