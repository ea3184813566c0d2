import { Run } from "@coalesce-runs/core"
import { Faults } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { run, simulated, start } from "./support.ts"

const runs = Array.from({ length: 1200 }, (_, index) => ({
  id: index + 1,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: new Date(Date.UTC(2026, 10, 1) + index * 60_000).toISOString(),
  runDetails: { environmentID: "3", jobID: 7, jobName: "=HYPERLINK(\"https://evil.example\"), \"sales\"" }
}))

describe("coalesce-runs export", () => {
  it.live("writes each run once, the oldest first, as rows of core's schema", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs })
      const { code, stdout } = yield* run(["export"], env)
      assert.strictEqual(code, 0)
      const rows = stdout.trimEnd().split("\n").map((line) => Schema.decodeUnknownSync(Run.Row)(JSON.parse(line)))
      assert.deepStrictEqual(rows.map(({ id }) => id), runs.map(({ id }) => id))
    }).pipe(Effect.scoped), 30_000)

  it.live(
    "writes CSV in which no text is a formula, and goes on behind a run without a second head",
    () =>
      Effect.gen(function*() {
        const { env } = yield* simulated({ runs })
        const whole = yield* run(["export", "--format", "csv"], env)
        const [header = "", first = "", ...rest] = whole.stdout.trimEnd().split("\n")
        assert.match(header, /^id,runType,runStatus,/)
        assert.match(first, /^1,refresh,completed,3,7,"'=HYPERLINK\(""https:\/\/evil.example""\), ""sales""",/)
        const { code, stdout } = yield* run(["export", "--format", "csv", "--starting-from", "1198"], env)
        assert.strictEqual(code, 0)
        assert.deepStrictEqual(stdout.trimEnd().split("\n"), rest.slice(-2))
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("says where to go on after a signal too, and does not end with 0", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs, faults: [Faults.after(2, Faults.hang())] })
      const [code, stderr, stdout] = yield* Effect.callback<readonly [code: number | null, err: string, out: string]>(
        (resume) => {
          const child = start(["export"], env)
          let [stdout, stderr] = ["", ""]
          child.stderr.on("data", (chunk) => stderr += String(chunk))
          child.stdout.on("data", (chunk) => stdout += String(chunk))
          child.stdout.once("data", () => setTimeout(() => child.kill("SIGTERM"), 500))
          child.once("close", (code) => resume(Effect.succeed([code, stderr, stdout])))
        }
      )
      assert.strictEqual(code, 143)
      const rows = stdout.trimEnd().split("\n")
      const last = JSON.parse(rows.at(-1) ?? "").id
      assert.strictEqual(stderr, `coalesce-runs: ${rows.length} runs written; go on with --starting-from ${last}\n`)
    }).pipe(Effect.scoped), 30_000)

  it.live("ends quietly where its reader is gone", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ runs })
      const ended = yield* Effect.callback<readonly [code: number | null, stderr: string]>((resume) => {
        const child = start(["export"], env)
        let stderr = ""
        child.stderr.on("data", (chunk) => stderr += String(chunk))
        child.stdout.once("data", () => child.stdout.destroy())
        child.once("exit", (code) => resume(Effect.succeed([code, stderr])))
      })
      assert.deepStrictEqual(ended, [0, ""])
    }).pipe(Effect.scoped), 30_000)
})
