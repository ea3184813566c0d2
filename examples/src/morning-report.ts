// Runs as one part of a larger program: a report of the night, posted to a chat. The program has a service of its own,
// its own spans around those of the library, and an answer to each error that it can do something about.
//
//   node examples/dist/morning-report.js
import { Run, RunWindow } from "@coalesce-runs/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"
import { printSpans } from "./support/printSpans.ts"

// A service of this program. Tests give it another layer, as they give `RunsClient` one over a simulator.
class Chat extends Context.Service<Chat, {
  readonly post: (channel: string, text: string) => Effect.Effect<void>
}>()("examples/Chat") {
  static readonly console = Layer.succeed(Chat, { post: (channel, text) => Console.log(`[${channel}] ${text}`) })
}

// A stream of runs is a stream like any other: here it is folded, a run at a time, into how each environment did.
const failuresByEnvironment = Effect.fn("morningReport.read")(function*(window: RunWindow.RunWindow) {
  return yield* RunWindow.list(window, { runType: "refresh", detail: true }).pipe(
    Stream.filter((run) => Run.isTerminal(run.runStatus)),
    Stream.runFold(
      (): ReadonlyMap<string, { readonly ended: number; readonly failed: ReadonlyArray<string> }> => new Map(),
      (environments, run) => {
        const id = run.runDetails.environmentID ?? "unknown"
        const { ended, failed } = environments.get(id) ?? { ended: 0, failed: [] }
        const name = Run.jobName(run) ?? `run ${run.id}`
        return new Map(environments).set(id, {
          ended: ended + 1,
          failed: run.runStatus === "failed" ? [...failed, name] : failed
        })
      }
    )
  )
})

const report = Effect.fn("morningReport")(
  function*() {
    const chat = yield* Chat
    const window = yield* RunWindow.lastNight()
    for (const [environment, { ended, failed }] of yield* failuresByEnvironment(window)) {
      const names = failed.length === 0 ? "" : `: ${failed.join(", ")}`
      yield* chat.post("data", `Environment ${environment}: ${failed.length} of ${ended} refreshes failed${names}`)
    }
  },
  // By now the library has tried again by itself what can pass. Each tag is an error class; the types know which can
  // still come, and once they are handled here, the compiler asks for no more.
  Effect.catchTags({
    Unauthorized: () => tell("No report: the token was refused. Renew it on the Deploy tab of Coalesce."),
    Forbidden: () => tell("No report: the token may not read runs."),
    TooManyRequests: ({ retryAfter = Duration.minutes(10) }) =>
      tell(`No report yet: try again in ${Duration.format(retryAfter)}.`)
  }),
  // The others alike: the message of each is a sentence that may be shown.
  Effect.catch((error) => tell(`No report: ${error.message}`))
)

const tell = (text: string) => Effect.flatMap(Chat, (chat) => chat.post("data-oncall", text))

report().pipe(
  Effect.provide(Layer.mergeAll(Chat.console, coalesce(), printSpans)),
  NodeRuntime.runMain
)
