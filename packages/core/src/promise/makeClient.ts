/** Makes the client from its settings and an environment. */
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { requestShape } from "../client/requestShape.ts"
import { checkSettings, connectionShape } from "../connection/options.ts"
import { callback, flag } from "../error/check.ts"
import * as Report from "../Report.ts"
import * as RunDiagnosis from "../RunDiagnosis.ts"
import * as RunHealth from "../RunHealth.ts"
import * as RunHistory from "../RunHistory.ts"
import * as RunInspection from "../RunInspection.ts"
import * as RunsClient from "../RunsClient.ts"
import type { InvalidConnection } from "../RunsError.ts"
import * as RunStatistics from "../RunStatistics.ts"
import * as RunTimeline from "../RunTimeline.ts"
import * as RunWatch from "../RunWatch.ts"
import * as RunWindow from "../RunWindow.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type {
  CallOptions,
  Client,
  ClientOptions,
  Explained,
  GetOptions,
  HistoryOptions,
  HistoryQuery,
  ListQuery,
  PageQuery,
  PollOptions,
  WatchOptions,
  WatchQuery,
  WindowInput,
  WindowQuery
} from "./model.ts"
import { fromPlain, type Plain, toPlain, toPlainEvent } from "./plain.ts"
import { divided, iterable, promise, type Services, signalOf } from "./run.ts"

/** Makes a client. Settings that are left out are read from the `ConfigProvider` in context. */
export const makeClient = Effect.fnUntraced(function*(
  options: ClientOptions
): Effect.fn.Return<Client, InvalidConnection | Config.ConfigError> {
  yield* checkSettings(options, { ...connectionShape, ...requestShape, retry: flag, fetch: callback })
  const { fetch, retry, ...settings } = omitUndefined(options)
  const client = yield* Effect.provide(
    RunsClient.RunsClient,
    RunsClient.layerConfig(
      Config.succeed({ ...settings, ...retry === false ? { retry: Schedule.recurs(0) } : {} })
    ).pipe(Layer.provide(FetchHttpClient.layer))
  )
  const services = Context.make(RunsClient.RunsClient, client)
  return clientOf(
    client.origin,
    fetch === undefined ? services : Context.add(services, FetchHttpClient.Fetch, fetch)
  )
})

/** Asks a question: what it found out comes as facts and in words. */
const explain = <Facts>(
  services: Services,
  asked: Effect.Effect<Facts, RunsClient.ListError, RunsClient.RunsClient>,
  report: (facts: Facts, options?: Report.Options) => Report.Report,
  call: CallOptions | undefined
): Promise<Explained<Plain<Facts>>> => {
  const explained = Effect.map(asked, (facts): Explained<Plain<Facts>> => ({
    facts: toPlain(facts),
    text: Report.toText(report(facts)),
    report: (options) => report(facts, options)
  }))
  return promise(services, explained, () => signalOf(call))
}

const clientOf = (origin: string, services: Services): Client => ({
  origin,
  list: <const Q extends ListQuery = {}>(query?: Q & ListQuery, call?: CallOptions) =>
    iterable(
      services,
      () => ({ stream: RunsClient.list<Q>(query), signal: signalOf(call) }),
      (run) => toPlain(run)
    ),
  listPage: async <const Q extends PageQuery = {}>(query?: Q & PageQuery, call?: CallOptions) => {
    const { runs, ...page } = await promise(services, RunsClient.listPage<Q>(query), () => signalOf(call))
    return { ...toPlain(page), runs: runs.map((run) => toPlain(run)) }
  },
  listWindow: <const Q extends WindowQuery = {}>(window: WindowInput, query?: Q & WindowQuery, call?: CallOptions) =>
    iterable(
      services,
      () => ({ stream: RunWindow.list<Q>(fromPlain<RunWindow.Input>(window), query), signal: signalOf(call) }),
      (run) => toPlain(run)
    ),
  history: <const Q extends HistoryQuery = {}>(query?: Q & HistoryQuery, given?: HistoryOptions) =>
    iterable(
      services,
      () => {
        const { options, signal } = divided(given)
        return { stream: RunHistory.list<Q>(query, options), signal }
      },
      (run) => toPlain(run)
    ),
  watch: <const Q extends WatchQuery = {}>(query?: Q & WatchQuery, given?: WatchOptions) =>
    iterable(
      services,
      () => {
        const { options, signal } = divided(given)
        return { stream: RunWatch.watch<Q>(query, options), signal }
      },
      (event) => toPlainEvent(event)
    ),
  poll: async <const Q extends WatchQuery = {}>(checkpoint?: string, query?: Q & WatchQuery, given?: PollOptions) => {
    const { options, signal } = divided(given)
    const poll = await promise(services, RunWatch.poll<Q>(checkpoint, query, options), () => signal)
    return {
      events: poll.events.map((event) => toPlainEvent(event)),
      checkpoint: RunWatch.encodeCheckpoint(poll.checkpoint),
      hasMore: poll.hasMore
    }
  },
  get: async <const O extends GetOptions = {}>(runID: number, given?: O & GetOptions) => {
    const { options, signal } = divided(given)
    return toPlain(await promise(services, RunsClient.get(runID, options), () => signal))
  },
  results: async (runID, call) => toPlain(await promise(services, RunsClient.results(runID), () => signalOf(call))),
  diagnose: (options, call) =>
    explain(
      services,
      RunDiagnosis.diagnose(options),
      RunDiagnosis.report,
      call
    ),
  check: (options, call) => explain(services, RunHealth.check(options), RunHealth.report, call),
  inspect: (options, call) =>
    explain(
      services,
      RunInspection.inspect(options),
      RunInspection.report,
      call
    ),
  summarize: (options, call) =>
    explain(
      services,
      RunStatistics.summarize(options),
      RunStatistics.report,
      call
    ),
  timeline: (options, call) => explain(services, RunTimeline.read(options), RunTimeline.report, call)
})
