/** Names incidents and the jobs that they hit. */
import type { FailureCause } from "@coalesce-runs/core/FailureCause"
import type { RunLine } from "@coalesce-runs/core/RunList"
import * as DateTime from "effect/DateTime"
import type { Job, Kind } from "./model.ts"

type Identity = Pick<RunLine, "environmentID" | "includeNodesSelector" | "jobID" | "jobName" | "runType">

/** Returns what makes two runs runs of one job. A summary of a refresh does not say its job, and is a job of its own. */
export const identityOf = (
  { environmentID, includeNodesSelector, jobID, jobName, runType, ...run }: Identity & { readonly id?: number }
): Pick<Job, "environmentID" | "includeNodesSelector" | "jobID" | "jobName" | "key" | "runType"> => ({
  key: JSON.stringify([
    environmentID ?? "",
    jobID ?? (runType === "deploy" ? "deploy" : includeNodesSelector ?? `run ${run.id}`)
  ]),
  runType,
  ...(environmentID === undefined ? {} : { environmentID }),
  ...(jobID === undefined ? {} : { jobID }),
  ...(jobName === undefined ? {} : { jobName }),
  ...(includeNodesSelector === undefined ? {} : { includeNodesSelector })
})

/** Causes outside the data hit whatever runs: they are one cause on whatever object. */
const systemic: ReadonlySet<FailureCause["class"]> = new Set([
  "warehouseOrQuota",
  "authenticationOrNetwork",
  "storage",
  "internal"
])

/** Returns what makes failures one incident: their environment and cause or, if they name none, their job. */
export const failuresKey = (
  cause: FailureCause | undefined,
  { environmentID, key }: Pick<Job, "environmentID" | "key">
) =>
  JSON.stringify(
    cause === undefined
      ? ["failures", key]
      : ["failures", environmentID ?? "", cause.key, systemic.has(cause.class) ? "" : cause.object ?? ""]
  )

/** Kinds of one thing that gets worse. */
const groups: { readonly [K in Kind]?: string } = {
  late: "notRun",
  missing: "notRun",
  stopped: "notRun",
  waiting: "notEnded",
  long: "notEnded",
  stuck: "notEnded"
}

/** Returns what makes findings one incident: their kind and job, and the run of what is about a single run. */
export const findingKey = (kind: Kind, { key, runID }: Pick<Job, "key" | "runID">): string => {
  const group = groups[kind] ?? kind
  const isOfRun = group === "notEnded" || kind === "failedNodes" || kind === "otherStatus"
  return JSON.stringify([group, key, ...(isOfRun ? [runID ?? ""] : [])])
}

const prime = 0x100000001b3n

/** FNV-1a of 64 bits: an id must not show what a message says. */
const hash = (text: string): string => {
  let value = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * prime)
  return value.toString(36)
}

/** Returns the id of an incident: at most 25 characters, from its key and when it began. */
export const incidentID = (key: string, since: DateTime.Utc): string =>
  `${hash(key)}-${DateTime.toEpochMillis(since).toString(36)}`
