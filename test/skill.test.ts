// The skill for coding agents: each of its commands and tool calls is made on the simulator's night.
import { Scenario } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"
import { run, simulated } from "../packages/cli/test/support.ts"
import { client, textOf } from "../packages/mcp/test/support/asked.ts"

const skill = readFileSync(new URL("../skills/coalesce-runs/SKILL.md", import.meta.url), "utf8")

const readArguments = Schema.decodeSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const calls = [...skill.matchAll(/`(\w+_runs?) (\{.*?\})`/g)].map(([, tool = "", args = ""]) => [tool, args] as const)
const commands = [...skill.matchAll(/^coalesce-runs (.*)$|`coalesce-runs ([^`]+)`/gm)]
  .map(([, inBlock, inTable]) => inBlock ?? inTable ?? "")

const night = Effect.map(DateTime.now, (now) => Scenario.lastNight({ now, timeZone: "UTC" }))

const readHead = Schema.decodeUnknownSync(Schema.Struct({
  name: Schema.String,
  description: Schema.String,
  license: Schema.String
}))

/** Splits a command as a shell does. The files that it names are elsewhere. */
const argumentsOf = (command: string, files: Readonly<Record<string, string>>) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "")
    .map((argument) => files[argument] ?? argument)

describe("the skill", () => {
  it("has a name and a description within the bounds of its format", () => {
    const [, head = ""] = /^---\n([^]*?)\n---\n/.exec(skill) ?? []
    const { description, name } = readHead(parse(head))
    assert.strictEqual(name, "coalesce-runs")
    assert.isAbove(description.length, 100)
    assert.isAtMost(description.length, 1024)
    assert.isAtLeast(calls.length, 8)
    assert.isAtLeast(commands.length, 13)
    for (const command of ["watch", "alerts", "export"]) {
      assert.isTrue(commands.some((one) => one.startsWith(`${command} `)), command)
    }
  })

  it.live("names calls of tools that answer", () =>
    Effect.gen(function*() {
      const { call } = yield* client(yield* night)
      for (const [name, args] of calls) {
        const result = yield* call(name, readArguments(args))
        assert.notStrictEqual(result.isError, true, `${name} ${args}\n${textOf(result)}`)
      }
    }).pipe(Effect.scoped), 60_000)

  it.live("names commands that answer, and lists all of a reader's questions", () =>
    Effect.gen(function*() {
      const { env } = yield* simulated({ scenario: yield* night })
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "skill-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
      )
      const files = {
        "runs.state": join(folder, "runs.state"),
        "alerts.yml": fileURLToPath(new URL("../examples/alerts.yml", import.meta.url))
      }
      for (const command of commands) {
        const { code, stderr, stdout } = yield* run(
          argumentsOf(command, files),
          command.includes("--demo") ? {} : { ...env, SLACK_WEBHOOK_URL: "http://127.0.0.1:9" }
        )
        assert.include([0, 1], code, `${command}\n${stderr}`)
        // The first poll of a watch notes where the history ends: it has nothing to tell.
        if (!command.startsWith("watch ")) assert.isNotEmpty(stdout, command)
      }
    }).pipe(Effect.scoped), 120_000)
})
