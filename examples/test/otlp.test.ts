import { Faults, Scenario, Simulator } from "@coalesce-runs/simulator"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { createServer } from "node:http"
import { run } from "./support.ts"

const Value = Schema.Struct({
  stringValue: Schema.optionalKey(Schema.String),
  intValue: Schema.optionalKey(Schema.Union([Schema.Number, Schema.String])),
  boolValue: Schema.optionalKey(Schema.Boolean)
})
const Attributes = Schema.Array(Schema.Struct({ key: Schema.String, value: Value }))
const Span = Schema.Struct({
  name: Schema.String,
  kind: Schema.Number,
  parentSpanId: Schema.optionalKey(Schema.String),
  attributes: Attributes,
  events: Schema.Array(Schema.Struct({ name: Schema.String, attributes: Attributes }))
})
const Traces = Schema.fromJsonString(Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({ scopeSpans: Schema.Array(Schema.Struct({ spans: Schema.Array(Span) })) }))
}))

const decodeTraces = Schema.decodeUnknownSync(Traces)

const record = (attributes: typeof Attributes.Type) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** Starts a collector, and returns the bodies that it received, each with its path. */
const collector = Effect.acquireRelease(
  Effect.callback<
    { readonly url: string; readonly bodies: Array<readonly [string, string]>; readonly close: () => void }
  >(
    (resume) => {
      const bodies: Array<readonly [string, string]> = []
      const server = createServer((request, response) => {
        let body = ""
        request.setEncoding("utf8").on("data", (text: string) => body += text).on("end", () => {
          bodies.push([request.url ?? "", body])
          response.setHeader("content-type", "application/json").end("{}")
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}`, bodies, close: () => server.close() }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)

it.effect("otlp sends the spans, metrics and logs of a client to a collector, and no token", () =>
  Effect.gen(function*() {
    const { bodies, url } = yield* collector
    const simulator = yield* Simulator.make({
      scenario: Scenario.lastNight({ now: new Date(), timeZone: "Europe/London" }),
      faults: [Faults.nth(1, Faults.status(503))]
    })
    const token = Redacted.value(simulator.token)
    const { code, stderr } = yield* Effect.promise(() =>
      run("otlp", {
        env: { COALESCE_ACCESS_TOKEN: token, COALESCE_BASE_URL: simulator.url, OTEL_EXPORTER_OTLP_ENDPOINT: url }
      })
    )
    assert.strictEqual(stderr, "")
    assert.strictEqual(code, 0)
    const sent = (path: string) => bodies.flatMap(([to, body]) => to === path ? [body] : [])

    const spans = sent("/v1/traces").flatMap((body) =>
      decodeTraces(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    )
    assert.lengthOf(spans.filter(({ name }) => name === "count failed refreshes"), 1)
    const [page] = spans.filter(({ name }) => name === "RunsClient.listPage")
    assert.strictEqual(page?.kind, 3) // client
    assert.isDefined(page?.parentSpanId)
    assert.deepInclude(record(page?.attributes ?? []), {
      "server.address": "127.0.0.1",
      "coalesce.query.run_type": "refresh",
      "coalesce.query.run_status": "failed",
      "coalesce.query.order_by": "runStartTime"
    })
    assert.deepStrictEqual(
      page?.events.map(({ attributes, name }) => [name, record(attributes)["error.type"]]),
      [["coalesce.attempt.failed", "ServiceUnavailable"]]
    )

    const metrics = sent("/v1/metrics").join("\n")
    for (const name of ["requests", "retries", "rows", "request_latency"]) {
      assert.include(metrics, `"coalesce_runs_${name}"`)
    }
    assert.include(metrics, "server.address")
    assert.match(sent("/v1/logs").join("\n"), /\d+ refreshes failed last night\./)
    for (const [, body] of bodies) assert.notInclude(body, token)
  }).pipe(Effect.scoped))
