/** `list_runs`: the API's List Runs, in a time window, with the filters that it lacks. */
import type * as ListRunsQuery from "@coalesce-runs/core/ListRunsQuery"
import * as Run from "@coalesce-runs/core/Run"
import * as RunWindow from "@coalesce-runs/core/RunWindow"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as interval from "../../input/window.ts"
import * as nearest from "../../result/nearestRun.ts"
import * as scanNotes from "../../result/notes.ts"
import * as reasons from "../../result/reasons.ts"
import * as scanning from "../../result/scan.ts"
import * as time from "../../result/time.ts"
import { clean, lengths, quote } from "../../result/untrustedText.ts"
import * as Tool from "../Tool.ts"
import * as Row from "./row.ts"
import { type Content, Input, Output, statusesOf, violations } from "./schema.ts"
import { asFilter, render } from "./text.ts"

const name = "list_runs"

const spelling = (text: string): string => clean(text, lengths.name).toLowerCase()

/** Whether a run is of the job: by the job's id, or its name in any case. */
const isOfJob = (jobID: string) => {
  const wanted = spelling(jobID)
  return (run: scanning.ScannedRun): boolean => {
    if (!Run.isDetailed(run) || run.runType !== "refresh") return false
    const name = Run.jobName(run)
    return String(run.runDetails.jobID) === wanted || (name !== undefined && spelling(name) === wanted)
  }
}

/** A run's job for the list of those that were seen. */
const jobLabel = (run: scanning.ScannedRun): string | undefined => {
  if (!Run.isDetailed(run) || run.runType !== "refresh") return undefined
  const name = Run.jobName(run)
  const { jobID } = run.runDetails
  return name === undefined
    ? jobID?.toString()
    : `${quote(clean(name, lengths.name))}${jobID === undefined ? "" : ` (${jobID})`}`
}

/** The filters that the API has, as it takes them. */
const serverFilters = (input: Input) => {
  const statuses = statusesOf(input)
  const runType = input.runType ?? (input.jobID === undefined ? undefined : "refresh")
  return {
    ...(runType === undefined ? {} : { runType }),
    ...(statuses.length === 1 && statuses[0] !== undefined ? { runStatus: statuses[0] } : {}),
    ...(input.environmentID === undefined ? {} : { environmentID: input.environmentID })
  }
}

const queryOf = (
  input: Input,
  window: RunWindow.RunWindow | undefined,
  pageSize: number
): ListRunsQuery.StreamRunsQuery => {
  const direction = input.orderByDirection
  const order = window !== undefined
    ? RunWindow.toQuery(window, direction)
    : {
      ...(input.orderBy === undefined ? {} : { orderBy: input.orderBy }),
      ...(direction === undefined ? {} : { orderByDirection: direction })
    }
  const rows = input.detail === true || input.jobID !== undefined ? { detail: true, failureReasons: true } : {}
  return {
    ...serverFilters(input),
    ...rows,
    ...order,
    ...(input.startingFrom === undefined ? {} : { startingFrom: input.startingFrom }),
    pageSize
  }
}

/** The call that goes on: the same one, with what was relative made absolute. */
const nextOf = (
  input: Input,
  window: RunWindow.RunWindow | undefined,
  startingFrom: string | undefined
): Record<string, unknown> => {
  const { since: _since, startingFrom: given, until: _until, window: _window, ...same } = input
  const from = startingFrom ?? given
  return {
    ...(window === undefined ? {} : { since: time.isoUtc(window.since), until: time.isoUtc(window.until) }),
    ...same,
    ...(from === undefined ? {} : { startingFrom: from })
  }
}

const listed = (labels: Iterable<string>, most: number): string => {
  const all = [...labels]
  return all.slice(0, most).join(", ") + (all.length > most ? ` and ${all.length - most} more` : "")
}

const handle = Effect.fn("list_runs")(function*(input: Input) {
  const started = yield* Clock.currentTimeMillis
  const { window, zone, zoneName } = yield* interval.resolve(input)
  const statuses = statusesOf(input)
  const limit = input.limit ?? 25
  const filteredHere = [
    ...(statuses.length > 1 ? [`runStatus (${statuses.join(", ")})`] : []),
    ...(input.jobID === undefined ? [] : [`jobID (${quote(clean(input.jobID, lengths.name))})`])
  ]
  const ofStatus = (run: scanning.ScannedRun) =>
    statuses.length < 2 || statuses.some((status) => status === run.runStatus)
  const ofJob = input.jobID === undefined ? () => true : isOfJob(input.jobID)
  const bounds = yield* scanning.Bounds
  // One more than asked for says whether there is more. What is filtered here reads on in pages that divide the bound.
  const query = queryOf(input, window, filteredHere.length === 0 ? limit + 1 : Math.min(500, bounds.rows))
  const jobs = new Map<string, true>()

  const scan = yield* scanning.scan({
    query,
    limit,
    keep: (run) => (window === undefined || RunWindow.contains(window, run)) && ofStatus(run) && ofJob(run),
    isPast: (run) => window !== undefined && RunWindow.isPast(window, query.orderByDirection ?? "desc", run),
    onRow: (run) => {
      const label = input.jobID === undefined ? undefined : jobLabel(run)
      if (label !== undefined) jobs.set(label, true)
    }
  })

  const spent = (yield* Clock.currentTimeMillis) - started
  const isEmpty = scan.runs.length === 0 && scan.truncated === false
  const near = isEmpty
    ? yield* nearest.find({
      window,
      filters: serverFilters(input),
      beyond: [
        ...(statuses.length > 1 ? ["of any status"] : []),
        ...(input.jobID === undefined ? [] : ["of any job"])
      ],
      isContinued: input.startingFrom !== undefined,
      time: Duration.subtract(bounds.time, Duration.millis(spent)),
      zone
    })
    : []
  const startless = statuses.filter((status) => status === "waitingToRun" || status === "initializing")
  const notes = [
    ...(filteredHere.length === 0
      ? []
      : [`${filteredHere.join(" and ")} filtered here, not by the API: ${scan.scanned} rows looked at`]),
    ...(isEmpty && jobs.size > 0 ? [`Jobs seen in these rows: ${listed(jobs.keys(), 8)}`] : []),
    ...scanNotes.ofScan(name, scan),
    ...near,
    ...(window !== undefined && isEmpty && startless.length > 0
      ? [`Runs that are ${startless.join(" or ")} may have no start time: ask for them without window, since and until`]
      : [])
  ]
  const { runStatus: _several, ...single } = input
  const asked = { ...single, runStatus: statuses.length === 0 ? undefined : statuses.join(" or ") }
  const filter = asFilter(asked)
  const content: Content = {
    ...(window === undefined ? {} : { interval: interval.toContent(window, zone) }),
    runs: scan.runs.map((run) => Row.make(run, input.detail === true, zone)),
    returned: scan.runs.length,
    scanned: scan.scanned,
    truncated: scan.truncated,
    ...(scan.truncated === false
      ? {}
      : { next: nextOf(input, window, scanning.startingFromOf(scan.cursor)) }),
    ...(notes.length === 0 ? {} : { notes })
  }
  // The text begins with what was asked; an answer without a row says it here too, for those who read only this.
  const alone = scan.runs.length > 0 || filter === "" ? content : {
    ...content,
    notes: [`No run ${isEmpty ? "matches" : "so far matches"} ${filter}`, ...notes]
  }
  const said = reasons.sayOnce(scan.runs.map((run) => ({ id: run.id, reason: Row.reasonOf(run) })))
  const isUnreadable = scan.setAside.length > 0
  return {
    content: alone,
    text: render({ content, window, zoneName, order: scan.cursor, isUnreadable, filter, said })
  }
})

export const listRuns = Tool.legacy({
  name,
  title: "List Coalesce runs",
  description:
    "Lists deploys and refreshes with status, start, duration and, for failed runs, the reason. If there is more, the " +
    "result's next step is the exact call. Waiting runs have no start, so they are in no window.",
  input: Input,
  output: Output,
  violations,
  handle
})
