// Lists the refreshes that failed last night, newest first, each with its job, its environment and its reason.
//
//   node examples/dist/failed-refreshes-of-last-night.js
import { Run, RunWindow } from "@coalesce-runs/core"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { coalesce } from "./support/coalesce.ts"

const program = Effect.gen(function*() {
  // From 18:00 of yesterday to noon of today in this machine's zone, or to now if that is earlier.
  const window = yield* RunWindow.lastNight()
  yield* Console.log(`Failed refreshes, ${RunWindow.format(window)}\n`)

  // The stream fetches its pages as you read it, and none beyond the night. A detailed row of the API has the job and no
  // reason; `failureReasons` joins the reason from the summary rows.
  const failed = RunWindow.list(window, {
    runType: "refresh",
    runStatus: "failed",
    detail: true,
    failureReasons: true
  })

  // The type follows the query: `run` is a refresh with its details, and its times are decoded.
  const count = yield* failed.pipe(
    Stream.tap((run) =>
      Console.log(
        [
          `${startOf(run, window)}  ${Run.jobName(run) ?? "no job"}`,
          `  run ${run.id}, environment ${run.runDetails.environmentID ?? "unknown"}, ${tookOf(run)}`,
          `  ${(run.runFailureReason ?? "no reason given").replaceAll("\n", "\n  ")}\n`
        ].join("\n")
      )
    ),
    Stream.runCount
  )
  yield* Console.log(count === 0 ? "None failed." : `${count} failed.`)
})

const startOf = (run: Run.RefreshRun, { timeZone }: RunWindow.RunWindow): string =>
  run.runStartTime === undefined
    ? "not started"
    : DateTime.format(run.runStartTime, { locale: "en-GB", dateStyle: "medium", timeStyle: "short", timeZone })

const tookOf = (run: Run.RefreshRun): string =>
  Option.match(Run.duration(run), {
    onNone: () => "not ended",
    onSome: (duration) => `took ${Math.round(Duration.toMinutes(duration))} minutes`
  })

program.pipe(Effect.provide(coalesce()), NodeRuntime.runMain)
