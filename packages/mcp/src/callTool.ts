/** Runs the tools on a runtime: returns a result, or an error in words, and interrupts a call that the client cancels. */
import * as RunList from "@coalesce-runs/core/RunList"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import type { CallTool } from "./registerTools.ts"
import * as failure from "./result/failure.ts"
import { toText } from "./result/toText.ts"
import { tools } from "./tools/all.ts"

/** A runtime that has a `RunsClient`, or whose failure to have one is the result of each call. */
export type Runtime = ManagedRuntime.ManagedRuntime<RunsClient.RunsClient, unknown>

export const make = (runtime: Runtime, isStructured: boolean): CallTool => async (name, args, context) => {
  const tool = tools.find(({ definition }) => definition.name === name)
  if (tool === undefined) return failed(failure.unexpected(name))
  const program = Effect.gen(function*() {
    const { report, structuredContent } = yield* tool.run(args)
    const content: CallToolResult["content"] = [{ type: "text", text: toText(report) }]
    return isStructured ? { content, structuredContent: yield* structuredContent } : { content }
  }).pipe(
    Effect.provideService(RunList.Progress, notifier(context)),
    Effect.tapCause((cause) => Cause.hasDies(cause) ? Effect.logError(`${name} failed`, cause) : Effect.void)
  )
  const exit = await runtime.runPromiseExit(program, { signal: context.mcpReq.signal })
  return Exit.isSuccess(exit) ? exit.value : failed(Option.match(Cause.findErrorOption(exit.cause), {
    onNone: () => failure.unexpected(name),
    onSome: (error) => failure.isToolError(error) ? failure.fromError(name, error) : failure.unexpected(name)
  }))
}

const failed = (reason: failure.Failure): CallToolResult => ({
  content: [{ type: "text", text: failure.render(reason) }],
  isError: true
})

/** Reports progress to a client that asked for it. A notification that does not arrive does not end the call. */
const notifier = ({ mcpReq }: ServerContext) => (rows: number): Effect.Effect<void> => {
  const progressToken = mcpReq._meta?.progressToken
  return progressToken === undefined ? Effect.void : Effect.ignore(Effect.tryPromise(() =>
    mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken, progress: rows, message: `${rows} rows read` }
    })
  ))
}
