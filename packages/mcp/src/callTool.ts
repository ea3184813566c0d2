/** Runs the tools on a runtime: an answer, or an error in words, and interrupted where the client cancels. */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import type { Call } from "./registerTools.ts"
import * as failure from "./result/failure.ts"
import { Progress } from "./result/progress.ts"
import { tools } from "./tools/all.ts"

/** A runtime that has a `RunsClient`, or fails to have one, which each call then says. */
export type Runtime = ManagedRuntime.ManagedRuntime<RunsClient.RunsClient, unknown>

export const make = (runtime: Runtime): Call => async (name, args, context) => {
  const tool = tools.find(({ definition }) => definition.name === name)
  if (tool === undefined) return failed(failure.unexpected(name))
  const program = tool.run(args).pipe(
    Effect.provideService(Progress, notifier(context)),
    Effect.tapCause((cause) => Cause.hasDies(cause) ? Effect.logError(`${name} failed`, cause) : Effect.void)
  )
  const exit = await runtime.runPromiseExit(program, { signal: context.mcpReq.signal })
  if (Exit.isSuccess(exit)) {
    const { content, text } = exit.value
    return { content: [{ type: "text", text }], structuredContent: { ...content } }
  }
  return failed(Option.match(Cause.findErrorOption(exit.cause), {
    onNone: () => failure.unexpected(name),
    onSome: (error) => failure.isToolError(error) ? failure.fromError(name, error) : failure.unexpected(name)
  }))
}

const failed = (reason: failure.Failure): CallToolResult => ({
  content: [{ type: "text", text: failure.render(reason) }],
  isError: true
})

/** Tells the client how far the reading is, where it asked to be told. That it does not arrive is no reason to stop. */
const notifier = ({ mcpReq }: ServerContext) => (rows: number): Effect.Effect<void> => {
  const progressToken = mcpReq._meta?.progressToken
  return progressToken === undefined ? Effect.void : Effect.ignore(Effect.tryPromise(() =>
    mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken, progress: rows, message: `${rows} rows looked at` }
    })
  ))
}
