/** Checks the runs of a window on a server that fails, and compares with the same check without a fault. */
import { Report, RunHealth, RunsClient } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Result from "effect/Result"
import * as Retry from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { canaries, type Watched, watched } from "./canaries.ts"
import { failureOf } from "./failure.ts"
import { orStuck, timeout } from "./lanes.ts"
import { hasSlow, wrongWith } from "./oracle.ts"
import { epoch, quickFault, type Schedule, slowFault } from "./schedule.ts"
import { type Fault, outcomesOf, retryable } from "./server/fault.ts"
import type { Life } from "./server/history.ts"
import type { ChaosServer, Session } from "./server/server.ts"

export interface HealthSchedule {
  readonly lives: ReadonlyArray<Life>
  readonly faults: ReadonlyArray<Fault | undefined>
  readonly retries: number
  /** Whether it learns what is usual from the runs before the window, as a check does by default. */
  readonly learns: boolean
}

const minute = 60_000

const lives = fc.array(
  fc.record({
    runStatus: fc.constantFrom("completed", "failed", "failed", "canceled", "running"),
    minutes: fc.integer({ min: 1, max: 90 }),
    isLong: fc.boolean(),
    environmentID: fc.constantFrom("1", "2"),
    runType: fc.constantFrom("refresh" as const, "deploy" as const)
  }),
  { maxLength: 25 }
).map((drawn) => {
  let start = epoch
  return drawn.map(({ environmentID, isLong, minutes, runStatus, runType }, index): Life => {
    start += minutes * minute
    const end = runStatus === "running" ? {} : { end: start + (isLong ? 30 : 1) * minute }
    return { id: 100 + index, runType, environmentID, phases: [{ at: 0, runStatus, start, ...end }] }
  })
})

/** A run each hour of the four days before the window. */
const past = Array.from({ length: 96 }, (_, index): Life => {
  const start = epoch - (96 - index) * 60 * minute
  const phase = { at: 0, runStatus: "completed", start, end: start + minute }
  return { id: index + 1, runType: "refresh", environmentID: "1", phases: [phase] }
})

/** What a page says that is not so is the matter of lists, but for rows too many. No one waits for what is far. */
const isFit = (fault: Fault | undefined): boolean =>
  (fault?.kind !== "lie" || ["again", "duplicates"].includes(fault.lie)) &&
  !(fault?.kind === "status" && /far|7200/.test(fault.retryAfter ?? ""))

// One that somebody has to wait for is rare, since each costs the time-out of a request.
const fault = fc.oneof({ weight: 60, arbitrary: quickFault }, { weight: 1, arbitrary: slowFault })

export const healthSchedule: fc.Arbitrary<HealthSchedule> = fc.record({
  lives,
  faults: fc.array(fc.option(fault, { freq: 2, nil: undefined }), { maxLength: 12 }).map((all) => all.filter(isFit)),
  retries: fc.nat(2),
  learns: fc.constantFrom(true, false, false, false)
})

const asList = ({ faults, learns, lives, retries }: HealthSchedule): Schedule => ({
  reader: "history",
  lives: learns ? [...past, ...lives] : lives,
  style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
  faults,
  query: { orderBy: "id", orderByDirection: "desc", detail: true, undecodableRows: "skip" },
  retries,
  // Several requests at once.
  concurrency: 16,
  cuts: [],
  resumeBy: "error",
  window: [0, 1]
})

const until = epoch + 60 * 60 * minute

const check = (server: ChaosServer, { learns, retries }: HealthSchedule, { token }: Session, isSlow: boolean) =>
  RunsClient.make({
    accessToken: token,
    baseUrl: server.origin,
    retry: Retry.recurs(retries),
    timeout: isSlow ? "400 millis" : timeout,
    maxResponseBytes: 1_000_000
  }).pipe(
    Effect.orDie,
    Effect.flatMap((client) =>
      RunHealth.check({
        since: DateTime.makeUnsafe(epoch),
        until: DateTime.makeUnsafe(until),
        timeZone: "UTC",
        ...(learns ? {} : { baseline: "none" }),
        // A busy machine can be too slow for the time that a check gives each part.
        partTimeout: "2 minutes"
      }).pipe(Effect.provideService(RunsClient.RunsClient, client))
    )
  )

const encode = Schema.encodeSync(RunHealth.Health)

/** Each failed run of the window is in one list, and in no other. */
const wrongRuns = ({ findings }: RunHealth.Health, { lives }: HealthSchedule): string | undefined => {
  const listed = findings.flatMap((finding) => finding.kind === "failures" ? finding.runIDs.map(Number) : [])
  const failed = lives.filter(({ phases: [phase] }) => phase?.runStatus === "failed").map(({ id }) => id)
  return JSON.stringify(listed.toSorted((a, b) => a - b)) === JSON.stringify(failed)
    ? undefined
    : `failed: ${failed.join()}, listed: ${listed.join()}`
}

const wrongHealth = (
  schedule: HealthSchedule,
  health: RunHealth.Health,
  whole: RunHealth.Health,
  { served }: Session
): string | undefined => {
  const { unavailable } = health
  if (unavailable.length === 0) {
    const [found, wanted] = [health, whole].map((one) => JSON.stringify({ ...encode(one), checkedAt: undefined }))
    return found === wanted ? undefined : `nothing is unavailable, but it differs.\n${found}\n${wanted}`
  }
  const met = new Set(served.flatMap(({ fault }) => fault === undefined ? [] : outcomesOf(fault)))
  // A busy machine can be too slow for the short time-out of a schedule that hangs.
  if (hasSlow(schedule)) met.add("RequestTimeout")
  const unmet = unavailable.find(({ error, isRetryable }) => !met.has(error) || isRetryable !== retryable.has(error))
  if (unmet !== undefined) return `nothing served explains ${JSON.stringify(unmet)}`
  const isUnsaid = schedule.learns && health.read.baseline === undefined &&
    !unavailable.some(({ part }) => part === "baseline")
  if (isUnsaid) return "it does not say that it knows nothing usual"
  return unavailable.some(({ part }) => ["failedRuns", "runsOfWindow"].includes(part))
    ? undefined
    : wrongRuns(health, schedule)
}

const play = Effect.fnUntraced(function*(
  server: ChaosServer,
  schedule: HealthSchedule,
  session: Session,
  seen: Watched
) {
  const failing = session.coming.splice(0)
  const whole = yield* check(server, schedule, session, false)
  const wrong = wrongRuns(whole, schedule)
  if (wrong !== undefined || whole.unavailable.length > 0) return `without a fault: ${wrong ?? "parts are unavailable"}`
  if ((whole.read.baseline !== undefined) !== schedule.learns) return "it does not say from what it knows what is usual"
  const from = session.served.length
  session.coming.push(...failing)
  const result = yield* Effect.result(check(server, schedule, session, hasSlow(schedule)))
  if (Result.isFailure(result)) {
    seen.say(result.failure)
    return wrongWith(asList(schedule), failureOf(result.failure), session.served.slice(from), true)
  }
  // A report is for people: it names no user and no account either.
  seen.tell(Report.toText(RunHealth.report(result.success)))
  seen.tell(JSON.stringify(encode(result.success)))
  return wrongHealth(schedule, result.success, whole, session)
}, Effect.provide(FetchHttpClient.layer))

export const playHealth = (
  server: ChaosServer,
  schedule: HealthSchedule,
  token: string
): Effect.Effect<string | undefined> =>
  Effect.gen(function*() {
    const session = server.open(token, asList(schedule))
    const seen = watched(token)
    const wrong = yield* play(server, schedule, session, seen).pipe(
      Effect.catch((error) => Effect.succeed(`it failed without a fault: ${error.message}`)),
      orStuck(session, "the check hangs"),
      Effect.catchDefect((defect) => Effect.succeed(`a defect: ${String(defect)}`)),
      Effect.provide(seen.layer)
    )
    server.close(token)
    return wrong ?? session.violations[0] ?? canaries(seen)
  })
