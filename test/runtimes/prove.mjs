// Runs program.mjs on this Node against a simulator over HTTP, and holds it to what the simulator knows; then on other runtimes,
// and holds them to what came out on this Node. Runs in a project that has the packed packages:
//
//   node prove.mjs <folder with the packages of the runtimes> bun deno workerd browser
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { chromium, runInBrowser } from "./browser.mjs"
import { run } from "./program.mjs"

const [folder, ...asked] = process.argv.slice(2)
// A browser cannot come from npm.
const names = asked.filter((name) => name !== "browser" || chromium !== undefined)
if (names.length < asked.length) console.log("There is no Chromium on this machine, and CHROMIUM names none.")
const here = (file) => fileURLToPath(new URL(file, import.meta.url))

const binaries = {
  "linux-x64": ["@oven/bun-linux-x64", "@deno/linux-x64-glibc", "@cloudflare/workerd-linux-64"],
  "linux-arm64": ["@oven/bun-linux-aarch64", "@deno/linux-arm64-glibc", "@cloudflare/workerd-linux-arm64"],
  "darwin-arm64": ["@oven/bun-darwin-aarch64", "@deno/darwin-arm64", "@cloudflare/workerd-darwin-arm64"]
}[`${process.platform}-${process.arch}`] ?? []
const binary = (index, path) => {
  if (binaries.length === 0) throw new Error(`There is no such runtime for ${process.platform} on ${process.arch}`)
  return join(folder, "node_modules", binaries[index], path)
}

/** Runs a command, and returns the JSON that it prints. */
const printed = async (file, args) => {
  const { stdout } = await promisify(execFile)(file, args, { timeout: 60_000, maxBuffer: 1e8 })
  return JSON.parse(stdout)
}

const writeEntry = (input) => {
  writeFileSync(
    here("entry.mjs"),
    `import { run } from "./program.mjs"\nconsole.log(JSON.stringify(await run(${JSON.stringify(input)})))\n`
  )
  return here("entry.mjs")
}

const runtimes = {
  bun: (input) => printed(binary(0, "bin/bun"), [writeEntry(input)]),
  // No other permission than to reach the API.
  deno: (input) =>
    printed(binary(1, "deno"), ["run", "--no-prompt", `--allow-net=${new URL(input.url).host}`, writeEntry(input)]),
  workerd: (input) => {
    const bindings = `(name = "input", json = ${JSON.stringify(JSON.stringify(input))})`
    writeFileSync(
      here("worker.capnp"),
      `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [
  (name = "main", worker = (
    modules = [(name = "worker", esModule = embed "worker.js")],
    bindings = [${bindings}],
    compatibilityDate = "2026-10-01"
  )),
  (name = "internet", network = (allow = ["private"]))
]);
`
    )
    return printed(binary(2, "bin/workerd"), ["test", here("worker.capnp")])
  },
  browser: (input) => runInBrowser(here("page.js"), input)
}

/** What the simulator's own runs say that the program must see. */
const expectedOf = (runs, watchSince) => {
  const newestFirst = runs.toSorted((a, b) => b.id - a.id)
  const ended = newestFirst.filter(({ id, runEndTime, runType }) =>
    id > watchSince && runType === "refresh" && runEndTime
  )
    .map(({ id, runStatus }) => [id, runStatus]).reverse()
  return {
    list: newestFirst.filter(({ runStatus, runType }) => runType === "refresh" && runStatus === "failed")
      .map(({ environmentID, id, runFailureReason }) => [id, environmentID, runFailureReason]),
    history: newestFirst.map(({ id }) => id),
    watched: ended.slice(0, 2),
    resumed: ended.slice(1, 3),
    refused: "Unauthorized"
  }
}

const program = Effect.gen(function*() {
  const simulator = yield* Simulator.Simulator
  const runs = yield* simulator.runs
  const watchSince = runs.map(({ id }) => id).toSorted((a, b) => b - a)[20]
  const input = {
    url: simulator.url,
    token: Redacted.value(simulator.token),
    watchSince,
    since: "2026-03-09T18:00:00Z",
    until: "2026-03-10T08:00:00Z"
  }
  const expected = expectedOf(runs, watchSince)
  assert.ok(expected.list.length > 3 && expected.resumed.length === 2, "the night has enough runs")

  const { diagnosed, ...onNode } = yield* Effect.promise(() => run(input))
  assert.deepEqual(onNode, expected)
  assert.equal(diagnosed.outcome, "failed")
  assert.equal(diagnosed.run.id, expected.list[0][0])
  // At once: none of them writes what another one reads, and bun and deno read the same.
  yield* Effect.forEach(names, (name) =>
    Effect.promise(async () => {
      assert.deepEqual(await runtimes[name](input), { ...expected, diagnosed }, `${name} differs from Node`)
    }), { concurrency: "unbounded", discard: true })
  const on = names.length === 0 ? "" : `, the same on ${names.join(", ")}`
  return `${expected.list.length} failed of ${expected.history.length} runs, 3 ends and a diagnosis${on}`
})

const night = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })
console.log(await Effect.runPromise(program.pipe(Effect.provide(Simulator.layer({ scenario: night })))))
