// A reader that is stopped by errors and goes on where it stood: every run is handled once, and none is missed.
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

// What outlives the process: a file, a row of a table. Runs may share a time, so ordering by one is the harder case: the
// cursor also knows which runs of its time were handled.
let saved = RunCursor.encode(RunCursor.start({ orderBy: "runStartTime", orderByDirection: "asc" }))
const handled: Array<number> = []

class WarehouseAway extends Data.TaggedError("WarehouseAway") {
  override readonly message = "the warehouse is away"
}

// The reader's own work may fail as well: here once, in the middle of a page.
let isAway = true
const handle = Effect.fnUntraced(function*(run: RunsClient.Element<{}>) {
  if (isAway && handled.length === 100) {
    isAway = false
    return yield* new WarehouseAway()
  }
  handled.push(run.id)
})

// One life of the reader: from the saved cursor on. The cursor moves with each run that was handled, not with what was
// fetched, so it is right wherever this stops.
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

// 250 runs, of which some start in the same instant, and a server that fails on the third request. The library would
// try again by itself; no retries here, so that there is something to resume from.
const simulated = { runs: Scenario.generate({ count: 250 }), faults: [Faults.nth(3, Faults.status(503))] }

program.pipe(Effect.provide(coalesce(simulated, { retry: Schedule.recurs(0) })), NodeRuntime.runMain)
