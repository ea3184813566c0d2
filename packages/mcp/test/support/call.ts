/** Tools without a server around them: arguments in, facts and text out. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as failure from "../../src/result/failure.ts"
import { toText } from "../../src/result/toText.ts"
import { listRuns } from "../../src/tools/listRuns/tool.ts"
import type { Tool } from "../../src/tools/Tool.ts"

/** Returns what a tool found out and its text, or fails with the text of the error. */
export const run = <Facts>(tool: Tool<Facts>) => (args: unknown) =>
  Effect.gen(function*() {
    const { facts, report, structuredContent } = yield* tool.run(args)
    return {
      facts,
      structured: yield* structuredContent,
      text: toText(report),
      /** The arguments of the next step that continues: one of the same tool. */
      next: report.nextSteps.find(({ action }) => tool.definition.name.startsWith(`${action}_`))?.arguments
    }
  }).pipe(
    Effect.mapError((error) => failure.render(failure.fromError(tool.definition.name, error)))
  )

export const call = run(listRuns)

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
