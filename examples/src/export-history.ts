// Exports every run as NDJSON, one run a line, to stdout or into a file. It shows its progress on stderr.
//
//   node examples/dist/export-history.js > runs.ndjson
//   node examples/dist/export-history.js runs.ndjson
import { type Run, RunsClient } from "@coalesce-runs/core"
import { Scenario } from "@coalesce-runs/simulator"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeSink from "@effect/platform-node/NodeSink"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { createWriteStream } from "node:fs"
import { coalesce } from "./support/coalesce.ts"
import { makeProgress } from "./support/progress.ts"

const [file] = process.argv.slice(2)

class WriteError extends Data.TaggedError("WriteError")<{ readonly code: string }> {
  override readonly message = `The runs could not be written: ${this.code}`
}

// The sink waits until its output has drained before it pulls the next page. So a slow disk, or a slow reader of the pipe,
// slows the requests down, and memory never holds more than a page or two.
const output = NodeSink.fromWritable({
  evaluate: () => file === undefined ? process.stdout : createWriteStream(file),
  onError: (error) => new WriteError({ code: error instanceof Error && "code" in error ? String(error.code) : "" }),
  endOnDone: file !== undefined
})

// Decoded times print as ISO 8601 again. The export leaves out the credentials: they are not part of the history.
const toLine = ({ userCredentials: _, ...run }: Run.Run): string => `${JSON.stringify(run)}\n`

const program = Effect.gen(function*() {
  const progress = makeProgress(process.stderr, yield* Clock.currentTimeMillis)

  // It writes once a page, not once a run. It starts at the oldest run, so that a file only grows at its end.
  yield* RunsClient.pages({ orderBy: "id", orderByDirection: "asc", detail: true, failureReasons: true }).pipe(
    Stream.tap(({ runs }) => Effect.map(Clock.currentTimeMillis, (now) => progress.add(runs.length, now))),
    Stream.map(({ runs }) => runs.map(toLine).join("")),
    Stream.run(output)
  )
  progress.end(yield* Clock.currentTimeMillis)
})

program.pipe(
  Effect.provide(coalesce({ runs: Scenario.generate({ count: 20_000 }) })),
  // A reader that closes the pipe early, such as `head`, is not an error.
  Effect.catchTag("WriteError", (error) => error.code === "EPIPE" ? Effect.void : Effect.fail(error)),
  Effect.tapError(({ message }) => Effect.logError(message)),
  // stdout holds the runs alone. Log messages go to stderr.
  Effect.provide(Layer.succeed(Logger.LogToStderr, true)),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
