/**
 * Watches runs and tells their incidents, as `alerts.yml` says: `RunWatch` for ends, `RunHealth` for what does not end, `Incident` for
 * what is told, `Routes` for where, `Delivery` for how. {@link run} is the service, {@link once} a poll for cron.
 *
 * **What it guarantees**
 *
 * - Each end of a run that failed is told, or is part of an incident that was told, whenever the process is killed: a change of
 *   the incidents is saved with the messages that follow from it, these go into the outbox, and the checkpoint is saved last.
 * - A message has one id, however often it is made, and an outbox sends it once, or twice if the process ends between the two.
 * - Several alerters on one store make each change once.
 * - The watch tells its own failure, and when it is over: that Coalesce refuses its sign-in, and that its polls fail.
 *
 * @since 0.1.0
 */
import * as Run from "@coalesce-runs/core/Run"
import * as RunBaseline from "@coalesce-runs/core/RunBaseline"
import type * as RunCheckpoint from "@coalesce-runs/core/RunCheckpoint"
import * as RunHealth from "@coalesce-runs/core/RunHealth"
import type * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as RunWatch from "@coalesce-runs/core/RunWatch"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import type * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { beat } from "./alerter/heartbeat.ts"
import * as journals from "./alerter/journal.ts"
import { testMessages } from "./alerter/testMessages.ts"
import * as AlertsConfig from "./AlertsConfig.ts"
import { callback, checkOptions, names as areNames, required, runID, type Shape, text } from "./check/options.ts"
import * as Delivery from "./Delivery.ts"
import type { DeliveryFailed, Destination } from "./Destination.ts"
import * as settings from "./destination/settings.ts"
import type * as Incident from "./Incident.ts"

/** What is not in `alerts.yml`. */
export interface Options {
  /** Begins the keys under which everything is kept. Alerters with the same key share it. Default: `alerts`. */
  readonly key?: string | undefined
  /** For a new watch: runs with a greater id are told as well. Default: only runs from now on. */
  readonly since?: number | undefined
  /** Is called with each event of the watch, before it is told. A failed poll is a `PollFailed`. Default: nothing is. */
  readonly onEvent?: ((event: RunWatch.Event<Run.Run>) => Effect.Effect<void>) | undefined
  /** Where messages go, under the names that the file uses. Default: the destinations of the file, with their secrets from the environment. */
  readonly destinations?: ReadonlyArray<Destination> | undefined
}

/** The errors that end an alerter. Failed polls and messages that are not taken are not among them. */
export type AlerterError =
  | AlertsConfig.InvalidAlertsConfig
  | Delivery.DeliveryStoreError
  | KeyValueStore.KeyValueStoreError
  | RunCheckpoint.CheckpointStoreError
  | RunsError.InvalidQuery

/** What an alerter needs: the runs, the stores, and a way out. `layerFiles` of `@coalesce-runs/alerts/node` has all stores. */
export type AlerterServices =
  | HttpClient.HttpClient
  | KeyValueStore.KeyValueStore
  | PersistedQueue.PersistedQueueFactory
  | RunCheckpoint.RunCheckpoint
  | RunsClient.RunsClient

const isConfig = Schema.is(AlertsConfig.Config)

const standard = { every: Duration.seconds(30), failedPolls: 5, healthEvery: Duration.minutes(15) }

/** Failed polls double the wait, up to this many times `every`. */
const longestWait = 10

type Failure = Exclude<RunsClient.ListError, RunsError.InvalidQuery>

/** Whether it is an error of a request. A wrong setting is none: it ends the alerter. */
const isFailure = <E>(error: E | Failure): error is Failure =>
  Predicate.hasProperty(error, "isRetryable") && !Predicate.isTagged(error, "InvalidQuery")

const shape: Shape<Options> = { key: text, since: runID, onEvent: callback, destinations: settings.destinations }

const checkConfig = (config: AlertsConfig.Config): Effect.Effect<void, RunsError.InvalidQuery> =>
  checkOptions({ config }, { config: required(["Expected what AlertsConfig.parse returns", isConfig]) })

const make = Effect.fnUntraced(function*(config: AlertsConfig.Config, options: Options) {
  yield* checkConfig(config)
  yield* checkOptions(options, shape)
  const { destinations, key = "alerts", onEvent = () => Effect.void, since } = options
  const heartbeat = yield* AlertsConfig.heartbeat(config)
  const delivery = yield* Delivery.make({ destinations: destinations ?? (yield* AlertsConfig.destinations(config)) })
  const journal = yield* journals.make(config, `${key}-incidents`, delivery)
  const keyValues = yield* KeyValueStore.KeyValueStore
  const baselines = KeyValueStore.toSchemaStore(keyValues, RunBaseline.Baseline)
  const baselineKey = `${key}/baseline`
  const { jobID, ...selected } = AlertsConfig.selection(config)
  const { every = standard.every, failedPolls = standard.failedPolls, timeZone } = config
  const incidentOptions = AlertsConfig.incidentOptions(config)

  const loadBaseline = baselines.get(baselineKey).pipe(
    // One of another version is learned anew. One of another zone is not: its days are those of UTC.
    Effect.catchTag("SchemaError", () => Effect.succeedNone),
    Effect.map(Option.getOrUndefined)
  )
  let baseline = yield* loadBaseline
  const optionsNow = (): Incident.Options => ({ ...incidentOptions, baseline })

  const isOfJob = (run: Run.Run): boolean =>
    jobID === undefined || Run.jobID(run) === jobID || Run.jobName(run)?.toLowerCase() === String(jobID).toLowerCase()

  const handle = (event: RunWatch.Event<Run.Run>) =>
    Effect.andThen(
      onEvent(event),
      event._tag === "Ended" && isOfJob(event.run)
        ? journal.observe({ ended: event }, optionsNow())
        : Effect.void
    )

  /** Tells of a poll that failed, if that is to be told, and returns how long to wait. */
  const failed = Effect.fnUntraced(function*(error: RunsClient.ListError) {
    const after = yield* journal.fail((polls): Incident.Observation => {
      const state = RunsError.isSignIn(error) ? "signInRefused" : polls >= failedPolls ? "pollsFailed" : undefined
      return state === undefined ? {} : { watch: { state, failedPolls: polls, message: error.message } }
    }, optionsNow())
    const backOff = Duration.times(every, Math.min(2 ** (after.failedPolls - 1), longestWait))
    const retryIn = "retryAfter" in error && error.retryAfter !== undefined
      ? Duration.max(backOff, error.retryAfter)
      : backOff
    yield* onEvent({ _tag: "PollFailed", error, retryIn })
    return { error, wait: retryIn }
  })

  /** Polls, tells what happened and what is due, and returns how long to wait, with the error of a poll that failed. */
  const poll = RunWatch.pollForEach({ ...selected, detail: true }, { key, since }, handle).pipe(
    Effect.tap(() => journal.observe({ watch: { state: "well" } }, optionsNow(), { failedPolls: 0 })),
    Effect.tap(() => heartbeat === undefined ? Effect.void : beat(heartbeat)),
    Effect.map(({ unfinished }) => ({
      error: undefined,
      wait: unfinished.length > 0 ? every : Duration.times(every, 4)
    })),
    Effect.catchIf(isFailure, failed)
  )

  const healthEvery = config.health?.every ?? standard.healthEvery
  const { since: healthSince } = config.health ?? {}

  /** Checks the health of runs. The baseline is kept, so that a restart learns nothing anew. */
  const check = Effect.gen(function*() {
    baseline = yield* RunBaseline.learn({ previous: baseline, timeZone })
    yield* Effect.catchTag(baselines.set(baselineKey, baseline), "SchemaError", Effect.die)
    const health = yield* RunHealth.check({
      ...selected,
      jobID,
      baseline,
      timeZone,
      since: healthSince
    })
    const checkedAt = yield* DateTime.now
    yield* journal.observe({ health }, optionsNow(), { checkedAt })
  }).pipe(
    Effect.catchIf(
      isFailure,
      (error: Failure) => Effect.logWarning(`The health of runs could not be checked. ${error.message}`)
    )
  )

  const untilCheck = Effect.map(
    Effect.all([journal.load, DateTime.now]),
    ([{ checkedAt }, now]) =>
      checkedAt === undefined
        ? Duration.zero
        : Duration.max(DateTime.distance(now, DateTime.addDuration(checkedAt, healthEvery)), Duration.zero)
  )

  return { check, delivery, healthEvery, poll, untilCheck }
})

/**
 * Watches and tells, without end: polls, checks the health of runs every 15 minutes, and sends what is to be told.
 *
 * **Details**
 *
 * It starts from nothing and goes on from what its stores have. A poll that fails, a refused sign-in among them, does not end it:
 * it waits longer, tells its own failure and goes on. Interrupted, it ends after the event in hand. It fails with an
 * {@link AlerterError}: a setting that is wrong, or a store that does not work.
 *
 * **Example** (A service on this machine)
 *
 * ```ts no-run
 * import { Alerter, AlertsConfig } from "@coalesce-runs/alerts"
 * import { layerFiles } from "@coalesce-runs/alerts/node"
 * import { RunsClient } from "@coalesce-runs/core"
 * import * as Effect from "effect/Effect"
 * import * as FetchHttpClient from "effect/http/FetchHttpClient"
 * import * as Layer from "effect/Layer"
 * import { readFileSync } from "node:fs"
 *
 * const service = Effect.flatMap(AlertsConfig.parse(readFileSync("alerts.yml", "utf8")), Alerter.run)
 *
 * await Effect.runPromise(service.pipe(
 *   Effect.provide(layerFiles({ directory: "runs.state" })),
 *   Effect.provide(RunsClient.layerConfig().pipe(Layer.provideMerge(FetchHttpClient.layer)))
 * ))
 * ```
 */
export const run = Effect.fn("Alerter.run")(function*(
  config: AlertsConfig.Config,
  options: Options = {}
): Effect.fn.Return<never, AlerterError, AlerterServices> {
  const { check, delivery, healthEvery, poll, untilCheck } = yield* make(config, options)
  const polls = Effect.forever(Effect.flatMap(poll, ({ wait }) => Effect.sleep(wait)))
  const checks = Effect.andThen(
    Effect.flatMap(untilCheck, Effect.sleep),
    Effect.forever(Effect.andThen(check, Effect.sleep(healthEvery)))
  )
  yield* Effect.all([polls, checks, delivery.run], { concurrency: "unbounded" })
  return yield* Effect.never
})

/**
 * Polls once, tells what happened, and ends: for cron. It checks the health of runs if the last check is 15 minutes old or older.
 *
 * **Details**
 *
 * What a destination does not take stays in the outbox for the next call. It fails with the error of a poll that failed, after
 * that was counted and, where it is to be told, told.
 */
export const once = Effect.fn("Alerter.once")(function*(
  config: AlertsConfig.Config,
  options: Options = {}
): Effect.fn.Return<void, AlerterError | RunsClient.ListError, AlerterServices> {
  const { check, delivery, poll, untilCheck } = yield* make(config, options)
  const { error } = yield* poll
  if (error === undefined && Duration.isZero(yield* untilCheck)) yield* check
  yield* delivery.settle
  if (error !== undefined) return yield* error
})

/** What came of a test message. */
export interface TestResult {
  readonly destination: string
  /** Why it was not taken. Absent if it was. */
  readonly error?: DeliveryFailed
}

/**
 * Sends a message that says that it is a test to each destination with one of these names, and says what came of it. An alert that it
 * triggers at PagerDuty is resolved at once. Default: all destinations.
 */
export const test = Effect.fn("Alerter.test")(function*(
  config: AlertsConfig.Config,
  names?: ReadonlyArray<string>
): Effect.fn.Return<
  ReadonlyArray<TestResult>,
  AlertsConfig.InvalidAlertsConfig | RunsError.InvalidQuery,
  HttpClient.HttpClient
> {
  yield* checkConfig(config)
  yield* checkOptions({ names }, { names: areNames })
  const chosen = Object.fromEntries(
    Object.entries(config.destinations).filter(([name]) => names?.includes(name) ?? true)
  )
  const at = yield* DateTime.now
  const [opened, resolved] = testMessages(at)
  return yield* Effect.forEach(
    yield* AlertsConfig.destinations({ ...config, destinations: chosen }),
    ({ name, send }) =>
      send(opened).pipe(
        Effect.andThen(chosen[name]?.type === "pagerDuty" ? send(resolved) : Effect.undefined),
        Effect.match({
          onFailure: (error): TestResult => ({ destination: name, error }),
          onSuccess: (): TestResult => ({ destination: name })
        })
      ),
    { concurrency: "unbounded" }
  )
})
