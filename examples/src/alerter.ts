// Tells failures in a chat: one message for each cause, with the reason, and one when it is over. It loses none, however often the
// process is killed. `coalesce-runs watch --alerts alerts.yml --state runs.state` is the same program with more around it.
//
//   SLACK_WEBHOOK_URL=https://hooks.slack.com/services/… node examples/dist/alerter.js examples/alerts.yml runs.state
import { Alerter, AlertsConfig } from "@coalesce-runs/alerts"
import { layerFiles } from "@coalesce-runs/alerts/node"
import { RunsClient } from "@coalesce-runs/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"

const [, , file = "alerts.yml", directory = "runs.state"] = process.argv

const alerter = Effect.gen(function*() {
  // The file has no secrets: it names the variables of the environment that have them.
  const config = yield* AlertsConfig.parse(readFileSync(file, "utf8"), { file })
  return yield* Alerter.run(config)
}).pipe(
  // The checkpoint, the incidents and the messages that are not sent yet.
  Effect.provide(layerFiles({ directory })),
  Effect.provide(RunsClient.layerConfig().pipe(Layer.provideMerge(FetchHttpClient.layer)))
)

NodeRuntime.runMain(alerter)
