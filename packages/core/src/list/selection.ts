/** Selects runs by window and filters, for a list or a summary. Public: `RunList` exports it. */
import { flag, type Rule, type Shape, text, unchecked } from "../error/check.ts"
import type { StartingFrom } from "../ListRunsQuery.ts"
import type { KnownRunStatus, KnownRunType } from "../Run.ts"
import type { OrderBy, OrderByDirection } from "../RunCursor.ts"
import type * as RunWindow from "../RunWindow.ts"
import { ownEnds, windowShape } from "../window/make.ts"

/** Selects runs. The window is `window`, or `since` and `until`, as `RunWindow.resolve` reads them. */
export interface Selection extends RunWindow.Selection {
  /** Default: `refresh` beside `jobID`, otherwise both types. */
  readonly runType?: KnownRunType | undefined
  /** The environment that runs belong to. Default: every environment. */
  readonly environmentID?: string | undefined
  /** The project that runs belong to, which no row names: it is sent unchecked. Default: that of the client. */
  readonly projectID?: string | undefined
  /**
   * The id of a job, or its name in any case: the latest one, an earlier one, or a part that no other job has, for one or
   * two more requests. The API has no such filter: rows of other jobs are read and left out.
   */
  readonly jobID?: number | string | undefined
}

/** Selects the runs of a list, and how many. Without a window, runs of any time are listed, by their id. */
export interface Options extends Selection {
  /** One status or several. Default: every status. */
  readonly runStatus?: KnownRunStatus | ReadonlyArray<KnownRunStatus> | undefined
  /** Whether runs have their nodes, commit and sign-in beside the job. Those of one `jobID` do in any case. Default: false. */
  readonly detail?: boolean | undefined
  /** The most runs of the list, 1 to 1,000. Default: 25. */
  readonly limit?: number | undefined
  /** Exclusive. With a window: the `resumeFrom` of an earlier list. */
  readonly startingFrom?: StartingFrom | undefined
  /** Default: `id`. With a window it is `runStartTime`. */
  readonly orderBy?: OrderBy | undefined
  /** Default: `desc`, the newest first, or the direction of the cursor in `startingFrom`. */
  readonly orderByDirection?: OrderByDirection | undefined
}

const idOrName: Shape<Selection>["jobID"] = [
  "Expected the id of a job, or its name",
  (value) => typeof value === "string" || typeof value === "number"
]

/** What each option of a {@link Selection} must be. `RunWindow.resolve` reads the window and its ends. */
export const selectionShape: Shape<Selection> = {
  ...windowShape,
  runType: text,
  environmentID: text,
  projectID: text,
  jobID: idOrName
}

/** What each option of a list must be. */
export const listShape: Shape<Options> = {
  ...selectionShape,
  runStatus: ["Expected a status, or an array of them", (value) => typeof value === "string" || Array.isArray(value)],
  detail: flag,
  limit: unchecked,
  startingFrom: unchecked,
  orderBy: text,
  orderByDirection: text
}

/** Longer than any id or name. A report repeats them. */
const maxIdLength = 400

export const selectionRules = (
  { environmentID = "", jobID = "", projectID, runType, since, until, window }: Selection
): ReadonlyArray<Rule<Omit<Selection, "runType">>> => [
  [window !== undefined && since !== undefined, "since", ownEnds],
  [window !== undefined && until !== undefined, "until", ownEnds],
  [environmentID.length > maxIdLength, "environmentID", `Longer than ${maxIdLength} characters`],
  [projectID === "" || (projectID ?? "").length > maxIdLength, "projectID", `Expected 1 to ${maxIdLength} characters`],
  [String(jobID).length > maxIdLength, "jobID", `Longer than ${maxIdLength} characters`],
  [
    typeof jobID === "number" ? !Number.isSafeInteger(jobID) : jobID !== "" && jobID.trim() === "",
    "jobID",
    "Expected the integer id of a job, or its name"
  ],
  [jobID !== "" && runType === "deploy", "jobID", "A deploy has no job: leave out jobID, or runType"]
]

/** Returns whether any window is selected. */
export const hasWindow = ({ since, until, window }: Selection): boolean =>
  window !== undefined || since !== undefined || until !== undefined
