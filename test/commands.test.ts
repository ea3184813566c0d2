// The commands of the terminal take what the tools of the MCP server take.
import { Scenario } from "@coalesce-runs/simulator"
import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { run } from "../packages/cli/test/support.ts"
import { client } from "../packages/mcp/test/support/asked.ts"

/** The flags whose names are not the kebab case of the argument. */
const flags: Readonly<Record<string, string>> = {
  environmentID: "environment",
  jobID: "job",
  projectID: "project",
  runStatus: "status"
}

it.live("each argument of a tool is a flag of its command, or the run that it names", () =>
  Effect.gen(function*() {
    const { client: mcp } = yield* client(Scenario.lastNight({ now: yield* DateTime.now, timeZone: "UTC" }))
    const { tools } = yield* Effect.promise(() => mcp.listTools())
    assert.lengthOf(tools, 5)
    for (const { inputSchema, name } of tools) {
      const [command = ""] = name.split("_")
      const { stdout } = yield* run([command, "--help"])
      for (const argument of Object.keys(inputSchema.properties ?? {})) {
        const flag = flags[argument] ?? argument.replace(/[A-Z]+/g, (letters) => `-${letters.toLowerCase()}`)
        assert.match(
          stdout,
          argument === "runID" ? /^ {2}run integer/m : new RegExp(`^  --${flag} `, "m"),
          `${name} ${argument}`
        )
      }
    }
  }).pipe(Effect.scoped), 60_000)
