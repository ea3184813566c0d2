// Reads runs, stops at errors and resumes where it stopped: it handles every run once and misses none.
//
//   node examples/dist/resume.js
import { RunCursor, RunsClient } from "@coalesce-runs/core"
import { Faults, Scenario } from "@coalesce-runs/simulator"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"

// Stands for a file or a row of a table, which outlives the process. Several runs may share a time, so ordering by a time is
// the harder case: the cursor also holds the ids that were handled at its time.
let saved = RunCursor.encode(RunCursor.start({ orderBy: "runStartTime", orderByDirection: "asc" }))
const handled: Array<number> = []

class WarehouseAway extends Data.TaggedError("WarehouseAway") {
  override readonly message = "the warehouse is away"
}

// The reader's own work can fail too: here it fails once, in the middle of a page.
let isAway = true
const handle = Effect.fnUntraced(function*(run: RunsClient.Element<{}>) {
  if (isAway && handled.length === 100) {
    isAway = false
    return yield* new WarehouseAway()
  }
  handled.push(run.id)
})

// Reads from the saved cursor until the end or an error. The cursor moves with each run that was handled, not with the
// pages that were fetched, so it is right wherever this stops.
const live = Effect.gen(function*() {
  let cursor = yield* Schema.decodeEffect(RunCursor.RunCursorFromString)(saved)
  yield* RunsClient.list({ startingFrom: cursor, pageSize: 40 }).pipe(
    Stream.runForEach((run) =>
      Effect.map(handle(run), () => {
        cursor = RunCursor.after(cursor, run)
        saved = RunCursor.encode(cursor)
      })
    )
  )
})

const program = Effect.gen(function*() {
  for (let isDone = false; !isDone;) {
    isDone = yield* live.pipe(
      Effect.as(true),
      Effect.catchTag(
        ["ServiceUnavailable", "WarehouseAway"],
        ({ message }) => Effect.as(Console.log(`Stopped after ${handled.length} runs, at ${saved}: ${message}`), false)
      )
    )
  }
  yield* Console.log(`${handled.length} runs, ${new Set(handled).size} different ones`)
})

// 250 runs, some of which start at the same instant, and a server that fails at the third request. The library would retry
// that request; retries are off here, so that there is an error to resume from.
const simulated = { runs: Scenario.generate({ count: 250 }), faults: [Faults.nth(3, Faults.status(503))] }

program.pipe(Effect.provide(coalesce(simulated, { retry: Schedule.recurs(0) })), NodeRuntime.runMain)
