/** Serves the simulator's last night in this machine's zone, from memory. Loaded only for `--demo`. */
import * as RunsInMemory from "@coalesce-runs/core/RunsInMemory"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A client of the runs of a night that has just ended. No HTTP: what the simulator adds to it takes half a second. */
export const layer = Layer.unwrap(Effect.gen(function*() {
  const { timeZone } = yield* RunWindow.lastNight()
  const night = Scenario.runs(Scenario.lastNight({ now: yield* DateTime.now, timeZone }))
  const resultsOf = new Map(night.map(({ id, results }) => [id, results]))
  return RunsInMemory.layer({
    runs: night.map(({ results: _, ...run }) => run),
    results: (id) => {
      const results = resultsOf.get(id)
      return typeof results === "function" ? results() : Array.isArray(results) ? results : []
    }
  })
}))
