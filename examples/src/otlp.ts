// Sends the spans, metrics and logs of a program that reads runs to an OpenTelemetry collector, over OTLP.
//
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 node examples/dist/otlp.js
import { RunWindow } from "@coalesce-runs/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"

const program = Effect.gen(function*() {
  const window = yield* RunWindow.lastNight()
  const count = yield* RunWindow.list(window, { runType: "refresh", runStatus: "failed" }).pipe(Stream.runCount)
  yield* Effect.log(`${count} refreshes failed last night.`)
}).pipe(
  // The spans of the requests are children of this span.
  Effect.withSpan("count failed refreshes")
)

/** Effect's own exporter. It sends the rest when the program ends. */
const exporter = Layer.unwrap(Effect.gen(function*() {
  const baseUrl = yield* Config.withDefault(Config.String("OTEL_EXPORTER_OTLP_ENDPOINT"), "http://localhost:4318")
  return Otlp.layerJson({ baseUrl, resource: { serviceName: "nightly-count" } })
})).pipe(Layer.provide(FetchHttpClient.layer))

program.pipe(Effect.provide(coalesce()), Effect.provide(exporter), NodeRuntime.runMain)
