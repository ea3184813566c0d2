/**
 * Declares the runs API of Coalesce once, on core's schemas. The simulator serves this declaration, the OpenAPI document is
 * made from it, and the contract tests decode the responses with it.
 *
 * @since 0.1.0
 */
import * as Run from "@coalesce-runs/core/Run"
import * as RunResult from "@coalesce-runs/core/RunResult"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import {
  BadGateway,
  BadRequest,
  Forbidden,
  GatewayTimeout,
  InternalServerError,
  NotFound,
  ServiceUnavailable,
  TooManyRequests,
  Unauthorized
} from "./api/errors.ts"
import { readable } from "./api/openApi.ts"

export {
  BadGateway,
  BadRequest,
  ErrorBody,
  Forbidden,
  GatewayTimeout,
  InternalServerError,
  NotFound,
  ServiceUnavailable,
  TooManyRequests,
  Unauthorized
} from "./api/errors.ts"

const errors = [
  BadRequest,
  Forbidden,
  NotFound,
  TooManyRequests,
  InternalServerError,
  BadGateway,
  ServiceUnavailable,
  GatewayTimeout
]

const bearer = HttpApiSecurity.bearer.pipe(
  HttpApiSecurity.annotate(OpenApi.Description, "An access token from the Deploy tab. It belongs to one region.")
)

/** Checks the bearer token: a request without the right one gets a 401. */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()(
  "@coalesce-runs/simulator/Api/Authorization",
  {
    error: Unauthorized,
    security: { bearer }
  }
) {}

/** Turns a query or path that does not fit its schema into the API's own 400. */
export class RequestErrors extends HttpApiMiddleware.Service<RequestErrors>()(
  "@coalesce-runs/simulator/Api/RequestErrors",
  { error: BadRequest }
) {}

// Digits alone: JavaScript's Number would read "0x10", "1e2" and "" as well.
const IntegerFromString = Schema.String.check(Schema.isPattern(/^-?\d{1,15}$/, { expected: "an integer" })).pipe(
  Schema.decodeTo(Schema.FiniteFromString)
)

/** The query of List Runs. The server also checks that `startingFrom` fits `orderBy`. */
export const ListRunsQuery = {
  limit: Schema.optionalKey(
    IntegerFromString.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))
  ).annotate({ description: "The maximum number of runs to return. Default: 25." }),
  startingFrom: Schema.optionalKey(Schema.String.check(Schema.isNonEmpty())).annotate({
    description: "Where to continue, exclusive: a run id, `runStartTime` or `runEndTime`, as `orderBy` says."
  }),
  orderBy: Schema.optionalKey(Schema.Literals(["id", "runStartTime", "runEndTime"])).annotate({
    description: "The field used to order results. Default: `id`."
  }),
  orderByDirection: Schema.optionalKey(Schema.Literals(["asc", "desc"])).annotate({
    description: "The sort order for query results. Default: `desc`."
  }),
  runType: Schema.optionalKey(Schema.Literals(Run.knownTypes)).annotate({
    description: "A run type to filter the query results."
  }),
  runStatus: Schema.optionalKey(Schema.Literals(Run.knownStatuses)).annotate({
    description: "A status value to filter the query results."
  }),
  environmentID: Schema.optionalKey(Schema.String).annotate({
    description: "An environment ID to filter the query results."
  }),
  projectID: Schema.optionalKey(Schema.String).annotate({
    description: "A project ID to filter the query results. Not documented: a server may ignore it."
  }),
  detail: Schema.optionalKey(Schema.Literals(["true", "false"])).annotate({
    description:
      "Include the full detail of the run. Such rows have neither a failure reason nor a top-level environment. Default: false."
  })
}

const RunSummary = Run.RunSummary.annotate({ identifier: "RunSummary" })

const RunInfo = Schema.Union([
  Run.DeployRun.annotate({ identifier: "DeployRun" }),
  Run.RefreshRun.annotate({ identifier: "RefreshRun" })
])

const page = <Row extends Schema.Top>(row: Row) =>
  Schema.Struct({
    limit: Schema.Int.annotate({ description: "The maximum number of runs returned by this query." }),
    orderBy: Schema.String.annotate({ description: "The field used to sort query results." }),
    orderByDirection: Schema.String.annotate({ description: "The sort order for query results." }),
    data: Schema.Array(row).annotate({ description: "A collection of runs." }),
    next: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.Finite, Schema.String]))).annotate({
      description:
        "Where the next page starts. Not documented, but some clients have seen it. Blank and null mean absent."
    })
  })

/** A page of List Runs without `detail`. */
export const SummaryPage = page(RunSummary).annotate({ identifier: "SummaryPage" })

/** A page of List Runs with `detail=true`. */
export const DetailedPage = page(RunInfo).annotate({ identifier: "DetailedPage" })

/** The scheduler's status of one run. Every field may be missing. */
export const SchedulerStatus = Schema.Struct({
  runStatus: Schema.optionalKey(Run.RunStatus),
  runType: Schema.optionalKey(Run.RunType),
  runLink: Schema.optionalKey(Schema.String.annotate({ description: "The run's page in the web app." }))
})

const runID = { runID: IntegerFromString }

const listRuns = HttpApiEndpoint.get("listRuns", "/api/v1/runs", {
  query: ListRunsQuery,
  success: Schema.Union([SummaryPage, DetailedPage]),
  error: errors
}).annotateMerge(OpenApi.annotations({
  summary: "List Runs",
  description: "Returns a page of runs. The next page starts behind the last row's value of `orderBy`."
})).middleware(RequestErrors).middleware(Authorization)

const getRun = HttpApiEndpoint.get("getRun", "/api/v1/runs/:runID", { params: runID, success: RunInfo, error: errors })
  .annotateMerge(OpenApi.annotations({
    summary: "Get a run",
    description: "Returns one run with its details, not wrapped in `data`."
  })).middleware(RequestErrors).middleware(Authorization)

const getRunResults = HttpApiEndpoint.get("getRunResults", "/api/v1/runs/:runID/results", {
  params: runID,
  success: RunResult.RunResults,
  error: errors
}).annotateMerge(OpenApi.annotations({
  summary: "Get the results of a run",
  description:
    "Returns what the run did to each of its nodes. It is not paged, and it is large: it holds the SQL of every node."
})).middleware(RequestErrors).middleware(Authorization)

const getRunStatus = HttpApiEndpoint.get("getRunStatus", "/scheduler/runStatus", {
  query: { runCounter: IntegerFromString },
  success: SchedulerStatus,
  error: errors
}).annotateMerge(OpenApi.annotations({
  summary: "Get the status of a run",
  description: "Returns the scheduler's status of one run. The path is at the root of the host."
})).middleware(RequestErrors).middleware(Authorization)

// Written out, since the compiler orders an inferred union in its own way at each build, and a tarball is the same to the byte.
const runs: HttpApiGroup.HttpApiGroup<
  "runs",
  typeof listRuns | typeof getRun | typeof getRunResults | typeof getRunStatus
> = HttpApiGroup.make("runs").add(listRuns, getRun, getRunResults, getRunStatus)

/** The endpoints about runs. */
export class Runs extends runs {}

/** The whole declaration: what the simulator serves, and what `/openapi.json` describes. */
export class Api extends HttpApi.make("coalesce-runs")
  .add(Runs)
  .annotateMerge(OpenApi.annotations({
    title: "Coalesce runs, simulated",
    version: "1",
    description: "The runs endpoints of Coalesce, as the simulator of coalesce-runs serves them.",
    transform: readable
  }))
{}
