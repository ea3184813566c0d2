/** Starts a simulator whose night has just ended, in this machine's zone. Loaded only for `--demo`, with an effect of its own. */
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"

const simulator = Effect.gen(function*() {
  const { timeZone } = yield* RunWindow.lastNight()
  return yield* Simulator.make({ scenario: Scenario.lastNight({ now: yield* DateTime.now, timeZone }) })
})

export const start = async () => {
  const scope = Scope.makeUnsafe()
  const { token, url } = await Effect.runPromise(Scope.provide(simulator, scope))
  return {
    accessToken: Redacted.value(token),
    baseUrl: url,
    close: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
