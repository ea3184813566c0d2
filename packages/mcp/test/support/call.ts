/** `list_runs` without a server around it: arguments in, the answer out. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as failure from "../../src/result/failure.ts"
import { listRuns } from "../../src/tools/listRuns/tool.ts"

/** What a client gets: the answer, or the text of the error. */
export const call = (args: unknown) =>
  Effect.mapError(listRuns.run(args), (error) => failure.render(failure.fromError("list_runs", error)))

/** A client of a simulator that listens, both for as long as the layer lives. */
export const clientOf = (
  options: Simulator.Options,
  client: Partial<RunsClient.Options> = { retry: Schedule.recurs(0) },
  http: Layer.Layer<HttpClient.HttpClient> = FetchHttpClient.layer
) =>
  Layer.unwrap(
    Effect.map(Simulator.Simulator, (simulator) =>
      RunsClient.layer({ accessToken: Redacted.value(simulator.token), baseUrl: simulator.url, ...client }))
  ).pipe(
    Layer.provide(http),
    Layer.provideMerge(Simulator.layer(options))
  )
