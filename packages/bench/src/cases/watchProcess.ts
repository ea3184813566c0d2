/**
 * Watches a history for simulated weeks on a virtual clock, and prints the peak memory of the process in bytes:
 * `node watchProcess.js <weeks>`. Each hour brings 60 new runs, of which 10 at a time have not ended.
 */
import { RunCheckpoint, RunWatch } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { peakMemory } from "../peakMemory.ts"
import { type History, layer } from "./watchHistory.ts"

const weeks = Number(process.argv[2])
const minutes = weeks * 7 * 24 * 60
const pollEvery = 5

const history: History = { newest: 1000, hasEnded: (id) => id <= history.newest - 10, requests: 0 }

const program = Effect.gen(function*() {
  let ends = 0
  const watching = RunWatch.runForEach(
    {},
    { key: "bench", every: `${pollEvery} minutes` },
    (event) => Effect.sync(() => event._tag === "Ended" && ends++)
  )
  const fiber = yield* Effect.forkChild(watching)
  yield* TestClock.adjust("1 second")
  for (let minute = 0; minute < minutes; minute += pollEvery) {
    history.newest += pollEvery
    yield* TestClock.adjust(`${pollEvery} minutes`)
  }
  yield* Fiber.interrupt(fiber)
  return { ends, now: yield* DateTime.now }
})

const { ends } = await Effect.runPromise(
  program.pipe(Effect.provide(Layer.mergeAll(layer(history), RunCheckpoint.layerMemory, TestClock.layer())))
)
// Every run but the last that have not ended, and those that the last polls had no time for.
const expected = minutes
if (Math.abs(ends - expected) > 2 * pollEvery) {
  throw new Error(`${ends} ends of ${expected}, ${history.requests} requests`)
}

console.log(peakMemory())
