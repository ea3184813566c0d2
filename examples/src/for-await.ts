// Reads last night's failed refreshes with `for await`. Only the lines that make the iterable use Effect.
//
//   node examples/dist/for-await.js
import { Run, RunsError, RunWindow } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"

const window = await Effect.runPromise(RunWindow.lastNight())

// `Stream.provide` sets where the stream reads from, and `toAsyncIterable` turns it into an async iterable.
const failed = RunWindow.list(window, { runType: "refresh", runStatus: "failed", detail: true, failureReasons: true })
const runs = Stream.toAsyncIterable(failed.pipe(Stream.provide(coalesce())))

try {
  let shown = 0
  for await (const run of runs) {
    console.log(`run ${run.id} of ${Run.jobName(run) ?? "no job"}: ${run.runFailureReason ?? "no reason given"}`)
    // Leaving the loop ends the stream: it fetches no more pages and closes the connection.
    if (++shown === 3) break
  }
  console.log(`${shown} shown`)
} catch (error) {
  // The loop throws the error of the stream. Each error is a class of its own, and its message is a sentence.
  if (error instanceof RunsError.Unauthorized) console.error("Set COALESCE_ACCESS_TOKEN to a valid token.")
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
