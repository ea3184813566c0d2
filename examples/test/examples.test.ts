import { Faults, Scenario, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { failedLastNight, run, start } from "./support.ts"

/** Starts a simulator, and returns the environment in which an example reads it as an account. */
const account = Effect.fnUntraced(function*(options?: Simulator.Options) {
  const simulator = yield* Simulator.make(options)
  return {
    simulator,
    env: { COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token), COALESCE_BASE_URL: simulator.url }
  }
})

const lines = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

describe("failed refreshes of last night", () => {
  it.each(["Europe/London", "Australia/Adelaide", "America/New_York"])(
    "lists each failed refresh with its job, environment and reason in %s",
    async (TZ) => {
      const { code, stderr, stdout } = await run("failed-refreshes-of-last-night", { env: { TZ } })
      assert.strictEqual(stderr, "")
      const [heading, ...blocks] = stdout.trimEnd().split("\n\n")
      assert.match(heading ?? "", new RegExp(`^Failed refreshes, .* 18:00 – .* ${TZ} \\(`))
      assert.strictEqual(blocks.pop(), "5 failed.")
      assert.strictEqual(blocks.length, failedLastNight.length)
      failedLastNight.forEach(({ environment, job, reason }, index) => {
        const block = blocks[index] ?? ""
        assert.match(
          block,
          new RegExp(
            `^\\d+ \\w+ \\d{4}, \\d\\d:\\d\\d  ${job}\n  run \\d+, environment ${environment}, took \\d+ minutes\n`
          )
        )
        assert.include(block, reason)
      })
      assert.strictEqual(code, 0)
    }
  )

  it.effect("says that none failed if none did", () =>
    Effect.gen(function*() {
      const { env, simulator } = yield* account({ runs: [] })
      const { code, stdout } = yield* Effect.promise(() => run("failed-refreshes-of-last-night", { env }))
      assert.match(stdout, /\n\nNone failed\.\n$/)
      assert.strictEqual((yield* simulator.requests).length, 2) // the rows, and their reasons at the same time
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped))
})

describe("for await", () => {
  it("leaves the loop after three runs, and ends", async () => {
    const { code, stderr, stdout } = await run("for-await")
    assert.strictEqual(stderr, "")
    for (const { job, reason } of failedLastNight.slice(0, 3)) {
      assert.match(stdout, new RegExp(`^run \\d+ of ${job}: `, "m"))
      assert.include(stdout, reason)
    }
    assert.notInclude(stdout, "Finance close")
    assert.match(stdout, /\n3 shown\n$/)
    assert.strictEqual(code, 0)
  })

  it.effect("catches the error of the loop by its class", () =>
    Effect.gen(function*() {
      const { env } = yield* account()
      const wrong = { ...env, COALESCE_ACCESS_TOKEN: "of-another-region" }
      const { code, stderr, stdout } = yield* Effect.promise(() => run("for-await", { env: wrong }))
      assert.strictEqual(stdout, "")
      assert.match(stderr, /^Set COALESCE_ACCESS_TOKEN to a valid token\.\nGET .* responded 401 Unauthorized/)
      assert.notInclude(stderr, "of-another-region")
      assert.strictEqual(code, 1)
    }).pipe(Effect.scoped))
})

describe("morning report", () => {
  it("posts how many refreshes of each environment failed, within its own spans", async () => {
    const { code, stderr, stdout } = await run("morning-report")
    assert.deepStrictEqual(lines(stdout), [
      "[data] Environment 3: 3 of 6 refreshes failed: Daily sales, Marketing attribution, Inventory snapshot",
      "[data] Environment 5: 2 of 2 refreshes failed: Finance reporting, Finance close"
    ])
    const spans = lines(stderr).map((line) => /^span ([\w.]+) ok \d+ ms/.exec(line)?.[1])
    assert.deepStrictEqual(spans, ["RunsClient.listPage", "morningReport.read", "morningReport"])
    assert.strictEqual(code, 0)
  })

  it.effect.each([
    { status: 401, post: /^\[data-oncall\] No report: the token was refused\. Renew it/ },
    { status: 403, post: /^\[data-oncall\] No report: the token may not read runs\./ },
    { status: 404, post: /^\[data-oncall\] No report: GET .* responded 404 Not Found: 404: simulated\. Check/ },
    { status: 429, post: /^\[data-oncall\] No report yet: try again in 1h\./ }
  ])("handles a $status", ({ post, status }) =>
    Effect.gen(function*() {
      const { env } = yield* account({
        faults: [Faults.always(Faults.status(status, status === 429 ? { retryAfter: 3600 } : {}))]
      })
      const { code, stderr, stdout } = yield* Effect.promise(() => run("morning-report", { env }))
      assert.match(stdout, post)
      assert.match(stderr, /^span RunsClient\.listPage failed/)
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped))
})

describe("resume", () => {
  it("stops at an error of the API and of its own work, and handles every run once", async () => {
    const { code, stderr, stdout } = await run("resume")
    assert.strictEqual(stderr, "")
    const [byApi = "", byWork = "", end] = lines(stdout)
    assert.match(
      byApi,
      /^Stopped after 80 runs, at c1\.runStartTime\.asc\.\S+: GET .* responded 503 Service Unavailable/
    )
    assert.match(byWork, /^Stopped after 100 runs, at c1\.runStartTime\.asc\.\S+: the warehouse is away$/)
    assert.strictEqual(end, "250 runs, 250 different ones")
    assert.strictEqual(code, 0)
  })
})

const progress = /^(\d+) runs in (\d+) pages, \d+\.\d s, \d+ a second$/

describe("export of the history", () => {
  const history = Scenario.generate({ count: 3000 })

  /** The line that the example should write for a run: the API's row with its reason, without credentials. */
  const rowOf = ({ results: _, userCredentials: __, environmentID, ...run }: (typeof history)[number]) => ({
    ...run,
    runDetails: { ...run.runDetails, environmentID }
  })

  it.effect("writes one run a line, oldest first, and its progress to stderr", () =>
    Effect.gen(function*() {
      const { env } = yield* account({ runs: history })
      const { code, stderr, stdout } = yield* Effect.promise(() => run("export-history", { env }))
      assert.deepStrictEqual(lines(stdout).map((line) => JSON.parse(line)), history.map(rowOf))
      assert.match(lines(stderr).at(-1) ?? "", progress)
      assert.include(lines(stderr).at(-1), "3000 runs in 4 pages")
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped))

  it.effect("writes into a file", () =>
    Effect.gen(function*() {
      const { env } = yield* account({ runs: history })
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
      )
      const file = join(folder, "runs.ndjson")
      const { code, stdout } = yield* Effect.promise(() => run("export-history", { args: [file], env }))
      assert.strictEqual(stdout, "")
      assert.strictEqual(lines(readFileSync(file, "utf8")).length, 3000)
      assert.strictEqual(code, 0)
    }).pipe(Effect.scoped))

  it.effect("requests no more pages while nobody reads, and the rest once somebody does", () =>
    Effect.gen(function*() {
      const many = Scenario.generate({ count: 6000 })
      const { env, simulator } = yield* account({ runs: many })
      const child = start("export-history", { env })
      yield* Effect.addFinalizer(() => Effect.sync(() => child.kill()))
      const pages = Effect.map(
        simulator.requests,
        (all) => all.filter(({ query }) => query["detail"] === "true").length
      )

      yield* simulator.waitForRequest(({ query }) => query["limit"] === "1000")
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 1000)))
      assert.isAtMost(yield* pages, 4)

      const text = yield* Effect.promise(async () => {
        let text = ""
        for await (const part of child.stdout) text += part
        return text
      })
      assert.strictEqual(lines(text).length, many.length)
      assert.strictEqual(yield* pages, 7)
    }).pipe(Effect.scoped))

  it("succeeds if its reader closes the pipe early", async () => {
    const child = start("export-history")
    child.stdout.once("data", () => child.stdout.destroy())
    let stderr = ""
    child.stderr.on("data", (text: string) => stderr += text)
    const code = await new Promise((resolve) => child.on("close", resolve))
    assert.notInclude(stderr, "ERROR")
    assert.strictEqual(code, 0)
  })

  it.effect("prints an error to stderr, and leaves only whole lines in its output", () =>
    Effect.gen(function*() {
      const { env } = yield* account({ runs: history, faults: [Faults.after(4, Faults.status(403))] })
      const { code, stderr, stdout } = yield* Effect.promise(() => run("export-history", { env }))
      assert.strictEqual(lines(stdout).map((line) => JSON.parse(line)).length, 1025)
      assert.match(stderr, /responded 403 Forbidden/)
      assert.strictEqual(code, 1)
    }).pipe(Effect.scoped))
})
