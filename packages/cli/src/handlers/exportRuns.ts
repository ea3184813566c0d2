/** Writes the history of runs as rows. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunHistory from "@coalesce-runs/core/RunHistory"
import { RunsClient } from "@coalesce-runs/core/RunsClient"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as connection from "../connection.ts"
import { UsageError } from "../ended.ts"
import { exitCodes } from "../exitCode.ts"
import * as lines from "../lines.ts"
import { withProgress } from "../progress.ts"
import type { RowSink } from "../rowSink.ts"

interface Input {
  readonly format: "ndjson" | "csv" | "parquet" | undefined
  readonly output: string | undefined
  readonly environmentID: string | undefined
  readonly projectID: string | undefined
  readonly runType: Run.KnownRunType | undefined
  readonly startingFrom: string | undefined
  readonly demo: boolean
}

const sinkOf = (
  { demo: _, format = "ndjson", output, ...query }: Input
): Effect.Effect<RowSink, unknown, RunsClient> => {
  if (format !== "parquet") {
    return output === undefined
      ? lines.makeSink(format, query.startingFrom !== undefined)
      : Effect.fail(new UsageError(`--output is for --format parquet. ${format} goes to standard output: > ${output}`))
  }
  if (output === undefined) {
    return Effect.fail(new UsageError("--format parquet needs --output, the file that it writes"))
  }
  return Effect.gen(function*() {
    const { origin, projectID } = yield* RunsClient
    const parquet = yield* Effect.promise(() => import("../parquet.ts"))
    return yield* parquet.makeSink(
      output,
      JSON.stringify({ ...query, origin, projectID: query.projectID ?? projectID })
    )
  })
}

const exporting = (sink: RowSink, { environmentID, projectID, runType, startingFrom }: Input) => {
  let { count, last } = sink
  const isTTY = process.stderr.isTTY
  const say = (text: string) => Effect.sync(() => process.stderr.write(text))
  const from = last ?? startingFrom
  const runs = RunHistory.list({
    environmentID,
    projectID,
    runType,
    ...(from === undefined ? {} : { startingFrom: from }),
    detail: true,
    failureReasons: true,
    orderByDirection: "asc",
    undecodableRows: "skip"
  })
  const writeAll = (gone: Effect.Effect<void>) =>
    runs.pipe(
      Stream.grouped(250),
      Stream.takeWhile(sink.isRead),
      Stream.runForEach((batch) =>
        Effect.gen(function*() {
          yield* gone
          yield* sink.write(batch.map(Run.toRow))
          count += batch.length
          last = batch.at(-1)?.id ?? last
          if (isTTY) yield* say(`\r\u001b[K${count} runs`)
        })
      )
    )
  return withProgress("Reading runs", writeAll).pipe(
    Effect.andThen(sink.finish),
    Effect.ensuring(isTTY ? say("\r\u001b[K") : Effect.void),
    // An interruption as well as an error.
    Effect.onError(() => {
      const how = sink.howToGoOn(count, last)
      return how === undefined ? Effect.void : say(`coalesce-runs: ${how}\n`)
    }),
    Effect.as(exitCodes.well)
  )
}

export const handle = (input: Input) =>
  Effect.acquireUseRelease(
    sinkOf(input),
    (sink) => exporting(sink, input),
    (sink, exit) => sink.close(Exit.isSuccess(exit))
  ).pipe(connection.provided(input.demo))
