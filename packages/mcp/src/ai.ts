/**
 * The tools of the MCP server for a language model that a program calls through effect's `effect/ai`: the same descriptions, the
 * same lenient arguments, the same texts. Import it as `@coalesce-runs/mcp/ai`.
 *
 * **Gotchas**
 *
 * Effect marks `effect/ai` as unstable: it may change in a minor release of `effect`.
 *
 * @since 0.1.0
 */
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as AiTool from "effect/ai/Tool"
import * as Toolkit from "effect/ai/Toolkit"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as failure from "./result/failure.ts"
import { logFault } from "./result/logFault.ts"
import { toText } from "./result/toText.ts"
import { checkRuns } from "./tools/checkRuns/tool.ts"
import { diagnoseRun } from "./tools/diagnoseRun/tool.ts"
import { inspectRun } from "./tools/inspectRun/tool.ts"
import { listRuns } from "./tools/listRuns/tool.ts"
import { summarizeRuns } from "./tools/summarizeRuns/tool.ts"
import type { Tool } from "./tools/Tool.ts"

/** A tool whose parameters the model sees as JSON Schema, and whose handler reads them leniently. */
const toolOf = <const Name extends string>({ definition }: Tool<unknown, Name>) =>
  AiTool.dynamic(definition.name, {
    description: definition.description,
    parameters: { ...definition.inputSchema },
    success: Schema.String,
    failure: Schema.String,
    failureMode: "return"
  })
    .annotate(AiTool.Title, definition.title)
    .annotate(AiTool.Readonly, true)
    .annotate(AiTool.Destructive, false)
    .annotate(AiTool.Idempotent, true)
    // A model may leave out every argument, which strict modes of providers forbid.
    .annotate(AiTool.Strict, false)

/**
 * The five tools: `check_runs`, `list_runs`, `diagnose_run`, `inspect_run` and `summarize_runs`. Each result is text. An error
 * is a text as well, which says whether the same call can succeed later, and goes to the model as a failed result.
 *
 * **Example** (A model that asks why a run failed)
 *
 * ```ts no-run
 * import * as Ai from "@coalesce-runs/mcp/ai"
 * import * as LanguageModel from "effect/ai/LanguageModel"
 *
 * const answer = LanguageModel.generateText({
 *   prompt: "Why did last night's refresh fail?",
 *   toolkit: Ai.toolkit
 * })
 * ```
 */
export const toolkit = Toolkit.make(
  toolOf(checkRuns),
  toolOf(listRuns),
  toolOf(diagnoseRun),
  toolOf(inspectRun),
  toolOf(summarizeRuns)
)

/** Runs the tools of {@link toolkit} on the `RunsClient` in context. */
export const layer: Layer.Layer<
  AiTool.HandlersFor<(typeof toolkit)["tools"]>,
  never,
  RunsClient.RunsClient
> = toolkit.toLayer(
  Effect.map(Effect.context<RunsClient.RunsClient>(), (context) => {
    const handlerOf = ({ definition: { name }, run }: Tool) => (args: unknown) =>
      run(args).pipe(
        Effect.map(({ report }) => toText(report)),
        logFault(name),
        Effect.mapError((error) => failure.render(failure.fromError(name, error))),
        Effect.catchDefect(() => Effect.fail(failure.render(failure.unexpected(name)))),
        Effect.provideContext(context)
      )
    return {
      check_runs: handlerOf(checkRuns),
      list_runs: handlerOf(listRuns),
      diagnose_run: handlerOf(diagnoseRun),
      inspect_run: handlerOf(inspectRun),
      summarize_runs: handlerOf(summarizeRuns)
    }
  })
)
