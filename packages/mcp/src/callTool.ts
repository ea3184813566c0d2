/** Runs the tools on a runtime: returns a result, or an error in words, and interrupts a call that the client cancels. */
import * as RunList from "@coalesce-runs/core/RunList"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import type { CallTool } from "./registerTools.ts"
import * as failure from "./result/failure.ts"
import { logFault } from "./result/logFault.ts"
import { toText } from "./result/toText.ts"
import { tools } from "./tools/all.ts"

/** A runtime that has a `RunsClient`, or whose failure to have one is the result of each call. */
export type Runtime = ManagedRuntime.ManagedRuntime<RunsClient.RunsClient, unknown>

/** What is known of a call that has ended. Its arguments are not: they may name what is nobody else's business. */
export interface EndedCall {
  readonly tool: string
  readonly seconds: number
  /** Requests to Coalesce, every attempt counted. */
  readonly requests: number
  /** `ok`, `canceled`, `fault` for a fault of this server, or the tag of the error. */
  readonly outcome: string
}

/** The requests of the current call, which the HTTP client of `runtime.ts` counts. */
export const Requests = Context.Reference<{ count: number }>("coalesce-runs/mcp/Requests", {
  defaultValue: () => ({ count: 0 })
})

export const make = (
  runtime: Runtime,
  isStructured: boolean,
  onEnd: (call: EndedCall) => void = () => {}
): CallTool =>
async (name, args, context) => {
  const tool = tools.find(({ definition }) => definition.name === name)
  if (tool === undefined) return failed(failure.unexpected(name))
  const started = performance.now()
  const requests = { count: 0 }
  const program = Effect.gen(function*() {
    const { report, structuredContent } = yield* tool.run(args)
    const content: CallToolResult["content"] = [{ type: "text", text: toText(report) }]
    return isStructured ? { content, structuredContent: yield* structuredContent } : { content }
  }).pipe(
    Effect.provideService(RunList.Progress, notifier(context)),
    Effect.provideService(Requests, requests),
    logFault(name)
  )
  const exit = await runtime.runPromiseExit(program, { signal: context.mcpReq.signal })
  const ended = Exit.isSuccess(exit) ? { outcome: "ok", result: exit.value } : explained(name, exit.cause)
  onEnd({ tool: name, seconds: (performance.now() - started) / 1000, requests: requests.count, outcome: ended.outcome })
  return ended.result
}

/** Says why there is no result. A call that was canceled is no fault of the server. */
const explained = (name: string, cause: Cause.Cause<unknown>) => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  return failure.isToolError(error)
    ? { outcome: error._tag, result: failed(failure.fromError(name, error)) }
    : Cause.hasInterruptsOnly(cause)
    ? { outcome: "canceled", result: failed(failure.canceled(name)) }
    : { outcome: "fault", result: failed(failure.unexpected(name)) }
}

const failed = (reason: failure.Failure): CallToolResult => ({
  content: [{ type: "text", text: failure.render(reason) }],
  isError: true
})

/**
 * Reports progress to a client that asked for it: the protocol wants each notification to be ahead of the one before. A
 * notification that does not arrive does not end the call.
 */
const notifier = ({ mcpReq }: ServerContext) => {
  const progressToken = mcpReq._meta?.progressToken
  let told = -1
  return (done: number, total?: number): Effect.Effect<void> => {
    if (progressToken === undefined || done <= told) return Effect.void
    told = done
    return Effect.ignore(Effect.tryPromise(() =>
      mcpReq.notify({
        method: "notifications/progress",
        params: total === undefined
          ? { progressToken, progress: done, message: `${done} rows read` }
          : { progressToken, progress: done, total, message: `${done} of ${total} requests made` }
      })
    ))
  }
}
