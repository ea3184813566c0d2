#!/usr/bin/env node
/** `coalesce-runs`: Coalesce runs in a terminal. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import { alerts } from "./commands/alerts.ts"
import { check } from "./commands/check.ts"
import { diagnose } from "./commands/diagnose.ts"
import { exportRuns } from "./commands/exportRuns.ts"
import { inspect } from "./commands/inspect.ts"
import { list } from "./commands/list.ts"
import { summarize } from "./commands/summarize.ts"
import { timeline } from "./commands/timeline.ts"
import { watch } from "./commands/watch.ts"
import { exitCodes } from "./exitCode.ts"
import { watchPipe } from "./output.ts"
import { version } from "./version.ts"

const root = Command.make("coalesce-runs").pipe(
  Command.withDescription(
    "Coalesce runs in a terminal. Exit codes: 0 all is well, 1 something failed or needs attention (check and diagnose " +
      "alone), 2 usage, 3 the token was refused, 4 Coalesce could not be read."
  ),
  Command.withSubcommands([check, diagnose, inspect, list, summarize, timeline, watch, alerts, exportRuns])
)

// effect/cli asks for it, and no command starts a process: Node's own takes a tenth of the time of --help to load.
const noProcesses = Layer.succeed(
  ChildProcessSpawner.ChildProcessSpawner,
  ChildProcessSpawner.make(() => Effect.die("No command starts a process"))
)

const services = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  NodeStdio.layer,
  NodeTerminal.layer,
  noProcesses
)

const program = Command.run(root, { version }).pipe(
  Effect.provide(services),
  // stdout belongs to the answer.
  Effect.provide(Layer.succeed(Logger.LogToStderr, true))
)

watchPipe()
const controller = new AbortController()
for (const [signal, number] of [["SIGINT", 2], ["SIGTERM", 15]] as const) {
  process.once(signal, () => {
    // As a shell has it: what was cut off is not whole. A watch is, and says so.
    process.exitCode = 128 + number
    controller.abort()
  })
}

const finish = (exit: Exit.Exit<void, unknown>): void => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return
  const error = Cause.squash(exit.cause)
  const isUsage = CliError.isCliError(error)
  // Help that was asked for is no error; what is wrong was said already.
  const isHelp = isUsage && error._tag === "ShowHelp" && error.errors.length === 0
  if (!isUsage) process.stderr.write(`coalesce-runs: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = isHelp ? exitCodes.well : isUsage ? exitCodes.usage : exitCodes.unavailable
}

void Effect.runPromiseExit(program, { signal: controller.signal }).then(finish)
