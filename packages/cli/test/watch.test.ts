import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { simulated, start } from "./support.ts"

const run = (id: number, runStatus: string) => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "3",
  ...(runStatus === "failed" ? { runEndTime: "2026-11-03T02:10:00Z" } : {})
})

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
      const directory = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-cli-"))),
        (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
      )
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
})
