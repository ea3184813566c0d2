// Posts a report of the night to a chat: runs as one part of a larger program. The program has a service of its own, has
// its own spans around those of the library, and handles each error that it can do something about.
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

// A service of this program. Tests provide another layer for it, as they do for `RunsClient`.
class Chat extends Context.Service<Chat, {
  readonly post: (channel: string, text: string) => Effect.Effect<void>
}>()("examples/Chat") {
  static readonly console = Layer.succeed(Chat, { post: (channel, text) => Console.log(`[${channel}] ${text}`) })
}

// Counts the runs of each environment. A stream of runs folds like any other stream, one run at a time.
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
  // The library has retried already. Each tag is an error class. The compiler knows which errors remain, and removes those
  // that are handled here.
  Effect.catchTags({
    Unauthorized: () => tell("No report: the token was refused. Renew it on the Deploy tab of Coalesce."),
    Forbidden: () => tell("No report: the token may not read runs."),
    TooManyRequests: ({ retryAfter = Duration.minutes(10) }) =>
      tell(`No report yet: try again in ${Duration.format(retryAfter)}.`)
  }),
  // All other errors: each message is a sentence to show.
  Effect.catch((error) => tell(`No report: ${error.message}`))
)

const tell = (text: string) => Effect.flatMap(Chat, (chat) => chat.post("data-oncall", text))

report().pipe(
  Effect.provide(Layer.mergeAll(Chat.console, coalesce(), printSpans)),
  NodeRuntime.runMain
)
