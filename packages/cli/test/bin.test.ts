import { RunDiagnosis, RunHealth, RunInspection, RunList, RunStatistics, RunTimeline } from "@coalesce-runs/core"
import { Faults, Scenario } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { version } from "../src/version.ts"
import { bin, run, simulated } from "./support.ts"

const night = Effect.map(DateTime.now, (now) => ({ scenario: Scenario.lastNight({ now, timeZone: "UTC" }) }))

const quiet = {
  runs: [{
    id: 1,
    runType: "refresh",
    runStatus: "completed",
    environmentID: "3",
    runStartTime: "2026-11-02T01:00:00Z",
    runEndTime: "2026-11-02T01:10:00Z"
  }]
}

describe("coalesce-runs", () => {
  it.live(
    "answers on a night with failures, in plain text in a pipe, and says so with its exit code",
    () =>
      Effect.gen(function*() {
        const { env } = yield* simulated(yield* night)
        const questions: ReadonlyArray<readonly [args: string, code: number, said: RegExp]> = [
          ["check", 1, /^\d things need attention: /],
          ["diagnose", 1, /^Run \d+ failed: refresh "Daily sales"/],
          ["why --job Daily", 1, /^Run \d+ failed: refresh "Daily sales"/],
          ["list --window last_night --status failed --status canceled", 0, /^6 runs \(runStatus failed or canceled\)/],
          ["summarize --window last_7_days --group-by job", 0, /By job, those that fail now first/],
          ["stats --group-by cause", 0, /Failures by cause/],
          ["inspect --job 15", 0, /DIM_ORDER failed/]
        ]
        for (const [args, code, said] of questions) {
          const ended = yield* run(args.split(" "), env)
          assert.strictEqual(ended.code, code, `${args}\n${ended.stderr}`)
          assert.match(ended.stdout, said, args)
          assert.notInclude(ended.stdout, "\u001b", `${args} is plain in a pipe`)
          assert.strictEqual(ended.stderr, "", args)
        }
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("names each next step as a command that runs", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated(yield* night)
      for (
        const args of [["check"], ["diagnose"], ["summarize", "--window", "last_7_days"], ["list", "--limit", "3"]]
      ) {
        const { stdout } = yield* run(args, env)
        const steps = [...stdout.matchAll(/^Next: coalesce-runs (.*)$/gm)].map(([, command = ""]) => command)
        assert.isAtLeast(steps.length, 1, args.join(" "))
        for (const step of steps) {
          // The command ends where its reason begins: flags and their values come in pairs.
          const words = step.match(/'[^']*'|\S+/g) ?? []
          const flags = words.findIndex((word, index) =>
            index > 0 && !word.startsWith("--") && !/^\d+$/.test(word) && words[index - 1]?.startsWith("--") !== true
          )
          const command = words.slice(0, flags < 0 ? undefined : flags).map((word) => word.replaceAll("'", ""))
          const { code, stderr } = yield* run(command, env)
          assert.include([0, 1], code, `${command.join(" ")}\n${stderr}`)
        }
      }
    }).pipe(Effect.scoped), 60_000)

  it.live("prints core's own encoding with --json", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated(yield* night)
      const json = (args: ReadonlyArray<string>) =>
        Effect.map(run([...args, "--json"], env), ({ stdout }): unknown => JSON.parse(stdout))
      const health = Schema.decodeUnknownSync(RunHealth.Health)(yield* json(["check"]))
      assert.isTrue(health.findings.some(RunHealth.needsAttention))
      const diagnosis = Schema.decodeUnknownSync(RunDiagnosis.Diagnosis)(yield* json(["diagnose"]))
      assert.strictEqual(diagnosis.outcome, "failed")
      const list = Schema.decodeUnknownSync(RunList.RunList)(yield* json(["list", "--limit", "2"]))
      assert.lengthOf(list.runs, 2)
      const summary = Schema.decodeUnknownSync(RunStatistics.Summary)(yield* json(["summarize"]))
      assert.isAbove(summary.statistics.runs, 0)
      const inspection = Schema.decodeUnknownSync(RunInspection.Inspection)(yield* json(["inspect", "--job", "15"]))
      assert.strictEqual(inspection.run?.id, diagnosis.run?.id)
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "says nothing with --quiet where all is well, and the findings where it is not",
    () =>
      Effect.gen(function*() {
        const well = yield* simulated(quiet)
        assert.deepStrictEqual(yield* run(["check", "--quiet"], well.env), { code: 0, stdout: "", stderr: "" })
        const broken = yield* simulated(yield* night)
        const { code, stdout } = yield* run(["check", "--quiet"], broken.env)
        assert.strictEqual(code, 1)
        assert.match(stdout, /need attention/)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "ends with 2 for a wrong command line, 3 for a refused token and 4 where Coalesce cannot be read",
    () =>
      Effect.gen(function*() {
        const { env, simulator } = yield* simulated(quiet)
        const usage = [
          ["check", "--wrong"],
          ["nonsense"],
          ["list", "--since", "nonsense"],
          ["list", "--status", "broken"],
          ["diagnose", "7", "--since", "2d"],
          ["watch", "--every", "soon"]
        ]
        for (const args of usage) {
          const { code, stderr } = yield* run(args, env)
          assert.strictEqual(code, 2, `${args.join(" ")}\n${stderr}`)
          assert.notStrictEqual(stderr, "")
        }
        const token = "a-token-that-is-not-valid"
        const refused = yield* run(["check"], { ...env, COALESCE_ACCESS_TOKEN: token })
        assert.strictEqual(refused.code, 3)
        assert.notInclude(refused.stderr, "resumeFrom", "that is for programs")
        assert.notInclude(refused.stderr + refused.stdout, token)
        assert.strictEqual((yield* run(["check"], { COALESCE_BASE_URL: simulator.url })).code, 2)
        yield* simulator.setFaults([Faults.always(Faults.status(404))])
        const broken = yield* run(["list"], env)
        assert.strictEqual(broken.code, 4)
        assert.match(broken.stderr, /^coalesce-runs: /)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("needs no account with --demo", () =>
    Effect.gen(function*() {
      const { code, stdout } = yield* run(["check", "--demo"])
      assert.strictEqual(code, 1)
      assert.match(stdout, /need attention/)
    }), 30_000)

  it.live(
    "draws the night as text, as a page, as a picture or as JSON, but not as two of them",
    () =>
      Effect.gen(function*() {
        const { env } = yield* simulated(yield* night)
        const folder = mkdtempSync(join(tmpdir(), "timeline-"))
        const file = join(folder, "night.html")
        const text = yield* run(["timeline"], env)
        assert.strictEqual(text.code, 0, text.stderr)
        assert.match(text.stdout, /^Last night: \d+ runs of \d+ jobs/)
        assert.match(text.stdout, /^[.'=X]+ refresh "Daily sales"/m)
        const page = yield* run(["timeline", "--html", file], env)
        assert.strictEqual(page.code, 0, page.stderr)
        assert.include(page.stdout, `${file}: Last night: `)
        assert.deepStrictEqual(readdirSync(folder), ["night.html"])
        assert.match(readFileSync(file, "utf8"), /^<!doctype html>[^]*Daily sales[^]*<\/html>\n$/)
        const picture = yield* run(["timeline", "--svg"], env)
        assert.match(picture.stdout, /^<svg [^]*<\/svg>\n$/)
        const json = yield* run(["timeline", "--json", "--job", "15"], env)
        const facts = Schema.decodeUnknownSync(RunTimeline.Timeline)(JSON.parse(json.stdout))
        assert.deepStrictEqual(facts.jobs.map(({ jobID }) => jobID), [15])
        const two = yield* run(["timeline", "--svg", "--json"], env)
        assert.deepStrictEqual([two.code, two.stderr], [2, "coalesce-runs: Choose one of --html, --svg and --json.\n"])
        const nowhere = yield* run(["timeline", "--html", join(folder, "none", "night.html")], env)
        assert.strictEqual(nowhere.code, 2)
        assert.match(nowhere.stderr, /^coalesce-runs: --html: ENOENT/)
        rmSync(folder, { recursive: true })
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("shows help, completions and the version of its package", () =>
    Effect.gen(function*() {
      const help = yield* run(["--help"])
      assert.strictEqual(help.code, 0)
      for (
        const command of [
          "check",
          "diagnose, why",
          "inspect",
          "list",
          "summarize, stats",
          "timeline",
          "watch",
          "export"
        ]
      ) {
        assert.include(help.stdout, command)
      }
      for (const shell of ["bash", "zsh", "fish"]) {
        const { code, stdout } = yield* run(["--completions", shell])
        assert.strictEqual(code, 0)
        assert.include(stdout, "coalesce-runs")
      }
      const manifest: { readonly version: string } = JSON.parse(
        readFileSync(new URL("../package.json", import.meta.url), "utf8")
      )
      assert.strictEqual(version, manifest.version)
      assert.include((yield* run(["--version"])).stdout, version)
      assert.match(readFileSync(bin, "utf8").slice(0, 30), /^#!\/usr\/bin\/env node/)
    }), 30_000)
})
