/**
 * The runs of Coalesce as an Effect service: a page, a stream of pages, a stream of runs, one run, its node results.
 *
 * **What it guarantees**
 *
 * - Nothing is fetched before it is pulled. From the second page on a stream fetches at most one page ahead.
 * - Every run that existed when the stream started and still matches is emitted exactly once, in order.
 * - Retries happen within a page: no run is emitted twice.
 * - An error after some runs has the cursor that continues behind them.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { makeService } from "./client/makeService.ts"
import type { RequestOptions, Service } from "./client/model.ts"
import { requestShape } from "./client/requestShape.ts"
import { RunsClient, typed } from "./client/service.ts"
import * as http from "./client/transport.ts"
import * as Connection from "./Connection.ts"
import { variables } from "./connection/environment.ts"
import { checkSettings, connectionShape } from "./connection/options.ts"
import { isPlain } from "./error/check.ts"
import * as RunsError from "./RunsError.ts"

export type { UndecodableRow } from "./client/decode.ts"
export type * from "./client/model.ts"
export {
  client,
  get,
  list,
  listPage,
  pages,
  results,
  RunsClient,
  schedulerStatus,
  startCursor
} from "./client/service.ts"

/** The settings of a client: those of its connection, and how requests are sent. */
export interface Options extends Connection.Options, RequestOptions {}

/** Makes a client. Nothing is requested; a token or a host that cannot be right fails here. */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<Service, RunsError.InvalidConnection, HttpClient> {
  yield* checkSettings(options, { ...connectionShape, ...requestShape })
  const { accessToken, allowInsecureHost, baseUrl, projectID, region } = options
  const connection = yield* Connection.make({ accessToken, allowInsecureHost, baseUrl, projectID, region })
  const transport = yield* http.make(connection, options)
  return typed(makeService(connection.origin, transport))
})

/** Provides the client from options. */
export const layer = (options: Options): Layer.Layer<RunsClient, RunsError.InvalidConnection, HttpClient> =>
  Layer.effect(RunsClient, make(options))

const isConfigs = (value: unknown): boolean =>
  Config.isConfig(value) || (isPlain(value) && Object.values(value).every(isConfigs))

// Config.unwrap takes anything else apart for what it holds, a text without end.
const checkConfigs = (options: unknown): Effect.Effect<unknown, RunsError.InvalidConnection> => {
  const expected = Object.keys({ ...connectionShape, ...requestShape }).map((
    name
  ) => [name, ["Expected a Config", isConfigs] as const])
  return Config.isConfig(options) ? Effect.void : checkSettings(options, Object.fromEntries(expected))
}

/**
 * Provides the client from configuration, each option as a `Config` of its own.
 *
 * **Details**
 *
 * Options that you leave out are read from `COALESCE_ACCESS_TOKEN`, `COALESCE_BASE_URL` (Default: the US host),
 * `COALESCE_PROJECT_ID` (Default: every project) and `COALESCE_ALLOW_INSECURE_HOST`. With the layer of `@coalesce-runs/core/node` they are read from `~/.coa/config` as well.
 * Without a token the layer fails with `InvalidConnection`.
 */
export const layerConfig = (
  options: Config.Wrap<Partial<Options>> = {}
): Layer.Layer<RunsClient, RunsError.InvalidConnection | Config.ConfigError, HttpClient> =>
  Layer.effect(
    RunsClient,
    Effect.flatMap(
      Effect.andThen(checkConfigs(options), () =>
        Config.all([
          // A missing token fails where a wrong one does, as one error in words.
          Config.all({ ...variables, accessToken: Config.withDefault(variables.accessToken, "") }),
          Config.unwrap<Partial<Options>>(options)
        ])),
      ([environment, set]) =>
        make({ ...environment, ...(set.region === undefined ? {} : { baseUrl: undefined }), ...set })
    )
  )
