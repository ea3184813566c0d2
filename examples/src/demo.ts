// `npm run demo` shows last night's failed refreshes, read by the library, then why the latest failed and what needs attention,
// through the MCP server. Both read a simulator on this machine. The demo needs no account.
import { RunsClient, RunWindow } from "@coalesce-runs/core"
import { Simulator } from "@coalesce-runs/simulator"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { ask, connect, questions } from "./demo/assistant.ts"
import { bold, cyan, dim, wrapped } from "./demo/paper.ts"
import { type FailedRefresh, named, pagesOfFailedRefreshes, table } from "./demo/refreshes.ts"
import { lastNight } from "./support/coalesce.ts"

const chapter = (title: string) => Console.log(`\n${bold(title)}\n`)

const streamed = Effect.fn("demo.streamed")(function*(window: RunWindow.RunWindow) {
  const simulator = yield* Simulator.Simulator
  yield* chapter("Streaming last night's failed refreshes")
  yield* Console.log(wrapped(RunWindow.format(window), "  "))
  yield* Console.log(dim("  GET /api/v1/runs, by runStartTime, over HTTP, with 150 ms of latency\n"))

  const failed: Array<FailedRefresh> = []
  let pages = 0
  yield* pagesOfFailedRefreshes(window).pipe(
    Stream.runForEach(({ isLast, runs }) => {
      failed.push(...runs)
      const label = `  page ${++pages}: ${runs.length} ${runs.length === 1 ? "run" : "runs"}`
      const end = isLast ? dim(", then a run from before the night: the end") : ""
      return Console.log(`${label.padEnd(18)}${cyan(runs.map(named).join(", "))}${end}`)
    })
  )
  const requests = yield* simulator.requests
  yield* chapter(`${failed.length} failed refreshes, from ${pages} pages in ${requests.length} requests`)
  yield* Console.log(table(failed, window))
})

const throughMcp = Effect.fn("demo.throughMcp")(function*(window: RunWindow.RunWindow) {
  const simulator = yield* Simulator.Simulator
  yield* chapter("The same night, through the MCP server over stdio")
  const client = yield* connect({
    accessToken: Redacted.value(simulator.token),
    baseUrl: simulator.url,
    timeZone: window.timeZone
  })
  for (const question of questions) {
    const result = yield* ask(client, question)
    yield* Console.log(`  "${question.text}"\n`)
    yield* Console.log(cyan(wrapped(`> ${question.tool} ${JSON.stringify(question.arguments)}`, "  ")))
    yield* Console.log(`${wrapped(result, "  ")}\n`)
  }
}, Effect.scoped)

const program = Effect.gen(function*() {
  const simulator = yield* Simulator.Simulator
  const runs = yield* simulator.runs
  yield* Console.log(bold("coalesce-runs"))
  yield* Console.log(`
  A simulator of the Coalesce API serves ${runs.length} runs of three weeks at ${simulator.url}.
  The library reads it as it would read your account. Nothing leaves this machine.`)

  const window = yield* RunWindow.lastNight()
  yield* streamed(window)
  yield* throughMcp(window)
  yield* Console.log(dim("To read your own account, set COALESCE_ACCESS_TOKEN and run the examples: see README.md"))
})

const simulator = Layer.unwrap(
  Effect.map(lastNight, (scenario) => Simulator.layer({ scenario, latency: "150 millis" }))
)

const client = Layer.unwrap(
  Effect.map(Simulator.Simulator, ({ token, url }) => RunsClient.layer({ accessToken: token, baseUrl: url }))
)

program.pipe(
  Effect.provide(client.pipe(Layer.provideMerge(simulator), Layer.provide(FetchHttpClient.layer))),
  NodeRuntime.runMain
)
