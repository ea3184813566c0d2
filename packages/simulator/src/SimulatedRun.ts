/**
 * A run as the simulator stores it: one record that holds what the API spreads over a summary row, a detailed row and the
 * node results. Its values are those of the JSON, so that a test can also write values that are wrong.
 *
 * @since 0.1.0
 */

/** One stage of a node, as `GET /api/v1/runs/{runID}/results` sends it. */
export interface SimulatedQuery {
  readonly name: string
  readonly sql: string
  readonly status: string
  readonly success: boolean
  readonly isRunning: boolean
  readonly queryID?: string
  readonly startTime?: string
  readonly endTime?: string
  readonly rowsInserted?: number
  readonly rowsUpdated?: number
  readonly rowsDeleted?: number
  readonly warehouse?: string
  readonly type?: string
  readonly error?: { readonly errorString: string; readonly errorDetail?: string }
}

/** One node of a run, as `GET /api/v1/runs/{runID}/results` sends it. */
export interface SimulatedNode {
  readonly nodeID: string
  readonly name: string
  readonly isRunning: boolean
  readonly queryResults: ReadonlyArray<SimulatedQuery>
  readonly runState?: string
  readonly origin?: string
  readonly hasTestFailures?: boolean
  readonly renderQueryResult?: SimulatedQuery
}

/**
 * What the results endpoint sends for a run.
 *
 * **Details**
 *
 * A list of nodes, or a function that makes it when it is requested (a run of 2,000 nodes has megabytes of SQL);
 * `"forbidden"` for a 403; `{ body }` for a body of any other shape.
 */
export type SimulatedResults =
  | ReadonlyArray<SimulatedNode>
  | (() => ReadonlyArray<SimulatedNode>)
  | "forbidden"
  | { readonly body: unknown }

/**
 * A run in the simulator's history. Only `id`, `runType` and `runStatus` are required.
 *
 * **Details**
 *
 * Times are ISO 8601 with an offset, to any precision. `environmentID` is sent at the top of a summary row and inside
 * `runDetails` of a detailed one. `projectID` is sent nowhere: lists of that project, or of every project, have the run.
 * `runFailureReason` is sent in the summary row only. `runDetails` (the rest of the
 * details), `runHistory`, `runTimeParameters`, `userCredentials`, `userID` and `version` are sent in the detailed row
 * only.
 */
export interface SimulatedRun {
  readonly id: number
  readonly runType: string
  readonly runStatus: string
  readonly reRunID?: number
  readonly runStartTime?: string
  readonly runEndTime?: string
  readonly environmentID?: string
  readonly projectID?: string
  readonly runFailureReason?: string
  readonly runDetails?: Readonly<Record<string, unknown>>
  readonly runHistory?: ReadonlyArray<number>
  readonly runTimeParameters?: Readonly<Record<string, unknown>>
  readonly userCredentials?: Readonly<Record<string, unknown>>
  readonly userID?: string
  readonly version?: number
  readonly results?: SimulatedResults
}

/** How the ids of rows are written: as JSON numbers, or as numeric strings. */
export type IdsAs = "number" | "string"

const writeId = (id: number, idsAs: IdsAs): number | string => idsAs === "string" ? String(id) : id

const defined = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** The fields of both rows. */
const commonRow = (run: SimulatedRun, idsAs: IdsAs) => ({
  id: writeId(run.id, idsAs),
  reRunID: run.reRunID?.toString(),
  runStartTime: run.runStartTime,
  runEndTime: run.runEndTime,
  runType: run.runType,
  runStatus: run.runStatus
})

/** Returns the row that List Runs sends for a run without `detail`. */
export const summaryRow = (run: SimulatedRun, idsAs: IdsAs = "number"): Record<string, unknown> =>
  defined({
    ...commonRow(run, idsAs),
    environmentID: run.environmentID,
    runFailureReason: run.runFailureReason
  })

/**
 * Returns the row that List Runs sends for a run with `detail=true`, and that the single-run endpoint sends alone. It has
 * neither `runFailureReason` nor a top-level `environmentID`.
 */
export const detailedRow = (run: SimulatedRun, idsAs: IdsAs = "number"): Record<string, unknown> =>
  defined({
    ...commonRow(run, idsAs),
    runDetails: defined({ environmentID: run.environmentID, ...run.runDetails }),
    runHistory: run.runHistory?.map((id) => writeId(id, idsAs)),
    runTimeParameters: run.runTimeParameters ?? {},
    userCredentials: run.userCredentials,
    userID: run.userID,
    version: run.version
  })
