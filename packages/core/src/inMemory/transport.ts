/** Makes a transport of runs in memory: it responds as the API does, without HTTP. Public through `RunsInMemory.ts`. */
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { contextOf } from "../client/statusError.ts"
import type { Get, Transport } from "../client/transport.ts"
import { assertOptions, isPlain, required, type Shape } from "../error/check.ts"
import { maxLimit } from "../ListRunsQuery.ts"
import type { DeployRunDetails, RefreshRunDetails, UserCredentials } from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import { NotFound } from "../RunsError.ts"
import * as list from "./list.ts"

/**
 * A run of a test client: in the library's own form, as a stream or `Run.Run` gives it, or written by hand as the API
 * sends it. Only `id`, `runType` and `runStatus` are required.
 *
 * **Details**
 *
 * One record holds what the API spreads over two rows. Requests without `detail` get the summary's fields,
 * `runFailureReason` and `environmentID` among them; requests with it get `runDetails` and the rest.
 */
export interface TestRun {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly reRunID?: number
  /** A `DateTime`, a `Date`, or ISO 8601 text with an offset. */
  readonly runStartTime?: DateTime.DateTime | Date | string
  /** A `DateTime`, a `Date`, or ISO 8601 text with an offset. */
  readonly runEndTime?: DateTime.DateTime | Date | string
  readonly environmentID?: string
  /** Which lists with a `projectID` it is in. No row has it. */
  readonly projectID?: string
  readonly runFailureReason?: string
  readonly runDetails?: DeployRunDetails | RefreshRunDetails
  readonly runHistory?: ReadonlyArray<number>
  readonly runTimeParameters?: Readonly<Record<string, unknown>>
  readonly userCredentials?: UserCredentials
  readonly userID?: string
  readonly version?: number
}

/** The node results of a run: in the library's own form, or as the API sends them. */
export type TestResults = ReadonlyArray<RunResult | typeof RunResult.Encoded>

/** What a test client holds. */
export interface TestOptions {
  /** The runs, in any order. A run of the simulator is one too. */
  readonly runs: ReadonlyArray<TestRun | list.ListedRun>
  /**
   * The node results of runs, by the runs' ids, or a function that makes those of a run when they are asked for. Default:
   * none, so that `results` gives an empty list.
   */
  readonly results?: Readonly<Record<number, TestResults>> | ((id: number) => TestResults)
}

const shape: Shape<TestOptions> = {
  runs: required(["Expected an array of runs", Array.isArray]),
  results: [
    "Expected an object of node results by the ids of runs, or a function of an id",
    (results) => typeof results === "function" || isPlain(results)
  ]
}

export const origin = "https://runs.invalid"

/** As JSON, so that times are text, and nothing comes through that no server could send. */
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

/** One row for either form: each decoder takes its own fields, and leaves the other's alone. */
const rowOf = (run: TestRun | list.ListedRun): list.ListedRun => {
  const runDetails = "runDetails" in run ? run.runDetails : undefined
  const environmentID = run.environmentID ?? runDetails?.environmentID
  return json({ runTimeParameters: {}, ...run, environmentID, runDetails: { environmentID, ...runDetails } })
}

// The client names the order beside each starting point, and has checked both.
const pageQuery = (
  { limit, orderBy, orderByDirection, startingFrom, ...filters }: Readonly<Record<string, string>>
) => {
  const order = orderBy === "runStartTime" || orderBy === "runEndTime" ? orderBy : "id"
  return {
    ...filters,
    orderBy: order,
    orderByDirection: orderByDirection === "asc" ? "asc" : "desc",
    limit: Math.min(Number(limit ?? 25), maxLimit),
    startingFrom: startingFrom === undefined || order !== "id" ? startingFrom : Number(startingFrom)
  } as const
}

export const make = (options: TestOptions): Transport => {
  assertOptions(options, shape)
  const { results = {} } = options
  const runs = list.make(options.runs.map(rowOf))

  /** The body of a 200; nothing for a run that there is not. */
  const bodyOf = (endpoint: Get["endpoint"], { pathname, searchParams }: URL): unknown => {
    if (endpoint === "runs") {
      const query = pageQuery(Object.fromEntries(searchParams))
      return { ...query, data: runs.page(query).runs }
    }
    const id = Number(searchParams.get("runCounter") ?? pathname.split("/")[4])
    const run = runs.find(id)
    return run === undefined || endpoint === "run"
      ? run
      : endpoint === "results"
      ? { data: json(typeof results === "function" ? results(id) : results[id] ?? []) }
      : { ...run, runLink: `${origin}/runs/${id}` }
  }

  return {
    scrub: (text) => text,
    get: ({ endpoint, path, resumeFrom }) =>
      Effect.suspend(() => {
        const url = new URL(path, origin)
        const context = contextOf(url.href, resumeFrom)
        const body = bodyOf(endpoint, url)
        return body === undefined
          ? Effect.fail(new NotFound({ ...context, errorString: "404: There is no such run." }))
          : Effect.succeed({ body, context })
      })
  }
}
