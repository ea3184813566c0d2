// Posts every refresh that fails to a chat, with its reason. It loses none, however often the process is killed: a failure
// is posted at least once, each time with the same Idempotency-Key.
//
//   COALESCE_ALERTS_WEBHOOK=https://hooks.slack.com/services/… node examples/dist/alerter.js
import { Report, RunDiagnosis, RunsClient, RunWatch } from "@coalesce-runs/core"
import { layerCheckpointFile } from "@coalesce-runs/core/node"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"

const settings = Config.all({
  webhook: Config.Redacted("COALESCE_ALERTS_WEBHOOK"),
  directory: Config.String("COALESCE_ALERTS_STATE").pipe(Config.withDefault("runs.state")),
  every: Config.Duration("COALESCE_ALERTS_EVERY").pipe(Config.withDefault("30 seconds"))
})

// Slack reads links and mentions between < and >.
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const post = Effect.fnUntraced(function*(url: Redacted.Redacted, { id, run }: RunWatch.Ended) {
  const { headline, lines } = RunDiagnosis.report(yield* RunDiagnosis.diagnose({ runID: run.id }))
  const text = escaped(Report.toText({ headline, lines, sections: [], nextSteps: [] }))
  const request = HttpClientRequest.post(Redacted.value(url)).pipe(
    HttpClientRequest.setHeader("idempotency-key", id),
    HttpClientRequest.bodyJsonUnsafe({ text })
  )
  const client = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  yield* Effect.retry(client.execute(request), { schedule: Schedule.exponential("1 second"), times: 5 })
})

const alerter = Effect.gen(function*() {
  const { directory, every, webhook } = yield* settings
  // An error ends the process, and the next start handles the event again.
  return yield* RunWatch.runForEach(
    { runType: "refresh" },
    { key: "alerter", every },
    (event) => event._tag === "Ended" && event.to === "failed" ? post(webhook, event) : Effect.void
  ).pipe(
    Effect.provide(layerCheckpointFile({ directory }))
  )
})

NodeRuntime.runMain(
  Effect.provide(alerter, RunsClient.layerConfig().pipe(Layer.provideMerge(FetchHttpClient.layer)))
)
