#!/usr/bin/env node
/** Runs what the command line asks for, until a signal or the end of input. */
import { command } from "./cli.ts"
import { say } from "./ending.ts"

const main = async (): Promise<void> => {
  // What is written to a closed pipe is lost: that is no fault of this program.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  const asked = command(process.argv.slice(2), process.env)
  switch (asked._tag) {
    case "Print":
      process.stdout.write(asked.text)
      return
    case "Refuse":
      process.stderr.write(asked.text)
      process.exitCode = 2
      return
    case "Serve":
      // Each transport is loaded alone, and for help neither.
      if (asked.http === undefined) await (await import("./overStdio.ts")).overStdio(asked)
      else await (await import("./overHttp.ts")).overHttp(asked.http, asked)
  }
}

main().catch((error: unknown) => {
  say(`coalesce-runs-mcp could not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
