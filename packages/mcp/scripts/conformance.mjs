// Runs the conformance suite of the protocol against the bundled server over HTTP, in text and in structured mode: its
// last release, and the newest alpha at the current version of the protocol. conformance/*.yml lists, with a reason, what
// does not apply to a server of tools. Any other scenario that fails, and any listed one that passes, fails this.
//
// The suite needs Node 22, so it runs on the Node from npm. It is not a dependency of the repository.
import { execFile, spawn } from "node:child_process"
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

const start = async (args) => {
  const server = spawn(process.execPath, [path("../dist/bin.cjs"), "--http", "--port", "0", "--demo", ...args], {
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
  return { server, url }
}

/** Resolves to what a command wrote and its exit code, which is no error here. */
const run = (command, args) =>
  new Promise((resolve) =>
    execFile(
      command,
      args,
      { encoding: "utf8", maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ status: error === null ? 0 : error.code, stdout, stderr })
    )
  )

const test = async ({ args, baseline, version }, mode, url) => {
  const { status, stderr, stdout } = await run("npx", [
    ...["-y", "-p", "node@24", "-p", `@modelcontextprotocol/conformance@${version}`, "conformance", "server"],
    ...["--url", url, "--expected-failures", path(`../conformance/${baseline}`), ...args]
  ])
  const [, summary = stdout + stderr] = stdout.split("=== SUMMARY ===")
  const passed = summary.match(/^✓ \S+/gm)?.map((line) => line.slice(2).replace(/:$/, "")) ?? []
  console.log(`Conformance ${version}, ${mode} mode, exit ${status}${status === 0 ? "" : `\n${summary}`}`)
  console.log(`  passed: ${passed.join(", ")}`)
  if (status !== 0) process.exitCode = 1
}

// The suites at once, the modes one after the other: two of npx cannot install one package at the same time.
for (const [mode, flags] of [["text", []], ["structured", ["--structured"]]]) {
  const { server, url } = await start(flags)
  await Promise.all(suites.map((suite) => test(suite, mode, url)))
  server.kill("SIGTERM")
}
