/**
 * What flags can be set to, and their defaults: core's own lists, written down here so that help loads nothing of core. Their
 * types are core's, so that one which differs does not compile.
 */
import type * as Run from "@coalesce-runs/core/Run"
import type * as RunCursor from "@coalesce-runs/core/RunCursor"
import type * as RunInspection from "@coalesce-runs/core/RunInspection"
import type * as RunList from "@coalesce-runs/core/RunList"
import type * as RunStatistics from "@coalesce-runs/core/RunStatistics"
import type * as RunWindow from "@coalesce-runs/core/RunWindow"

export const runTypes: typeof Run.knownTypes = ["deploy", "refresh"]

export const runStatuses: typeof Run.knownStatuses = [
  "canceled",
  "completed",
  "failed",
  "initializing",
  "rendering",
  "running",
  "waitingToRun"
]

export const windows: typeof RunWindow.names = ["last_night", "today", "yesterday", "last_24_hours", "last_7_days"]

export const groupings: typeof RunStatistics.SummaryGroupBy.literals = [
  "job",
  "environment",
  "day",
  "week",
  "hour",
  "type",
  "user",
  "node",
  "cause"
]

export const orders: typeof RunCursor.OrderBy.literals = ["id", "runStartTime", "runEndTime"]

export const directions: typeof RunCursor.OrderByDirection.literals = ["asc", "desc"]

export const listLimit: typeof RunList.defaultLimit = 25

export const inspectionLimit: typeof RunInspection.defaultLimit = 12
