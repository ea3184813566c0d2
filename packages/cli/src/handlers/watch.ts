/** Tells what happens to runs, as it happens. */
import { layerCheckpointFile } from "@coalesce-runs/core/node"
import * as Report from "@coalesce-runs/core/Report"
import type * as Run from "@coalesce-runs/core/Run"
import * as RunCheckpoint from "@coalesce-runs/core/RunCheckpoint"
import * as RunList from "@coalesce-runs/core/RunList"
import * as RunWatch from "@coalesce-runs/core/RunWatch"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { nowForPerson, print, zoneOf } from "../answer.ts"
import * as connection from "../connection.ts"
import { UsageError } from "../ended.ts"
import { exitCodes } from "../exitCode.ts"
import type { Common } from "../flags.ts"
import { withProgress } from "../progress.ts"

const encodeLine = Schema.encodeSync(RunList.RunLine)

const zoneNamed = (zone: string | undefined) =>
  Option.match(zone === undefined ? Option.some(DateTime.zoneMakeLocal()) : DateTime.zoneFromString(zone), {
    onNone: () => Effect.fail(new UsageError(`--time-zone: there is no zone ${JSON.stringify(zone)}`)),
    onSome: Effect.succeed
  })

/** Returns the time of a line in a zone, such as `02:10:00+01:00`. */
const clock = (now: DateTime.DateTime, zone: DateTime.TimeZone): string =>
  DateTime.formatIsoOffset(DateTime.setZone(now, zone)).replace(/^.{11}(.{8}).*?([+-]\d\d:\d\d)$/, "$1$2")
    .replace("+00:00", "Z")

/** An event as JSON: its run in one line, under the API's names. */
const toJson = (event: RunWatch.Event): unknown => {
  switch (event._tag) {
    case "Watching":
      return { event: event._tag, unfinished: event.unfinished.map(({ id, runStatus }) => ({ id, runStatus })) }
    case "Untracked":
      return { event: event._tag, runID: event.runID, lastStatus: event.lastStatus, reason: event.reason }
    case "PollFailed":
      return { event: event._tag, error: event.error._tag, message: event.error.message }
    case "Appeared":
    case "StatusChanged":
    case "Ended":
    case "Restarted":
      return {
        event: event._tag,
        ...("id" in event ? { id: event.id } : {}),
        ...("from" in event ? { from: event.from } : {}),
        ...("to" in event ? { to: event.to } : {}),
        run: encodeLine(RunList.fromRun(event.run))
      }
  }
}

const what = (event: RunWatch.Event, name: (run: RunList.RunLine) => string): string => {
  switch (event._tag) {
    case "Watching":
      return `watching; ${event.unfinished.length} ${event.unfinished.length === 1 ? "run has" : "runs have"} not ended`
    case "Untracked":
      return `run ${event.runID} is no longer followed: ${
        event.reason === "Deleted" ? "it was deleted" : "too many runs have not ended"
      }`
    case "PollFailed":
      return `${event.error.message} The next poll comes later.`
    case "Appeared":
      return `${name(RunList.fromRun(event.run))} appeared: ${event.run.runStatus}`
    case "StatusChanged":
      return `${name(RunList.fromRun(event.run))} ${event.from} > ${event.to}`
    case "Restarted":
      return `${name(RunList.fromRun(event.run))} goes on: ${event.from} > ${event.to}`
    case "Ended":
      return `${name(RunList.fromRun(event.run))} ended: ${event.to}`
  }
}

interface Input extends Common {
  readonly environmentID: string | undefined
  readonly projectID: string | undefined
  readonly runType: Run.KnownRunType | undefined
  readonly every: Duration.Duration | undefined
  readonly since: number | undefined
  readonly state: string | undefined
  readonly alerts: string | undefined
  readonly once: boolean
}

export const handle = ({ alerts, demo, every, json, once, since, state, timeZone, ...query }: Input) => {
  const watching = Effect.gen(function*() {
    const zone = yield* zoneNamed(yield* zoneOf({ demo, json, timeZone }))
    const names = yield* Report.configuredNames
    const tell = (event: RunWatch.Event) =>
      Effect.gen(function*() {
        const at = yield* DateTime.now
        const now = yield* nowForPerson
        const name = RunList.nameRun({ names, now, timeZone: DateTime.zoneToString(zone) })
        yield* print(
          json
            ? JSON.stringify({ at: DateTime.formatIso(at), ...Object(toJson(event)) })
            : `${clock(at, zone)} ${what(event, name)}`
        )
      })
    if (alerts !== undefined && state !== undefined) {
      const { watch } = yield* Effect.promise(() => import("../alerting.ts"))
      return yield* watch({ every, file: alerts, json, once, since, state }, tell)
    }
    const watched = { ...query, detail: true } as const
    const options = { key: "watch", since }
    return yield* withProgress("Watching runs", (gone) => {
      const told = (event: RunWatch.Event) => Effect.andThen(gone, tell(event))
      return once
        ? RunWatch.pollForEach(watched, options, told)
        : RunWatch.runForEach(watched, { ...options, every }, told)
    })
  })
  if (state === undefined && (once || alerts !== undefined)) {
    const flag = once ? "--once" : "--alerts"
    return Effect.fail(new UsageError(`${flag} needs --state, the directory where the next start goes on`))
  }
  if (alerts !== undefined && Object.values(query).some((value) => value !== undefined)) {
    return Effect.fail(new UsageError("With --alerts, the file says which runs are watched: environment, project, job"))
  }
  if (demo && state !== undefined) {
    return Effect.fail(
      new UsageError(
        "--demo has another night at each start, so it does not go on. Watch coalesce-runs-simulator --live"
      )
    )
  }
  const store = state === undefined ? RunCheckpoint.layerMemory : layerCheckpointFile({ directory: state })
  return watching.pipe(
    Effect.onInterrupt(() =>
      Effect.sync(() => {
        process.exitCode = exitCodes.well
      })
    ),
    Effect.as(exitCodes.well),
    Effect.provide(store),
    connection.provided(demo)
  )
}
