/**
 * Coalesce's runs API on this machine, over real HTTP: a history of runs, served true to the wire, with the variations
 * that real servers show and the faults that real networks have.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Fault, FaultRequest, Faults } from "./Faults.ts"
import * as Scenario from "./Scenario.ts"
import type { IdsAs, SimulatedRun } from "./SimulatedRun.ts"
import * as History from "./simulator/history.ts"
import * as RateLimit from "./simulator/rateLimit.ts"
import * as Log from "./simulator/requestLog.ts"
import * as Routes from "./simulator/routes.ts"
import * as Server from "./simulator/server.ts"

/**
 * A request that came to the simulator.
 *
 * **Details**
 *
 * `number` counts from 1 in the order of arrival. `headers` holds all but `authorization`, which is only told as
 * `"valid"`, `"wrong"` or `"missing"`. `status` is absent while there is no answer, or where the socket was cut before
 * one; `fault` is the kind of fault that befell the request; `endedAt` is when the answer was sent or the socket closed;
 * `closedEarly` says that the client left before it had the whole answer.
 *
 * @category models
 * @since 0.1.0
 */
export interface RequestRecord extends Log.RequestRecord {}

/**
 * What `next` holds in a page of List Runs.
 *
 * **Details**
 *
 * - `absent`: no such key (the documentation's way, and the default)
 * - `null`, `blank`: always `null`, always `""`
 * - `last`: the last row's value of the ordered field, while there is more; as an id it is written as ids are
 * - `string`: likewise, ids as text
 * - `numeric`: likewise, always a number; a time becomes milliseconds since 1970
 * - `always`: like `last`, and on the last page too
 *
 * @category models
 * @since 0.1.0
 */
export type Next = Routes.Next

/**
 * How the simulator behaves. Everything may be left out.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The runs, as a scenario. {@link Scenario.lastNight} at the clock's time in UTC, unless `runs` are given. */
  readonly scenario?: Scenario.Scenario
  /** The runs, one by one, in any order. */
  readonly runs?: ReadonlyArray<SimulatedRun>
  /** The token that requests must bear; `simulated-token` unless given. */
  readonly token?: string | Redacted.Redacted
  /** Where to listen; `127.0.0.1` unless given. */
  readonly host?: string
  /** The port; unless given, one that is free. */
  readonly port?: number
  /** What `next` holds; `absent` unless given. */
  readonly next?: Next
  /** How the ids of rows are written; as numbers unless given. */
  readonly idsAs?: IdsAs
  /** Clamps a greater `limit`, which the answer's `limit` then shows. 1000 unless given. */
  readonly maxLimit?: number
  /** Whether rows without the time that orders them are left out (unless given) or come last in either direction. */
  readonly untimed?: "omitted" | "last"
  /** The order of runs with equal times, by id whichever the direction, or by chance (of `seed`). `asc` unless given. */
  readonly ties?: "asc" | "desc" | "shuffled"
  /** For the chance in `ties`; 1 unless given. */
  readonly seed?: number
  /** How long each answer waits, in real time; none unless given. */
  readonly latency?: Duration.Input
  /**
   * So many requests in each window of the clock; the others get a 429. Its `Retry-After` is in seconds unless
   * `retryAfter` says otherwise. No limit unless given.
   */
  readonly rateLimit?: {
    readonly requests: number
    readonly per: Duration.Input
    readonly retryAfter?: "seconds" | "date" | "none"
  }
  /**
   * What the token is not permitted: environments (asked for by id, or by a run in them, they are a 403; lists without
   * that filter leave their runs out), and the node results of all runs or of some.
   */
  readonly forbidden?: {
    readonly environments?: ReadonlyArray<string>
    readonly results?: "all" | ReadonlyArray<number>
  }
  /** What goes wrong; nothing unless given. */
  readonly faults?: Faults
}

/**
 * What a running simulator offers. Changes to its history are seen by the next request.
 *
 * @category services
 * @since 0.1.0
 */
export class Simulator extends Context.Service<Simulator, {
  /** Where it listens, such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** The token that requests must bear. */
  readonly token: Redacted.Redacted
  /** The requests so far, but those for `/openapi.json`. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestRecord>>
  /** Forgets the requests so far; numbers go on. */
  readonly clearRequests: Effect.Effect<void>
  /** The first request, so far or to come, of which this holds; it is looked at again whenever something changes. */
  readonly waitForRequest: (predicate: (request: RequestRecord) => boolean) => Effect.Effect<RequestRecord>
  /** The runs as they are now. */
  readonly runs: Effect.Effect<ReadonlyArray<SimulatedRun>>
  /** Replaces the runs. */
  readonly update: (
    change: (runs: ReadonlyArray<SimulatedRun>) => ReadonlyArray<SimulatedRun>
  ) => Effect.Effect<void>
  /** Adds runs. */
  readonly append: (...runs: ReadonlyArray<SimulatedRun>) => Effect.Effect<void>
  /** Deletes a run, if it is there. */
  readonly delete: (id: number) => Effect.Effect<void>
  /** Replaces the faults; their counts start again. */
  readonly setFaults: (faults: Faults) => Effect.Effect<void>
}>()("@coalesce-runs/simulator/Simulator") {}

const hostInUrl = (host: string) => host.includes(":") ? `[${host}]` : host

/**
 * The simulator could not listen, most likely because the port is in use.
 *
 * @category errors
 * @since 0.1.0
 */
export class ListenError extends Schema.TaggedError<ListenError>("@coalesce-runs/simulator/ListenError")(
  "ListenError",
  { host: Schema.String, port: Schema.Int, reason: Schema.String }
) {
  override get message() {
    return `Could not listen on ${hostInUrl(this.host)}:${this.port}: ${this.reason}`
  }
}

const defaultToken = "simulated-token"

// What listens on every address is reached here by this one.
const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" }

/**
 * Starts a simulator that serves until the scope closes; then its sockets are destroyed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(function*(
  options: Options = {}
): Effect.fn.Return<Simulator["Service"], ListenError, Scope.Scope> {
  const clock = yield* Clock.Clock
  const token = Redacted.isRedacted(options.token) ? options.token : Redacted.make(options.token ?? defaultToken)
  const host = options.host ?? "127.0.0.1"
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
  let nextFault: (request: FaultRequest) => Fault | undefined = Server.makeNextFault(options.faults ?? [])
  let url = ""

  const { handler, dispose } = Routes.makeHandler({
    history: () => history,
    token,
    next: options.next ?? "absent",
    idsAs,
    maxLimit: options.maxLimit ?? 1000,
    forbiddenEnvironments,
    forbiddenResults: (id) => forbiddenResults === "all" || forbiddenResults.includes(id),
    runLink: (id) => `${url}/runs/${id}`
  })
  yield* Effect.addFinalizer(() => Effect.promise(dispose))

  const log = Log.make()
  const port = yield* Server.listen({
    host,
    port: options.port ?? 0,
    log,
    handler,
    isValid: (authorization) => authorization.replace(/^bearer +/i, "Bearer ") === `Bearer ${Redacted.value(token)}`,
    latency: Duration.fromInputUnsafe(options.latency ?? 0),
    takeRate: RateLimit.make(options.rateLimit),
    nextFault: (request) => nextFault(request),
    clock,
    realClock: Clock.Clock.defaultValue()
  }).pipe(Effect.mapError(({ message }) => new ListenError({ host, port: options.port ?? 0, reason: message })))
  url = `http://${hostInUrl(anyAddress[host] ?? host)}:${port}`

  const update = (change: (runs: ReadonlyArray<SimulatedRun>) => ReadonlyArray<SimulatedRun>) =>
    Effect.sync(() => {
      history = makeHistory(change(history.runs))
    })

  return {
    url,
    token,
    requests: log.all,
    clearRequests: log.clear,
    waitForRequest: log.waitFor,
    runs: Effect.sync(() => history.runs),
    update,
    append: (...added) => update((runs) => [...runs, ...added]),
    delete: (id) => update((runs) => runs.filter((run) => run.id !== id)),
    setFaults: (faults) =>
      Effect.sync(() => {
        nextFault = Server.makeNextFault(faults)
      })
  }
})

/**
 * A simulator for as long as the layer lives.
 *
 * **Example** (Asking it with nothing but fetch)
 *
 * ```ts
 * import { Simulator } from "@coalesce-runs/simulator"
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 *
 * const program = Effect.gen(function*() {
 *   const simulator = yield* Simulator.Simulator
 *   return yield* Effect.promise(async () => {
 *     const response = await fetch(`${simulator.url}/api/v1/runs?limit=1&runStatus=failed`, {
 *       headers: { authorization: `Bearer ${Redacted.value(simulator.token)}` }
 *     })
 *     return response.status
 *   })
 * }).pipe(Effect.provide(Simulator.layer({ runs: [{ id: 1, runType: "refresh", runStatus: "failed" }] })))
 *
 * await Effect.runPromise(program) // => 200
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<Simulator, ListenError> => Layer.effect(Simulator, make(options))
