/** Builds a simulator without its transport: HTTP and memory share it. */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Fault, FaultRequest, Faults } from "../Faults.ts"
import * as Scenario from "../Scenario.ts"
import type { SimulatedRun } from "../SimulatedRun.ts"
import * as History from "./history.ts"
import * as Machine from "./live/machine.ts"
import type { MemoryOptions } from "./options.ts"
import * as RateLimit from "./rateLimit.ts"
import * as Log from "./requestLog.ts"
import * as Respond from "./respond.ts"
import * as Routes from "./routes.ts"

const defaultToken = "simulated-token"
const defaultSpeed = 60

/** `url` is a function because the port is known only after the server listens. */
export const make = Effect.fnUntraced(function*(options: MemoryOptions, url: () => string) {
  const clock = yield* Clock.Clock
  const token = Redacted.isRedacted(options.token) ? options.token : Redacted.make(options.token ?? defaultToken)
  const idsAs = options.idsAs ?? "number"
  const forbiddenEnvironments = new Set(options.forbidden?.environments)
  const forbiddenResults = options.forbidden?.results ?? []

  const makeHistory = (runs: ReadonlyArray<SimulatedRun>) =>
    History.make(runs, {
      idsAs,
      untimed: options.untimed ?? "omitted",
      ties: options.ties ?? "asc",
      seed: options.seed ?? 1,
      forbiddenEnvironments
    })
  const startedAt = clock.currentTimeMillisUnsafe()
  const { speed = defaultSpeed } = options.live ?? {}
  const now = yield* DateTime.now
  const scenario = options.scenario ??
    (options.live === undefined ? Scenario.lastNight({ now }) : Scenario.aroundTheClock({ now }))
  let live = options.live === undefined ? undefined : Machine.begin(scenario)
  let history = makeHistory(options.runs ?? live?.runs ?? Scenario.runs(scenario))

  /** A live history is brought up to date when it is read. */
  const current = () => {
    if (live === undefined) return history
    const elapsed = (clock.currentTimeMillisUnsafe() - startedAt) * speed
    live = Machine.advance(live, DateTime.toEpochMillis(scenario.now) + elapsed)
    if (live.runs !== history.runs) history = makeHistory(live.runs)
    return history
  }
  let nextFault: (request: FaultRequest) => Fault | undefined = Respond.makeNextFault(options.faults ?? [])

  const handler = yield* Routes.makeHandler({
    history: current,
    token,
    next: options.next ?? "absent",
    idsAs,
    maxLimit: options.maxLimit ?? 1000,
    forbiddenEnvironments,
    forbiddenResults: (id) => forbiddenResults === "all" || forbiddenResults.includes(id),
    runLink: (id) => `${url()}/runs/${id}`
  })

  const log = Log.make()
  const responder = Respond.make({
    log,
    handler,
    isValid: (authorization) => authorization.replace(/^bearer +/i, "Bearer ") === `Bearer ${Redacted.value(token)}`,
    latency: Duration.fromInputUnsafe(options.latency ?? 0),
    takeRate: RateLimit.make(options.rateLimit),
    nextFault: (request) => nextFault(request),
    clock
  })

  const update = (change: (runs: ReadonlyArray<SimulatedRun>) => ReadonlyArray<SimulatedRun>) =>
    Effect.sync(() => {
      history = makeHistory(change(current().runs))
      if (live !== undefined) live = Machine.replace(live, history.runs)
    })

  return {
    responder,
    controls: {
      token,
      requests: log.all,
      clearRequests: log.clear,
      waitForRequest: log.waitFor,
      runs: Effect.sync(() => current().runs),
      update,
      append: (...added: ReadonlyArray<SimulatedRun>) => update((runs) => [...runs, ...added]),
      delete: (id: number) => update((runs) => runs.filter((run) => run.id !== id)),
      setFaults: (faults: Faults) =>
        Effect.sync(() => {
          nextFault = Respond.makeNextFault(faults)
        })
    }
  }
})
