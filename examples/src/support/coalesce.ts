/**
 * Provides the examples with a client: of your account if `COALESCE_ACCESS_TOKEN` is set, otherwise of a simulator in this
 * process. A program for an account alone needs only `RunsClient.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))`.
 */
import { Connection, RunsClient, RunWindow } from "@coalesce-runs/core"
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"

/** `simulated` says what the simulator serves. Default: the night of `Scenario.lastNight` in this machine's zone. */
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

/** Makes a night that ends now, in the time zone that `RunWindow.lastNight()` reads. */
export const lastNight = Effect.gen(function*() {
  const { timeZone } = yield* RunWindow.lastNight()
  return Scenario.lastNight({ now: yield* DateTime.now, timeZone })
})
