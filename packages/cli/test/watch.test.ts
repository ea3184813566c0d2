import { Faults } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run as runBin, simulated, start } from "./support.ts"

const run = (id: number, runStatus: string) => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "3",
  ...(runStatus === "failed" ? { runEndTime: "2026-11-03T02:10:00Z" } : {})
})

const temporary = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-cli-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
)

/** Runs the watch until it has printed a line that matches, then ends it with a signal. */
const watchUntil = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  line: RegExp,
  signal: "SIGKILL" | "SIGTERM"
) =>
  Effect.callback<{ readonly lines: ReadonlyArray<string>; readonly code: number | null }>((resume) => {
    const child = start(["watch", "--every", "1s", ...args], env)
    let stdout = ""
    child.stdout.on("data", (chunk) => {
      stdout += String(chunk)
      // What a line tells is saved right after it: a kill in between tells it again.
      if (line.test(stdout)) setTimeout(() => child.kill(signal), 500)
    })
    child.once("exit", (code) => resume(Effect.succeed({ code, lines: stdout.trimEnd().split("\n") })))
  })

describe("coalesce-runs watch", () => {
  it.live("goes on where it was killed, and loses no end of a run", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const { env, simulator } = yield* simulated({ runs: [run(1, "running"), run(2, "completed")] })
      const state = ["--state", join(directory, "state")]
      const first = yield* watchUntil(state, env, /watching; 1 run has not ended/, "SIGKILL")
      assert.lengthOf(first.lines, 1)
      // The run ends while nobody watches.
      yield* simulator.update((runs) => runs.map((one) => one.id === 1 ? { ...one, ...run(1, "failed") } : one))
      const second = yield* watchUntil([...state, "--json"], env, /"Ended"/, "SIGTERM")
      const events = second.lines.map((line) => JSON.parse(line))
      assert.lengthOf(events, 1)
      assert.strictEqual(events[0].event, "Ended")
      assert.strictEqual(events[0].to, "failed")
      assert.strictEqual(events[0].run.id, 1)
      assert.match(events[0].id, /\/runs\/1\/failed\//)
      assert.strictEqual(second.code, 0)
    }).pipe(Effect.scoped), 30_000)

  it.live("tells the time in the zone that is asked for", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs: [run(1, "running")] })
      const once = (zone: string, directory: string) =>
        runBin(["watch", "--once", "--state", directory, "--time-zone", zone], env)
      const { stdout } = yield* once("Asia/Kolkata", join(yield* temporary, "state"))
      assert.match(stdout, /^\d\d:\d\d:\d\d\+05:30 watching; 1 run has not ended\n$/)
      const { code, stderr } = yield* once("Mars", join(yield* temporary, "state"))
      assert.deepStrictEqual([code, stderr], [2, "coalesce-runs: --time-zone: there is no zone \"Mars\"\n"])
    }).pipe(Effect.scoped), 30_000)

  it.live("polls once with --once, and goes on in the next call", () =>
    Effect.gen(function*() {
      const state = join(yield* temporary, "state")
      const { env, simulator } = yield* simulated({ runs: [run(1, "running")] })
      const once = runBin(["watch", "--once", "--state", state, "--json"], env)
      const eventsOf = ({ stdout }: { readonly stdout: string }) =>
        stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).event)
      const first = yield* once
      assert.deepStrictEqual([first.code, eventsOf(first)], [0, ["Watching"]])
      yield* simulator.update((runs) => [...runs.map((one) => ({ ...one, ...run(1, "failed") })), run(2, "completed")])
      const second = yield* once
      assert.deepStrictEqual([second.code, eventsOf(second)], [0, ["Ended", "Appeared", "Ended"]])
      const third = yield* once
      assert.deepStrictEqual([third.code, third.stdout], [0, ""])
      // What could not be read is told by the exit code, as that of any command.
      yield* simulator.setFaults([Faults.always(Faults.status(401))])
      assert.strictEqual((yield* once).code, 3)
      const stateless = yield* runBin(["watch", "--once"], env)
      assert.strictEqual(stateless.code, 2)
      assert.include(stateless.stderr, "--once needs --state")
      const demo = yield* runBin(["watch", "--once", "--state", state, "--demo"])
      assert.deepStrictEqual([demo.code, demo.stdout], [2, ""])
      assert.include(demo.stderr, "--demo has another night at each start")
    }).pipe(Effect.scoped), 30_000)
})
