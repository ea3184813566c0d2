/** Finds the runs of a window. */
import type * as Run from "@coalesce-runs/core/Run"
import type * as RunCursor from "@coalesce-runs/core/RunCursor"
import * as RunList from "@coalesce-runs/core/RunList"
import { answer } from "../answer.ts"
import type { Common, Selection } from "../flags.ts"

interface Input extends Common, Selection {
  readonly runType: Run.KnownRunType | undefined
  readonly runStatus: ReadonlyArray<Run.KnownRunStatus>
  readonly detail: boolean
  readonly limit: number | undefined
  readonly startingFrom: string | undefined
  readonly orderBy: RunCursor.OrderBy | undefined
  readonly orderByDirection: RunCursor.OrderByDirection | undefined
}

export const handle = ({ demo, detail, json, runStatus, timeZone, ...options }: Input) =>
  answer({ demo, json, timeZone }, {
    waiting: "Reading runs",
    facts: (timeZone) =>
      RunList.list({
        ...options,
        timeZone,
        ...(runStatus.length === 0 ? {} : { runStatus }),
        ...(detail ? { detail } : {})
      }),
    schema: RunList.RunList,
    report: RunList.report
  })
