import { RunsClient } from "@coalesce-runs/core"
import { Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"

/** Provides a simulator over real sockets, and a client of it. */
export const clientOf = (simulator: Simulator.Options, options?: Partial<RunsClient.Options>) =>
  Layer.unwrap(
    Effect.map(Simulator.Simulator, ({ token, url }) =>
      RunsClient.layer({ accessToken: token, baseUrl: url, ...options }))
  ).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provideMerge(Simulator.layer(simulator))
  )

/** The requests of List Runs that the simulator received. */
export const listRequests = Effect.map(
  Effect.flatMap(Simulator.Simulator, (simulator) => simulator.requests),
  (requests) => requests.filter((request) => request.path === "/api/v1/runs")
)
