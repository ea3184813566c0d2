/** Implements the declared API over a history: a request in, the response of a healthy server out. */
import type * as RunsInMemory from "@coalesce-runs/core/RunsInMemory"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { Api, Authorization, BadRequest, Forbidden, NotFound, RequestErrors, Unauthorized } from "../Api.ts"
import type { SimulatedRun } from "../SimulatedRun.ts"
import { canonicalTime } from "./canonicalTime.ts"
import type { History } from "./history.ts"
import type { WireResponse } from "./wireResponse.ts"

export type Next = "absent" | "null" | "blank" | "last" | "string" | "numeric" | "always"

export interface RoutesOptions {
  readonly history: () => History
  readonly token: Redacted.Redacted
  readonly next: Next
  readonly idsAs: "number" | "string"
  readonly maxLimit: number
  readonly forbiddenEnvironments: ReadonlySet<string>
  readonly forbiddenResults: (id: number) => boolean
  readonly runLink: (id: number) => string
}

const error = (errorString: string, errorDetail?: string) => ({
  error: { errorString, ...(errorDetail === undefined ? {} : { errorDetail }) }
})

const badRequest = (detail: string) => new BadRequest(error("400: The request was invalid.", detail))

const forbidden = (what: string) =>
  new Forbidden(error("403: The client is not permitted to perform the requested operation.", what))

const json = (text: string) => HttpServerResponse.text(text, { contentType: "application/json" })

const issues = SchemaIssue.makeFormatterStandardSchemaV1()

// Describes the first issue, with the name of its parameter.
const describe = (failure: Schema.SchemaError): string => {
  const [issue] = issues(failure.issue).issues
  if (issue === undefined) return "The query is not valid."
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".")
  return `${path}: ${issue.message}`
}

/** Reads the cursor in the form that the history compares. Fails with a 400 if it does not fit `orderBy`. */
const readCursor = (text: string, orderBy: RunsInMemory.PageQuery["orderBy"], next: Next) => {
  if (orderBy === "id") {
    return /^\d{1,15}$/.test(text)
      ? Effect.succeed(Number(text))
      : Effect.fail(badRequest(`startingFrom: expected a run id, because orderBy is id, got ${JSON.stringify(text)}`))
  }
  // A server that sends numbers accepts them.
  const time = next === "numeric" && /^\d{1,15}$/.test(text) ? new Date(Number(text)).toISOString() : text
  const canonical = canonicalTime(time)
  return canonical === undefined
    ? Effect.fail(
      badRequest(`startingFrom: expected a date-time, because orderBy is ${orderBy}, got ${JSON.stringify(text)}`)
    )
    : Effect.succeed(canonical)
}

const lastValue = (
  run: SimulatedRun,
  { orderBy }: RunsInMemory.PageQuery,
  options: RoutesOptions
): number | string | undefined => {
  if (orderBy === "id") {
    return options.next === "string" || (options.idsAs === "string" && options.next !== "numeric")
      ? String(run.id)
      : run.id
  }
  const time = orderBy === "runStartTime" ? run.runStartTime : run.runEndTime
  return time !== undefined && options.next === "numeric" ? Date.parse(time) : time
}

/** Returns the value of `next`, or undefined for no such key. */
const nextOf = (
  page: RunsInMemory.Page<SimulatedRun>,
  query: RunsInMemory.PageQuery,
  options: RoutesOptions
): number | string | null | undefined => {
  const last = page.runs.at(-1)
  switch (options.next) {
    case "absent":
      return undefined
    case "null":
      return null
    case "blank":
      return ""
    case "last":
    case "string":
    case "numeric":
      return page.hasMore && last !== undefined ? lastValue(last, query, options) : undefined
    case "always":
      return last === undefined ? undefined : lastValue(last, query, options)
  }
}

const runsGroup = (options: RoutesOptions) =>
  HttpApiBuilder.group(Api, "runs", (handlers) => {
    const isForbidden = (environmentID: string | undefined) =>
      environmentID !== undefined && options.forbiddenEnvironments.has(environmentID)

    const find = (runID: number): Effect.Effect<SimulatedRun, NotFound | Forbidden> => {
      const run = options.history().find(runID)
      if (run === undefined) return Effect.fail(new NotFound(error(`404: There is no run ${runID}.`)))
      return isForbidden(run.environmentID)
        ? Effect.fail(forbidden(`Run ${runID} is in environment ${run.environmentID}.`))
        : Effect.succeed(run)
    }

    return handlers.handleAll({
      listRuns: Effect.fnUntraced(function*({ query }) {
        if (isForbidden(query.environmentID)) return yield* forbidden(`Environment ${query.environmentID}.`)
        const orderBy = query.orderBy ?? "id"
        const limit = Math.min(query.limit ?? 25, options.maxLimit)
        const pageQuery: RunsInMemory.PageQuery = {
          orderBy,
          limit,
          orderByDirection: query.orderByDirection ?? "desc",
          startingFrom: query.startingFrom === undefined
            ? undefined
            : yield* readCursor(query.startingFrom, orderBy, options.next),
          runType: query.runType,
          runStatus: query.runStatus,
          environmentID: query.environmentID,
          projectID: query.projectID
        }
        const history = options.history()
        const page = history.page(pageQuery)
        const rows = page.runs.map((run) => history.row(run, query.detail === "true")).join(",")
        const next = nextOf(page, pageQuery, options)
        const head = JSON.stringify({ limit, orderBy, orderByDirection: pageQuery.orderByDirection }).slice(0, -1)
        return json(
          `${head},"data":[${rows}]${next === undefined ? "" : `,"next":${JSON.stringify(next)}`}}`
        )
      }),
      getRun: ({ params }) => Effect.map(find(params.runID), (run) => json(options.history().row(run, true))),
      getRunResults: Effect.fnUntraced(function*({ params }) {
        const { id, results = [] } = yield* find(params.runID)
        if (results === "forbidden" || options.forbiddenResults(id)) {
          return yield* forbidden(`The results of run ${id}.`)
        }
        if ("body" in results) return json(JSON.stringify(results.body))
        return json(JSON.stringify({ data: typeof results === "function" ? results() : results }))
      }),
      getRunStatus: ({ query }) =>
        Effect.map(find(query.runCounter), (run) =>
          json(
            JSON.stringify({ runStatus: run.runStatus, runType: run.runType, runLink: options.runLink(run.id) })
          ))
    })
  })

const noSuchPath = HttpServerResponse.jsonUnsafe(error("404: There is no such path."), { status: 404 })

// The second route keeps an empty id from matching the endpoint of a run.
const otherPaths = Layer.mergeAll(
  HttpRouter.add("*", "/*", noSuchPath),
  HttpRouter.add("GET", "/api/v1/runs/", noSuchPath)
)

/** Makes the function from a request to the response of a healthy server. */
export const makeHandler = Effect.fnUntraced(function*(options: RoutesOptions) {
  const authorization = Layer.succeed(Authorization, {
    bearer: (handled, { credential }) =>
      Redacted.value(credential) === Redacted.value(options.token)
        ? handled
        : Effect.fail(
          new Unauthorized(error("401: Unable to authenticate, please ensure your token is valid."))
        )
  })
  const requestErrors = HttpApiMiddleware.layerSchemaErrorTransform(
    RequestErrors,
    (failure) => Effect.fail(badRequest(describe(failure.cause)))
  )
  const api = HttpApiBuilder.layer(Api, { openapiPath: "/openapi.json" }).pipe(
    Layer.provide(runsGroup(options)),
    Layer.provide([authorization, requestErrors])
  )
  const http = yield* HttpRouter.toHttpEffect(
    Layer.mergeAll(api, otherPaths).pipe(Layer.provide(HttpServer.layerServices))
  ).pipe(Effect.provideService(HttpRouter.RouterConfig, { ignoreTrailingSlash: false }))

  return (request: Request): Effect.Effect<WireResponse> =>
    http.pipe(
      // The router has no route for a path with a broken % escape.
      Effect.catchCause((cause) => Effect.map(HttpServerError.causeResponse(cause), ([response]) => response)),
      Effect.map((response) => response.status === 404 && response.body._tag === "Empty" ? noSuchPath : response),
      Effect.map(({ body, headers, status }) => ({
        status,
        headers,
        body: body._tag === "Uint8Array" ? body.body : new Uint8Array()
      })),
      Effect.provideService(HttpServerRequest.HttpServerRequest, HttpServerRequest.fromWeb(request)),
      Effect.scoped
    )
})
