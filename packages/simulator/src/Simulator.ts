/**
 * Serves the runs API of Coalesce on this machine: a history of runs, with the variations that real servers show and the
 * faults that real networks have. It serves over real HTTP ({@link layer}), or in memory on Effect's clock
 * ({@link layerHttpClient}, {@link layerClient}).
 *
 * @since 0.1.0
 */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import type { InvalidConnection } from "@coalesce-runs/core/RunsError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as check from "./check/options.ts"
import type { Faults } from "./Faults.ts"
import type { SimulatedRun } from "./SimulatedRun.ts"
import * as Backend from "./simulator/backend.ts"
import * as MemoryClient from "./simulator/memoryClient.ts"
import { checkHttpOptions, checkMemoryOptions, type MemoryOptions, type Options } from "./simulator/options.ts"
import type * as Log from "./simulator/requestLog.ts"
import type * as Routes from "./simulator/routes.ts"
import * as Server from "./simulator/server.ts"

export type { MemoryOptions, Options } from "./simulator/options.ts"

/**
 * A request that the simulator received.
 *
 * **Details**
 *
 * `number` counts from 1 in the order of arrival. `headers` holds all headers but `authorization`, which is a field of its
 * own: `"valid"`, `"wrong"` or `"missing"`. `status` is absent until there is a response, and if the connection was cut
 * before one. `fault` is the kind of fault that the request had. `endedAt` is when the response was sent or the connection
 * closed. `closedEarly` says that the client left before it had the whole response.
 */
export interface RequestRecord extends Log.RequestRecord {}

/**
 * What `next` holds in a page of List Runs.
 *
 * **Details**
 *
 * - `absent`: the page has no such key, as documented. This is the default.
 * - `null`, `blank`: always `null`, always `""`
 * - `last`: the last row's value of the `orderBy` field, if there are more rows. An id is written as `idsAs` says.
 * - `string`: like `last`, with ids as text
 * - `numeric`: like `last`, always a number: a time is in milliseconds since 1970
 * - `always`: like `last`, also on the last page
 */
export type Next = Routes.Next

/** A running simulator. The next request sees changes to its history. */
export class Simulator extends Context.Service<Simulator, {
  /** The base URL, such as `http://127.0.0.1:40123`. In memory: `https://simulator.invalid`. */
  readonly url: string
  /** The token that requests must bear. */
  readonly token: Redacted.Redacted
  /** All requests so far, except those for `/openapi.json`. */
  readonly requests: Effect.Effect<ReadonlyArray<RequestRecord>>
  /** Clears the list of requests. Their numbers continue. */
  readonly clearRequests: Effect.Effect<void>
  /** Waits for the first request that matches, past or future. It checks again whenever a request changes. */
  readonly waitForRequest: (predicate: (request: RequestRecord) => boolean) => Effect.Effect<RequestRecord>
  /** The current runs. */
  readonly runs: Effect.Effect<ReadonlyArray<SimulatedRun>>
  /** Replaces the runs. */
  readonly update: (
    change: (runs: ReadonlyArray<SimulatedRun>) => ReadonlyArray<SimulatedRun>
  ) => Effect.Effect<void>
  /** Adds runs. */
  readonly append: (...runs: ReadonlyArray<SimulatedRun>) => Effect.Effect<void>
  /** Deletes a run, if it is there. */
  readonly delete: (id: number) => Effect.Effect<void>
  /** Replaces the faults. Their counts start again. */
  readonly setFaults: (faults: Faults) => Effect.Effect<void>
}>()("@coalesce-runs/simulator/Simulator") {}

const hostInUrl = (host: string) => host.includes(":") ? `[${host}]` : host

/** The simulator could not listen, most likely because the port is in use. */
export class ListenError extends Schema.TaggedError<ListenError>("@coalesce-runs/simulator/ListenError")(
  "ListenError",
  { host: Schema.String, port: Schema.Int, reason: Schema.String }
) {
  override get message() {
    return `Could not listen on ${hostInUrl(this.host)}:${this.port}: ${this.reason}`
  }
}

// The address that reaches a server which listens on every address.
const anyAddress: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" }

/** Starts a simulator over HTTP that serves until the scope closes. Then it destroys its sockets. */
export const make = Effect.fnUntraced(function*(
  options: Options = {}
): Effect.fn.Return<Simulator["Service"], ListenError, Scope.Scope> {
  checkHttpOptions("Simulator.make", options)
  const host = options.host ?? "127.0.0.1"
  let url = ""
  const { controls, responder } = yield* Backend.make(options, () => url)
  const port = yield* Server.listen(responder, { host, port: options.port ?? 0 }).pipe(
    Effect.mapError(({ message }) => new ListenError({ host, port: options.port ?? 0, reason: message }))
  )
  url = `http://${hostInUrl(anyAddress[host] ?? host)}:${port}`
  return { url, ...controls }
})

/**
 * Runs a simulator over HTTP for as long as the layer lives.
 *
 * **Example** (A request by `fetch`)
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
 */
export const layer = (options?: Options): Layer.Layer<Simulator, ListenError> => Layer.effect(Simulator, make(options))

/** A simulator that was started without Effect. */
export interface Started {
  /** The base URL, such as `http://127.0.0.1:40123`. */
  readonly url: string
  /** The token that requests must bear. */
  readonly token: string
  /** Stops it, and destroys its sockets. */
  readonly close: () => Promise<void>
}

/**
 * Starts a simulator over HTTP without Effect, until it is closed.
 *
 * **Example** (For a client without Effect)
 *
 * ```ts
 * import { createClient } from "@coalesce-runs/core/promise"
 * import { Simulator } from "@coalesce-runs/simulator"
 *
 * const simulator = await Simulator.start({ runs: [{ id: 1, runType: "refresh", runStatus: "failed" }] })
 * const client = createClient({ accessToken: simulator.token, baseUrl: simulator.url })
 *
 * const run = await client.get(1)
 * run.runStatus // => "failed"
 * await simulator.close()
 * ```
 */
export const start = async (options?: Options): Promise<Started> => {
  const scope = Scope.makeUnsafe()
  const { token, url } = await Effect.runPromise(Scope.provide(make(options), scope))
  return { url, token: Redacted.value(token), close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

// No name server knows this host, so a request to anything but this client fails.
const urlInMemory = "https://simulator.invalid"

/**
 * Provides an `HttpClient` that gets its responses from a simulator in memory, whatever the host of the request. It opens no
 * socket. Latency, faults and the rate limit wait on Effect's clock, so that `TestClock` moves them.
 *
 * **Example** (An outage of ten seconds on a test's clock)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import { Faults, Simulator } from "@coalesce-runs/simulator"
 * import * as Effect from "effect/Effect"
 * import * as Fiber from "effect/Fiber"
 * import * as Layer from "effect/Layer"
 * import * as Stream from "effect/Stream"
 * import * as TestClock from "effect/testing/TestClock"
 *
 * const Runs = RunsClient.layer({ accessToken: "simulated-token" }).pipe(
 *   Layer.provideMerge(Simulator.layerHttpClient({
 *     runs: [{ id: 7, runType: "refresh", runStatus: "completed" }],
 *     faults: [Faults.first(1, Faults.status(503, { retryAfter: 10 }))]
 *   }))
 * )
 *
 * const program = Effect.gen(function*() {
 *   const fiber = yield* Effect.forkChild(Stream.runCollect(RunsClient.list()))
 *   yield* TestClock.adjust("10 seconds")
 *   return yield* Fiber.join(fiber)
 * })
 *
 * const runs = await Effect.runPromise(program.pipe(Effect.provide(Runs), Effect.provide(TestClock.layer())))
 * runs.map(({ id }) => id) // => [7]
 * ```
 */
export const layerHttpClient = (options: MemoryOptions = {}): Layer.Layer<HttpClient.HttpClient | Simulator> => {
  checkMemoryOptions("Simulator.layerHttpClient", options)
  return Layer.effectContext(
    Effect.map(
      Backend.make(options, () => urlInMemory),
      ({ controls, responder }) =>
        Context.make(Simulator, { url: urlInMemory, ...controls }).pipe(
          Context.add(HttpClient.HttpClient, MemoryClient.make(responder))
        )
    )
  )
}

/**
 * Provides a `RunsClient` of a simulator in memory, and the simulator itself. The client is the real one, with its
 * retries, time-outs and rate limit.
 *
 * **Example** (Changing the history between two requests)
 *
 * ```ts
 * import { RunsClient } from "@coalesce-runs/core"
 * import { Simulator } from "@coalesce-runs/simulator"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const simulator = yield* Simulator.Simulator
 *   const before = yield* RunsClient.get(7)
 *   yield* simulator.update((runs) => runs.map((run) => ({ ...run, runStatus: "completed" })))
 *   const after = yield* RunsClient.get(7)
 *   return [before.runStatus, after.runStatus]
 * }).pipe(Effect.provide(Simulator.layerClient({ runs: [{ id: 7, runType: "refresh", runStatus: "running" }] })))
 *
 * await Effect.runPromise(program) // => ["running", "completed"]
 * ```
 */
export const layerClient = (
  options?: MemoryOptions,
  requestOptions?: RunsClient.RequestOptions
): Layer.Layer<RunsClient.RunsClient | Simulator, InvalidConnection> => {
  // What is no object would be spread into nothing.
  check.checkOptions("Simulator.layerClient", { requestOptions }, { requestOptions: check.plain })
  return Layer.unwrap(
    Effect.map(Simulator, ({ token, url }) => RunsClient.layer({ accessToken: token, baseUrl: url, ...requestOptions }))
  ).pipe(
    Layer.provideMerge(layerHttpClient(options))
  )
}
