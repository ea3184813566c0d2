/** Reads a schedule to its end with core, resuming where it stopped, and returns what is wrong with what came out. */
import { Run, RunsClient } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Retry from "effect/Schedule"
import { canaries, type Watched, watched } from "./canaries.ts"
import { failureOf } from "./failure.ts"
import { orStuck, timeout } from "./lanes.ts"
import { certainErrors, expectedOf, hasSlow, impatience, isSequential, wrongWith } from "./oracle.ts"
import { type Reading, readOn } from "./reader.ts"
import { isUnordered, type Query, type Schedule } from "./schedule.ts"
import { isEcho, type Life, reasonOf } from "./server/history.ts"
import { leadsOn } from "./server/page.ts"
import type { ChaosServer, Session } from "./server/server.ts"

const valueOf = (run: Run.AnyRun, orderBy: Query["orderBy"]): number | undefined => {
  const time = orderBy === "id" ? undefined : run[orderBy]
  return orderBy === "id" ? run.id : time === undefined ? undefined : DateTime.toEpochMillis(time)
}

/** Returns whether a run says what some phase of its life says. */
const isTrue = (run: Run.AnyRun, life: Life | undefined, { query, faults }: Schedule): boolean => {
  const [start, end] = [run.runStartTime, run.runEndTime].map((time) =>
    time === undefined ? undefined : DateTime.toEpochMillis(time)
  )
  const isPhase = life?.phases.some((phase) =>
    phase.runStatus === run.runStatus && (phase.start === start || life.oddity === "badStart") && phase.end === end
  )
  const reason = Run.runFailureReason(run)
  const isReasoned = isEcho(life?.oddity) || (reason === undefined
    ? run.runStatus !== "failed" || (query.detail && query.failureReasons !== true) ||
      faults.some((fault) => fault?.kind === "lie") || life?.phases.length !== 1 || life.phases[0]?.at !== 0 ||
      life.vanishesAt !== undefined
    : reason === reasonOf(run.id))
  return isPhase === true && isReasoned && run.runType === life?.runType
}

export const play = (server: ChaosServer, schedule: Schedule, token: string): Effect.Effect<string | undefined> =>
  Effect.gen(function*() {
    const session = server.open(token, schedule)
    const seen = watched(token)
    const wrong = yield* read(server, schedule, session, seen).pipe(
      orStuck(session, "the reading does not end"),
      Effect.catchDefect((defect) => Effect.succeed(`a defect: ${String(defect)}`)),
      Effect.provide(seen.layer)
    )
    server.close(token)
    return wrong ?? session.violations[0] ?? canaries(seen)
  })

const read = Effect.fnUntraced(function*(server: ChaosServer, schedule: Schedule, session: Session, seen: Watched) {
  const { cuts, query, reader, resumeBy, retries } = schedule
  const reading: Reading = { used: [], position: undefined }
  let { undecodableRows } = query
  let certain = 0
  // A busy machine can be too slow for the short time-out of a schedule that hangs.
  const mostReaders = schedule.faults.length + cuts.length + (hasSlow(schedule) ? 30 : 3)
  for (let readers = 0;; readers++) {
    if (readers > mostReaders) return "it does not end, though all faults are over"
    // A process of its own each time: nothing is left of the one before but a cursor.
    const client = yield* RunsClient.make({
      accessToken: session.token,
      baseUrl: server.origin,
      retry: schedule.hasDefaultRetry === true ? undefined : Retry.recurs(retries),
      // Each reader is more patient than the one before: on a busy machine everything is slow.
      timeout: hasSlow(schedule) ? `${400 * (readers + 1)} millis` : timeout,
      maxResponseBytes: 1_000_000
    }).pipe(Effect.orDie)
    const from = session.served.length
    const start = reading.position
    const { error, isCut } = yield* readOn(client, schedule, undecodableRows, cuts[readers] ?? Infinity, reading)
    const hasty = impatience(schedule, session.served.slice(from))
    if (hasty !== undefined) return hasty
    if (error === undefined) {
      if (isCut) continue
      break
    }
    seen.say(error)
    const wrong = wrongWith(schedule, failureOf(error), session.served.slice(from), undecodableRows === "skip")
    if (wrong !== undefined) return `${error.message}\n${wrong}`
    if (error._tag === "DecodeError" && error.index !== undefined) undecodableRows = "skip"
    else if (!error.isRetryable && error._tag !== "PaginationError") certain++
    const resumeFrom = "resumeFrom" in error ? error.resumeFrom : undefined
    // Before the first run there is nowhere to continue but the start.
    if (resumeBy === "error" || reading.used.length === 0) reading.position = resumeFrom ?? start
  }
  seen.say(reading.used)
  // A listPage that has runs tells no error of the small request behind them: whether there are more stays open.
  const isAsking = reader === "listPage" && !leadsOn(schedule.style)
  const isCertain = isSequential(schedule) && cuts.length === 0 && reader !== "window" && !hasSlow(schedule) &&
    !isAsking
  const errors = certainErrors(schedule, session.served)
  return wrongRuns(schedule, session, reading.used) ??
    (isCertain && certain < errors ? `${errors} responses were errors, and ${certain} errors came` : undefined)
}, Effect.provide(FetchHttpClient.layer))

/** Returns what is wrong with the runs that came; undefined where all is right. */
const wrongRuns = (
  schedule: Schedule,
  session: Session,
  used: ReadonlyArray<Run.AnyRun>
): string | undefined => {
  const { lives, query } = schedule
  const { may, must } = expectedOf(schedule, session)
  const ids = used.map(({ id }): number => id)
  const all = new Set(ids)
  const show = (what: string, list: ReadonlyArray<number>) =>
    list.length === 0 ? undefined : `${what}: ${list.slice(0, 9).join(", ")}. Runs: ${ids.join(", ")}`
  const sign = query.orderByDirection === "asc" ? 1 : -1
  const values = used.flatMap((run) => valueOf(run, query.orderBy) ?? [])
  return show("runs that came twice", ids.filter((id, index) => ids.indexOf(id) !== index)) ??
    show("runs that were never there", ids.filter((id) => !may.has(id))) ??
    show("runs that are missing", [...must].filter((id) => !all.has(id))) ??
    show(
      "values out of order",
      values.filter((value, index) => !isUnordered(schedule) && (value - (values[index - 1] ?? value)) * sign < 0)
    ) ??
    used.flatMap((run) => {
      const life = lives.find(({ id }) => id === run.id)
      return isTrue(run, life, schedule) ? [] : [`not so: ${JSON.stringify(run)} of ${JSON.stringify(life)}`]
    })[0]
}
