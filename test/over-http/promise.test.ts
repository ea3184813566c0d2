// The client without Effect over real HTTP: what leaving a loop and aborting a signal do to the connection, and to the process.
import { Report, RunDiagnosis, RunsClient } from "@coalesce-runs/core"
import { type Client, createClient, isRunsError, toMarkdown } from "@coalesce-runs/core/promise"
import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { fileURLToPath } from "node:url"

const runs = Array.from({ length: 60 }, (_, index): SimulatedRun.SimulatedRun => ({
  id: index + 1,
  runType: "refresh",
  runStatus: index % 2 === 0 ? "failed" : "completed",
  runStartTime: new Date(Date.UTC(2026, 10, 25, 2, index)).toISOString(),
  runEndTime: new Date(Date.UTC(2026, 10, 25, 2, index, 30)).toISOString()
}))

describe("a client without Effect", () => {
  let simulator: Simulator.Started
  let client: Client
  beforeEach(async () => {
    simulator = await Simulator.start({ runs })
    client = createClient({ accessToken: simulator.token, baseUrl: simulator.url })
  })
  afterEach(() => simulator.close())

  it("lists the same runs by every method", async () => {
    const ids = async (list: AsyncIterable<{ readonly id: number }>) => {
      const ids: Array<number> = []
      for await (const { id } of list) ids.push(id)
      return ids
    }
    const failed = runs.flatMap(({ id, runStatus }) => runStatus === "failed" ? [Number(id)] : []).reverse()
    const query = { runStatus: "failed", pageSize: 7 } as const
    assert.deepStrictEqual(await ids(client.list(query)), failed)
    assert.deepStrictEqual(await ids(client.history(query, { concurrency: 3 })), failed)
    const window = { since: new Date("2026-11-25T00:00:00Z"), until: new Date("2026-11-26T00:00:00Z") }
    assert.deepStrictEqual(await ids(client.listWindow(window, query)), failed)
    assert.deepStrictEqual(
      (await client.listPage({ runStatus: "failed", limit: 100 })).runs.map(({ id }) => id),
      failed
    )
  })

  it("throws the error of a wrong token", async () => {
    const other = createClient({ accessToken: "another-token", baseUrl: simulator.url })
    try {
      for await (const run of other.list()) assert.fail(`${run.id}`)
      assert.fail("no error")
    } catch (error) {
      assert.isTrue(isRunsError(error) && error._tag === "Unauthorized" && !error.message.includes("another-token"))
    }
  })
})

describe("a question without Effect", () => {
  it("has the facts and the words of the library", async () => {
    const simulator = await Simulator.start()
    const client = createClient({ accessToken: simulator.token, baseUrl: simulator.url })
    const layer = RunsClient.layer({ accessToken: simulator.token, baseUrl: simulator.url }).pipe(
      Layer.provide(FetchHttpClient.layer)
    )
    const until = new Date()
    const options = { since: new Date(until.getTime() - 36 * 3_600_000), until, timeZone: "UTC" }
    const expected = await Effect.runPromise(Effect.provide(RunDiagnosis.diagnose(options), layer))
    const { facts, report, text } = await client.diagnose(options)
    const { diagnosedAt: _, ...encoded } = Schema.encodeSync(RunDiagnosis.Diagnosis)(expected)
    const { diagnosedAt, ...others } = facts
    assert.instanceOf(diagnosedAt, Date)
    assert.strictEqual(facts.outcome, "failed")
    assert.deepStrictEqual(JSON.parse(JSON.stringify(others)), encoded)
    assert.strictEqual(text, Report.toText(RunDiagnosis.report(expected)))
    assert.strictEqual(toMarkdown(report()), Report.toMarkdown(RunDiagnosis.report(expected)))

    const { facts: { run } } = await client.inspect({ runID: facts.run?.id ?? 0 })
    assert.instanceOf(run?.runStartTime, Date)
    const { facts: health } = await client.check(options)
    assert.isAbove(health.findings.length, 0)
    const { facts: summary } = await client.summarize({ ...options, groupBy: "job" })
    assert.deepStrictEqual(summary.window.since, health.window.since)
    const { facts: timeline, text: drawn } = await client.timeline(options)
    assert.isAbove(timeline.jobs.length, 0)
    assert.instanceOf(timeline.jobs.flatMap(({ runs }) => runs).at(0)?.runStartTime, Date)
    assert.include(drawn, timeline.jobs[0]?.jobName ?? "no job")
    await simulator.close()
  })
})

const calls: ReadonlyArray<readonly [name: string, call: (client: Client, signal: AbortSignal) => Promise<unknown>]> = [
  ["get", (client, signal) => client.get(7, { signal })],
  ["results", (client, signal) => client.results(7, { signal })],
  ["listPage", (client, signal) => client.listPage({}, { signal })],
  ["poll", (client, signal) => client.poll(undefined, {}, { signal })],
  ["diagnose", (client, signal) => client.diagnose({}, { signal })],
  ["check", (client, signal) => client.check({ baseline: "none" }, { signal })],
  ["inspect", (client, signal) => client.inspect({}, { signal })],
  ["summarize", (client, signal) => client.summarize({}, { signal })],
  ["timeline", (client, signal) => client.timeline({ baseline: "none" }, { signal })],
  ["list", (client, signal) => next(client.list({}, { signal }))],
  ["listWindow", (client, signal) => next(client.listWindow("today", {}, { signal }))],
  ["history", (client, signal) => next(client.history({}, { signal }))],
  ["watch", (client, signal) => next(client.watch({}, { signal }))]
]

const next = (iterable: AsyncIterable<unknown>) => iterable[Symbol.asyncIterator]().next()

describe("a request in flight", () => {
  let server: Server
  let client: Client
  /** Requests whose clients wait. */
  const open = new Set<unknown>()
  beforeEach(async () => {
    open.clear()
    // It accepts requests, and never responds.
    server = createServer((request, response) => {
      open.add(request)
      response.on("close", () => {
        open.delete(request)
        server.emit("left")
      })
      server.emit("arrived")
    })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    client = createClient({ accessToken: "a-token", baseUrl: `http://127.0.0.1:${port}` })
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it.each(calls)("of %s is aborted by the signal", async (_, call) => {
    const controller = new AbortController()
    const arrived = once(server, "arrived")
    const reason = new Error("enough")
    const ended = call(client, controller.signal).then(() => undefined, (error: unknown) => error)
    await arrived
    controller.abort(reason)
    assert.strictEqual(await ended, reason)
    while (open.size > 0) await once(server, "left")
  })

  it("is aborted by leaving the loop while it waits", async () => {
    const iterator = client.list()[Symbol.asyncIterator]()
    const arrived = once(server, "arrived")
    const pending = iterator.next()
    await arrived
    await iterator.return?.()
    assert.deepStrictEqual(await pending, { done: true, value: undefined })
    while (open.size > 0) await once(server, "left")
  })
})

describe("a process", () => {
  it("ends by itself once its loops are left, and its calls are done or aborted", async () => {
    const simulator = await Simulator.start({ runs })
    const program = `
      import { createClient } from "@coalesce-runs/core/promise"
      const client = createClient({ baseUrl: process.env.URL, accessToken: process.env.TOKEN })
      for await (const run of client.list({ pageSize: 5 })) if (run.id < 53) break
      for await (const run of client.history({ pageSize: 5 })) if (run.id < 53) break
      for await (const event of client.watch({}, { every: "1 hour" })) break
      const controller = new AbortController()
      try {
        for await (const event of client.watch({}, { every: "1 hour", signal: controller.signal })) {
          console.log(event._tag)
          setTimeout(() => controller.abort("enough"), 10)
        }
      } catch (reason) {
        console.log(reason)
      }
      console.log((await client.get(7)).id)
    `
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      cwd: fileURLToPath(new URL("../../packages/core", import.meta.url)),
      env: { PATH: process.env["PATH"], URL: simulator.url, TOKEN: simulator.token },
      stdio: ["ignore", "pipe", "inherit"]
    })
    let printed = ""
    child.stdout.on("data", (chunk) => printed += String(chunk))
    const [code] = await once(child, "close")
    assert.deepStrictEqual([code, printed], [0, "Watching\nenough\n7\n"])
    await simulator.close()
  })
})
