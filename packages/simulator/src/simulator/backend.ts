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
import type { MemoryOptions } from "./options.ts"
import * as RateLimit from "./rateLimit.ts"
import * as Log from "./requestLog.ts"
import * as Respond from "./respond.ts"
import * as Routes from "./routes.ts"

const defaultToken = "simulated-token"

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
  let history = makeHistory(
    options.runs ?? Scenario.runs(options.scenario ?? Scenario.lastNight({ now: yield* DateTime.now }))
  )
  let nextFault: (request: FaultRequest) => Fault | undefined = Respond.makeNextFault(options.faults ?? [])

  const handler = yield* Routes.makeHandler({
    history: () => history,
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
      history = makeHistory(change(history.runs))
    })

  return {
    responder,
    controls: {
      token,
      requests: log.all,
      clearRequests: log.clear,
      waitForRequest: log.waitFor,
      runs: Effect.sync(() => history.runs),
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
