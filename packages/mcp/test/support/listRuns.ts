/** What the tests of `list_runs` share: forty runs, the morning after them, and a client of a simulator that serves them. */
import type { SimulatedRun } from "@coalesce-runs/simulator/SimulatedRun"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { clientOf } from "./call.ts"
import * as History from "./history.ts"

export const some = History.runs({ count: 40, isFailed: (index) => index % 9 === 2 })

export const at = (time: string) => TestClock.setTime(Date.parse(time))

/** Every result is of this morning. */
export const morning = at("2026-11-03T09:30:00Z")

export const over = (runs: ReadonlyArray<SimulatedRun>, options: Simulator.Options = {}) =>
  Effect.provide(clientOf({ runs, ...options }))

export const requests = Effect.flatMap(Simulator.Simulator, ({ requests }) => requests)
