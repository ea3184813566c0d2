/**
 * Where the examples read runs from: your account when `COALESCE_ACCESS_TOKEN` is set, and otherwise a simulator in this
 * process. For an account alone it is `RunsClient.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))`.
 */
import { Connection, RunsClient, RunWindow } from "@coalesce-runs/core"
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"

/** `simulated` is what the simulator serves; the night of `Scenario.lastNight` in this machine's zone unless given. */
export const coalesce = (simulated?: Simulator.Options, options?: RunsClient.RequestOptions) =>
  Layer.effect(
    RunsClient.RunsClient,
    Effect.gen(function*() {
      const hasAccount = (process.env["COALESCE_ACCESS_TOKEN"] ?? "").trim() !== ""
      const connection = hasAccount ? yield* Connection.config : yield* simulatedConnection(simulated)
      return yield* RunsClient.make({ ...connection, ...options })
    })
  ).pipe(Layer.provide(FetchHttpClient.layer))

const simulatedConnection = Effect.fnUntraced(function*(simulated: Simulator.Options | undefined) {
  const simulator = yield* Simulator.make(simulated ?? { scenario: yield* lastNight })
  return { accessToken: simulator.token, baseUrl: simulator.url }
})

/** The story of a night that ends now, told in the zone in which `RunWindow.lastNight()` looks for it. */
export const lastNight = Effect.gen(function*() {
  const { timeZone } = yield* RunWindow.lastNight()
  return Scenario.lastNight({ now: yield* DateTime.now, timeZone })
})
