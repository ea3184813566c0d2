/** Watches a history that moves on a server that fails, crashes and resumes, and returns what is wrong with what was told. */
import { RunsClient, type RunsError, RunWatch } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Result from "effect/Result"
import * as Retry from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as fc from "fast-check"
import { canaries, type Watched, watched } from "./canaries.ts"
import { failureOf } from "./failure.ts"
import { orStuck, timeout } from "./lanes.ts"
import { hasSlow, wrongWith } from "./oracle.ts"
import { epoch, quickFault, type Schedule, slowFault } from "./schedule.ts"
import type { Fault } from "./server/fault.ts"
import { type Life, type Phase, seenAt } from "./server/history.ts"
import type { ChaosServer, Session } from "./server/server.ts"

const isEnd = (status: string): boolean => ["canceled", "completed", "failed"].includes(status)

/** What one poll meets. */
interface Step {
  readonly faults: ReadonlyArray<Fault | undefined>
  /** How the poll is odd: the server shows the history as it was a step before, or it leaves runs out. */
  readonly odd?: "stale" | "lacking" | undefined
  /** After how many handled events the process dies. */
  readonly crashAfter?: number | undefined
}

export interface WatchSchedule {
  readonly lives: ReadonlyArray<Life>
  readonly steps: ReadonlyArray<Step>
  readonly retries: number
  /** One poll after another, or a stream that polls by itself. */
  readonly reader: "poll" | "watch"
}

const life = fc.record({
  gap: fc.integer({ min: 1, max: 3 }),
  appears: fc.nat(10),
  changes: fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 4 }),
      runStatus: fc.constantFrom("initializing", "rendering", "running")
    }),
    { maxLength: 2 }
  ),
  ends: fc.option(
    fc.record({
      after: fc.integer({ min: 1, max: 5 }),
      runStatus: fc.constantFrom("completed", "failed", "canceled"),
      hasTime: fc.boolean()
    }),
    { freq: 6, nil: undefined }
  ),
  vanishes: fc.option(fc.integer({ min: 1, max: 8 }), { freq: 6, nil: undefined })
})

const lives = fc.array(life, { maxLength: 20 }).map((drawn) => {
  let id = 0
  return drawn.map(({ appears, changes, ends, gap, vanishes }, index): Life => {
    id += gap
    // The older ones are there at the beginning.
    let at = index < drawn.length / 3 ? 0 : appears
    const vanishesAt = vanishes === undefined ? undefined : at + vanishes
    const phases: Array<Phase> = [{ at, runStatus: "waitingToRun" }]
    for (const { after, runStatus } of changes) phases.push({ at: at += after, runStatus, start: epoch + id })
    if (ends !== undefined) {
      const { after, hasTime, runStatus } = ends
      at += after
      phases.push({ at, runStatus, start: epoch + id, ...(hasTime ? { end: epoch + 1000 + at } : {}) })
    }
    return { id, runType: "refresh", environmentID: "1", phases, ...(vanishesAt === undefined ? {} : { vanishesAt }) }
  })
})

/** What a page says that is not so is the matter of lists. No one waits for what is far. */
const isFit = (fault: Fault | undefined): boolean =>
  fault?.kind === "lie"
    ? ["again", "duplicates"].includes(fault.lie)
    : !(fault?.kind === "status" && /far|7200/.test(fault.retryAfter ?? ""))

// One that somebody has to wait for is rare, since each costs the time-out of a request.
const fault = fc.oneof({ weight: 60, arbitrary: quickFault }, { weight: 1, arbitrary: slowFault })

const step: fc.Arbitrary<Step> = fc.record({
  // A frequency of 1 would mean always none.
  faults: fc.array(fc.option(fault, { freq: 2, nil: undefined }), { maxLength: 3 }).map((all) => all.filter(isFit)),
  odd: fc.constantFrom(undefined, "stale" as const, "lacking" as const),
  crashAfter: fc.option(fc.nat(3), { freq: 3, nil: undefined })
})

export const watchSchedule: fc.Arbitrary<WatchSchedule> = fc.record({
  lives,
  steps: fc.array(step, { minLength: 3, maxLength: 16 }),
  retries: fc.nat(2),
  reader: fc.constantFrom("poll" as const, "poll" as const, "watch" as const)
})

interface Told {
  readonly event: RunWatch.Event
  readonly at: number
}

const quiet: Step = { faults: [] }

const lacking: Fault = { kind: "lie", lie: "hidden" }

/** The polls behind a schedule meet nothing slow. A busy machine can be too slow for a short time-out. */
const clientOf = (server: ChaosServer, { token }: Session, schedule: WatchSchedule, isLast = false) =>
  RunsClient.make({
    accessToken: token,
    baseUrl: server.origin,
    retry: Retry.recurs(schedule.retries),
    timeout: !isLast && hasSlow(asList(schedule)) ? "400 millis" : timeout,
    maxResponseBytes: 1_000_000
  }).pipe(Effect.orDie)

/** The schedule of lists that the oracle of errors knows. */
const asList = ({ lives, retries, steps }: WatchSchedule): Schedule => ({
  reader: "listPage",
  lives,
  style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
  faults: steps.flatMap(({ faults }) => faults),
  query: { orderBy: "id", orderByDirection: "desc", detail: false, undecodableRows: "skip" },
  retries,
  concurrency: 1,
  cuts: [],
  resumeBy: "error",
  window: [0, 1]
})

const wrongError = (schedule: WatchSchedule, error: RunsError.RunsError, session: Session, from: number) =>
  wrongWith(asList(schedule), failureOf(error), session.served.slice(from), true)

/** Polls, one step after another. Every event is saved once it is handled. */
const byPolls = Effect.fnUntraced(function*(
  server: ChaosServer,
  schedule: WatchSchedule,
  session: Session,
  seen: Watched,
  steps: ReadonlyArray<Step>,
  begin: string | undefined,
  firstTime: number
) {
  const told: Array<Told> = []
  let saved = begin
  let crashes = 0
  let isOdd = true
  for (const [index, { crashAfter, faults, odd }] of steps.entries()) {
    const at = firstTime + index
    // One odd poll is not believed; nobody promises the same of two.
    isOdd = odd !== undefined && !isOdd && saved !== undefined
    session.time = isOdd && odd === "stale" ? at - 1 : at
    session.coming.splice(0, Infinity, ...faults, ...(isOdd && odd === "lacking" ? [lacking] : []))
    const from = session.served.length
    const client = yield* clientOf(server, session, schedule, begin !== undefined || steps !== schedule.steps)
    const result = yield* Effect.result(Effect.provideService(RunWatch.poll(saved), RunsClient.RunsClient, client))
    if (Result.isFailure(result)) {
      seen.say(result.failure)
      const wrong = wrongError(schedule, result.failure, session, from)
      if (wrong !== undefined) return yield* Effect.fail(`${result.failure.message}\n${wrong}`)
      continue
    }
    const { checkpoint, events } = result.success
    for (const event of events.slice(0, crashAfter)) {
      told.push({ event, at })
      saved = event.checkpoint === undefined ? saved : RunWatch.encodeCheckpoint(event.checkpoint)
    }
    if (crashAfter === undefined || crashAfter >= events.length) saved = RunWatch.encodeCheckpoint(checkpoint)
    else crashes++
    seen.say(events.map((event) => ({ ...event })))
  }
  return { told, crashes, saved }
})

/** Lets a watch poll by itself while the history moves with its requests, and interrupts it. */
const byStream = Effect.fnUntraced(function*(
  server: ChaosServer,
  schedule: WatchSchedule,
  session: Session,
  seen: Watched
) {
  const told: Array<Told> = []
  let saved: string | undefined
  let crashes = 0
  session.coming.push(...schedule.steps.flatMap(({ faults }) => [undefined, ...faults]))
  for (const { crashAfter = 40 } of [...schedule.steps.slice(0, 4), quiet]) {
    const from = session.served.length
    let count = 0
    const client = yield* clientOf(server, session, schedule)
    const options = {
      every: "1 millis",
      idleEvery: "1 millis",
      ...(saved === undefined ? {} : { resume: saved })
    } as const
    const fiber = yield* RunWatch.watch({}, options).pipe(
      Stream.take(crashAfter + 1),
      Stream.runForEach((event) =>
        Effect.sync(() => {
          // The last one is not handled any more.
          if (count++ >= crashAfter) return
          told.push({ event, at: session.served.length })
          if (event._tag === "PollFailed") seen.say(event.error)
          else saved = RunWatch.encodeCheckpoint(event.checkpoint)
        })
      ),
      Effect.provideService(RunsClient.RunsClient, client),
      Effect.result,
      Effect.forkChild
    )
    yield* Effect.race(
      Fiber.await(fiber),
      Effect.repeat(Effect.sleep("2 millis"), { until: () => session.served.length - from > 12 })
    )
    yield* Fiber.interrupt(fiber)
    crashes++
    const exit = fiber.pollUnsafe()
    const error = exit?._tag === "Success" && Result.isFailure(exit.value) ? exit.value.failure : undefined
    if (error === undefined) continue
    seen.say(error)
    if (error.isRetryable) return yield* Effect.fail(`a watch ended with what may pass: ${error.message}`)
    const wrong = wrongError(schedule, error, session, from)
    if (wrong !== undefined) return yield* Effect.fail(`${error.message}\n${wrong}`)
  }
  return { told, crashes, saved }
})

const endOf = ({ phases }: Life): Phase | undefined => phases.find(({ runStatus }) => isEnd(runStatus))

const lastTime = 40

const wrongEvents = ({ lives }: WatchSchedule, told: ReadonlyArray<Told>, crashes: number): string | undefined => {
  const start = told.findLast(({ event }) => event._tag === "Watching")?.at ?? Infinity
  const byID = new Map(lives.map((life) => [life.id, life]))
  const ends = new Map<number, number>()
  for (const { at, event } of told) {
    const show = `${event._tag} at ${at}: ${JSON.stringify({ ...event, checkpoint: undefined })}`
    if (event._tag === "Ended" || event._tag === "Appeared" || event._tag === "StatusChanged") {
      const phase = byID.get(event.run.id)?.phases.find(({ runStatus }) => runStatus === event.run.runStatus)
      if (phase === undefined || phase.at > at) return `it did not happen: ${show}`
      const end = event.run.runEndTime === undefined ? undefined : DateTime.toEpochMillis(event.run.runEndTime)
      if (phase.end !== end) return `it ended at another time: ${show}`
      if (event._tag === "Ended") ends.set(event.run.id, (ends.get(event.run.id) ?? 0) + 1)
    }
    if (event._tag === "PollFailed" && !event.error.isRetryable) return `it goes on after what cannot pass: ${show}`
    if (event._tag === "Restarted") return `no run goes on here: ${show}`
    if (event._tag === "Untracked" && (byID.get(event.runID)?.vanishesAt ?? Infinity) > at) {
      return `it is there: ${show}`
    }
  }
  const twice = [...ends].find(([, count]) => count > 1)
  if (crashes === 0 && twice !== undefined) return `the end of run ${twice[0]} was told twice, though nothing crashed`
  const missing = lives.filter((life) => {
    const end = endOf(life)
    const wasEnded = isEnd(seenAt(life, start)?.runStatus ?? "")
    return end !== undefined && life.vanishesAt === undefined && !wasEnded && !ends.has(life.id)
  })
  return missing.length === 0 ? undefined : `ends that were not told: ${missing.map(({ id }) => id).join(", ")}`
}

export const playWatch = (
  server: ChaosServer,
  schedule: WatchSchedule,
  token: string
): Effect.Effect<string | undefined> =>
  Effect.gen(function*() {
    const session = server.open(token, { ...asList(schedule), faults: [] })
    const seen = watched(token)
    const wrong = yield* Effect.gen(function*() {
      const first = schedule.reader === "poll"
        ? yield* byPolls(server, schedule, session, seen, schedule.steps, undefined, 0)
        : yield* byStream(server, schedule, session, seen)
      // Enough to tell what is left, a deleted run among it.
      const rest = yield* byPolls(
        server,
        schedule,
        session,
        seen,
        Array(5).fill(quiet),
        first.saved,
        lastTime + session.served.length
      )
      return wrongEvents(schedule, [...first.told, ...rest.told], first.crashes)
    }).pipe(
      Effect.catch((wrong) => Effect.succeed(wrong)),
      orStuck(session, "the watch hangs"),
      Effect.catchDefect((defect) => Effect.succeed(`a defect: ${String(defect)}`)),
      Effect.provide(seen.layer),
      Effect.provide(FetchHttpClient.layer)
    )
    server.close(token)
    return wrong ?? session.violations[0] ?? canaries(seen)
  })
