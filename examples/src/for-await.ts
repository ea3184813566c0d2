// Last night's failed refreshes with `for await`: no Effect beyond the two lines that make the iterable.
//
//   node examples/dist/for-await.js
import { Run, RunsError, RunWindow } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"

const window = await Effect.runPromise(RunWindow.lastNight())

// A stream is a description: `Stream.provide` says where it reads from, and `toAsyncIterable` makes it JavaScript's own.
const failed = RunWindow.list(window, { runType: "refresh", runStatus: "failed", detail: true, failureReasons: true })
const runs = Stream.toAsyncIterable(failed.pipe(Stream.provide(coalesce())))

try {
  let shown = 0
  for await (const run of runs) {
    console.log(`run ${run.id} of ${Run.jobName(run) ?? "no job"}: ${run.runFailureReason ?? "no reason given"}`)
    // Leaving the loop ends the stream: pages that were not asked for yet are never fetched, the connection is closed.
    if (++shown === 3) break
  }
  console.log(`${shown} shown`)
} catch (error) {
  // What is thrown is the error itself. Each is a class of its own, and its message a sentence.
  if (error instanceof RunsError.Unauthorized) console.error("Set COALESCE_ACCESS_TOKEN to a valid token.")
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
