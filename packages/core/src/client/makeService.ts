/** Makes the client's service on a transport: pages, streams, and what one run's endpoints say. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { checkOptions, flag, required, runID } from "../error/check.ts"
import type { ListRunsQuery } from "../ListRunsQuery.ts"
import type { Reported } from "../Run.ts"
import * as RunsError from "../RunsError.ts"
import * as paging from "./advance.ts"
import { decodeResults, decodeRun, decodeSchedulerStatus } from "./decode.ts"
import { fetchPage, nextOf, wholePage } from "./fetchPage.ts"
import { FieldReader } from "./fieldReader.ts"
import { failureReason } from "./listRuns.ts"
import type { GetError, GetOptions, ListError, RunPage, Shape } from "./model.ts"
import * as pageAhead from "./pageAhead.ts"
import { validate, validateStream, type ValidQuery } from "./query.ts"
import { End } from "./references.ts"
import { countDropped, countRows, logSkipped, ofQuery, withSpan } from "./telemetry.ts"
import type * as http from "./transport.ts"

const checkId = (id: number): Effect.Effect<number, RunsError.InvalidQuery> =>
  Effect.as(checkOptions({ runID: id }, { runID: required(runID) }), id)

export const makeService = (origin: string, transport: http.Transport): Shape => {
  /** What the pages of each form have shown of the server. */
  const servers = new Map<boolean, paging.Server>()

  // An annotation of the caller comes last: a history numbers its pages across its ranges.
  const fetch = (
    query: ValidQuery,
    state: paging.State,
    most: number,
    attributes: Readonly<Record<string, number>>,
    settled?: Effect.Effect<paging.State>
  ) =>
    Effect.flatMap(
      Effect.spanAnnotations,
      (annotations) =>
        fetchPage(transport, query, state, most, settled).pipe(
          Effect.tap(({ page, state }) => {
            servers.set(query.detail, paging.known(servers.get(query.detail), state.server))
            return countRows(origin, page.runs.length)
          }),
          withSpan("RunsClient.listPage", origin, { ...attributes, ...ofQuery(query, transport.scrub), ...annotations })
        )
    )

  /** The pages that are under way. */
  const underWay = new Set<Deferred.Deferred<void>>()

  /** Returns whether there are runs behind a page that may be the last. */
  const confirm = Effect.fnUntraced(function*(query: ValidQuery, first: paging.State) {
    let state = first
    for (;;) {
      const fetched = yield* fetch({ ...query, pageSize: 1, undecodableRows: "skip" }, state, Infinity, {})
      if (fetched.page.runs.length + fetched.page.undecodable.length > 0) return true
      const next = nextOf(fetched)
      if (Option.isNone(next)) return false
      state = yield* Effect.fromResult(next.value)
    }
  })

  /** Emits what `select` takes of each page of a query. */
  const paginate = <A>(
    valid: Result.Result<ValidQuery, RunsError.InvalidQuery>,
    select: (page: RunPage) => Effect.Effect<ReadonlyArray<A>>
  ): Stream.Stream<A, ListError> =>
    Stream.unwrap(Effect.map(Effect.fromResult(valid), (query) =>
      pageAhead.paginate(
        paging.begin(query, servers.get(query.detail)),
        query,
        (state, settled) => fetch(query, state, Infinity, { "coalesce.page.number": state.pages + 1 }, settled),
        select
      )))

  /** What one endpoint says of one run. */
  const ofRun = <A>(
    name: string,
    decode: (body: unknown, reader: FieldReader) => Result.Result<A, { readonly path: string; readonly issue: string }>,
    requestOf: (id: number) => http.Get
  ) =>
  (runID: number) =>
    Effect.flatMap(
      checkId(runID),
      (id) =>
        Effect.flatMap(transport.get(requestOf(id)), ({ body, context }) => {
          const reader = new FieldReader()
          const decoded = Result.mapError(
            decode(body, reader),
            ({ issue, path }) => new RunsError.DecodeError({ ...context, runID: id, path, issue })
          )
          return Effect.andThen(countDropped(origin, reader.dropped), Effect.fromResult(decoded))
        }).pipe(withSpan(`RunsClient.${name}`, origin, { "coalesce.run.id": id }))
    )

  const detailed = ofRun("get", decodeRun, (id) => ({ endpoint: "run", path: `/api/v1/runs/${id}` }))

  return {
    origin,
    projectID: transport.projectID,

    listPage: Effect.fnUntraced(function*(given?: ListRunsQuery) {
      const query = yield* Effect.fromResult(validate(given === undefined ? {} : given))
      const limit = query.pageSize ?? 25
      const end = yield* End
      const state = paging.begin(query, end === "open" ? undefined : servers.get(query.detail))
      const done = Deferred.makeUnsafe<void>()
      underWay.add(done)
      const fetched = yield* Effect.ensuring(
        fetch({ ...query, pageSize: limit }, state, limit, {}),
        Effect.sync(() => {
          underWay.delete(done)
          Deferred.doneUnsafe(done, Effect.void)
        })
      )
      const page = yield* Effect.fromResult(wholePage(state, fetched))
      if (!fetched.isDoubtful || end === "open") return page
      // Of pages that were requested at the same time, a longer one may prove that nothing was cut off.
      yield* Effect.forEach([...underWay], Deferred.await)
      if (fetched.rows < (servers.get(query.detail)?.largest ?? 0)) return { ...page, hasMore: false }
      if (end === "known" && page.runs.length > 0) return page
      const hasMore = confirm(query, fetched.state)
      return { ...page, hasMore: yield* page.runs.length > 0 ? Effect.orElseSucceed(hasMore, () => true) : hasMore }
    }),

    pages: (query = {}) => paginate(validateStream(query), (page) => Effect.succeed([page])),

    list: (query = {}) => paginate(validateStream(query), (page) => Effect.as(logSkipped(page.undecodable), page.runs)),

    get: (runID, options = {}) =>
      Effect.flatMap(
        Effect.andThen(
          checkOptions<GetOptions>(options, { failureReasons: flag }),
          detailed(runID)
        ),
        (run): Effect.Effect<Reported, GetError> =>
          options.failureReasons === true && run.runStatus === "failed"
            ? Effect.map(
              failureReason(transport, run.id),
              (runFailureReason) => runFailureReason === undefined ? run : { ...run, runFailureReason }
            )
            : Effect.succeed(run)
      ),

    results: ofRun("results", decodeResults, (id) => ({ endpoint: "results", path: `/api/v1/runs/${id}/results` })),

    schedulerStatus: ofRun("schedulerStatus", decodeSchedulerStatus, (id) => ({
      endpoint: "schedulerStatus",
      path: `/scheduler/runStatus?runCounter=${id}`
    }))
  }
}
