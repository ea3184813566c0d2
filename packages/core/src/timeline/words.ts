/** Says the parts of a timeline in words: a job, a run, what is usual, the whole. */
import { durationWords, startsWords } from "../baseline/words.ts"
import { classify } from "../FailureCause.ts"
import { unavailableSections } from "../inspection/reportUnavailable.ts"
import { readingLines } from "../list/readingWords.ts"
import { startedAt, titleOf, took } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Options } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { lineText } from "../report/toText.ts"
import { make, type Words } from "../report/words.ts"
import type { Usual } from "../RunBaseline.ts"
import type { RunLine } from "../RunList.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type Tick, ticks } from "./clockTicks.ts"
import { partNames, type Timeline, type TimelineJob } from "./model.ts"

/** `1202 failed (2026-03-10 02:00), after 1m3s, re-run of 1201: "reason"` */
export const runLine = (run: RunLine, words: Words): Line => {
  const reason = words.quote(run.runFailureReason)
  return line`${run.id} ${words.status(run.runStatus)}${startedAt(run, words)}${took(run)}${
    run.reRunID === undefined ? "" : `, re-run of ${run.reRunID}`
  }${reason === undefined ? "" : line`: ${reason}`}`
}

/** `deploy of 52ffe770cb64 "Add orders" in env 3: 1190 completed (2026-03-10 01:00), after 3m` */
export const deployLine = (run: RunLine, words: Words): Line => line`${titleOf(run, words)}: ${runLine(run, words)}`

/** `1202 failed (invalid identifier)`: with the class of its cause, where its reason names one. */
const shortLine = (run: RunLine, { status }: Words): Line => {
  const cause = run.runStatus === "failed" ? classify(run.runFailureReason ?? "")?.class : undefined
  const words = cause === undefined || cause === "unknown"
    ? ""
    : ` (${cause.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)})`
  return line`${run.id} ${status(run.runStatus)}${words}`
}

const statusCounts = (runs: ReadonlyArray<RunLine>, { bounds, status }: Words): Line => {
  const counts = new Map<string, number>()
  for (const { runStatus } of runs) counts.set(runStatus, (counts.get(runStatus) ?? 0) + 1)
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const others = sorted.slice(bounds.names).reduce((sum, [, count]) => sum + count, 0)
  return join([
    ...sorted.slice(0, bounds.names).map(([one, count]) => line`${count} ${status(one)}`),
    ...(others === 0 ? [] : [[`${others} of other statuses`]])
  ], ", ")
}

/** So many runs of a job are named in its row, more are counted. */
const maxNamed = 2

/** `1201 failed (privilege), 1202 completed`, of many runs `7 completed, 3 failed, 2 not shown`, or that there is no run. */
const runsLine = ({ more, runs }: TimelineJob, words: Words): Line => {
  if (runs.length + more === 0) return ["no run in this window"]
  const shown = runs.length + more <= maxNamed ? runs.map((run) => shortLine(run, words)) : [statusCounts(runs, words)]
  return join([...shown, ...(more === 0 ? [] : [[`${more} not shown`]])].filter((said) => said.length > 0), ", ")
}

/** What a run of a job usually did: `started about 02:00 UTC on each of the last 14 nights; took 10m (…)`. Nothing where that is not known. */
export const usualWords = (usual: Usual | undefined): string | undefined => {
  const { duration, starts } = usual ?? {}
  const said = [
    ...(starts === undefined ? [] : [startsWords(starts)]),
    ...(duration === undefined ? [] : [`took ${durationWords(duration)}`])
  ]
  return said.length === 0 ? undefined : said.join("; ")
}

/** `refresh "Daily sales" (job 15) in env 3` */
export const jobLine = (job: TimelineJob, words: Words): Line =>
  job.key === "unknown job" ? ["runs whose job is not known"] : titleOf(job, words)

/** `Last night: 12 runs of 8 jobs (5 failed, 7 completed) and 1 deploy, 2026-03-09 18:00 – 2026-03-10 08:00 Europe/London.` */
export const headline = (timeline: Timeline, words: Words, timeZone: string | undefined): Line => {
  const { deploys, found, jobs, more, truncated, window } = timeline
  const runs = jobs.flatMap(({ runs }) => runs)
  const name = window.name?.replaceAll("_", " ").replace(/^./, (first) => `${first.toUpperCase()}`)
  const ran = jobs.filter((job) => job.runs.length + job.more > 0).length + more.jobs
  const counts = statusCounts(runs, words)
  const zone = words.name(timeZone ?? window.timeZone)
  return line`${name === undefined ? "" : `${name}: `}${truncated === false ? "" : "at least "}${
    plural(found.runs, "run")
  } of ${plural(ran, "job")}${
    counts.length === 0 ? "" : line` (${counts}${more.runs === 0 ? "" : `, ${more.runs} not shown`})`
  }${deploys.length === 0 ? "" : ` and ${plural(found.deploys, "deploy")}`}, ${words.minute(window.since)} – ${
    words.minute(window.until)
  } ${zone}.`
}

/** Says what was not read, and what is left out. */
export const noteLines = (timeline: Timeline, words: Words): ReadonlyArray<Line> => {
  const { error, filter, job, more, rows, truncated, undecodable, window } = timeline
  const parts = [
    ...(more.jobs === 0 ? [] : [plural(more.jobs, "job")]),
    ...(more.runs === 0 ? [] : [plural(more.runs, "run")]),
    ...(more.deploys === 0 ? [] : [plural(more.deploys, "deploy")])
  ]
  return [
    ...readingLines({ rows, truncated, ...omitUndefined({ job, undecodable, error }) }, { ...filter, window }, words),
    ...(parts.length === 0
      ? []
      : [[`Left out: ${parts.join(", ")}. Runs that completed are left out first, and of those the earliest.`]])
  ]
}

/** A job of a timeline in words, cleaned and cut. */
export interface JobWords {
  /** Such as `Daily sales (job 15)`: for the side of a picture, without quotation marks. */
  readonly name: string
  /** The same with its type and its environment. */
  readonly title: string
  /** Such as `1202 failed, 1203 running`. */
  readonly said: string
  /** When it usually started and how long it took. Absent where neither is known. */
  readonly usual?: string
  /** A sentence for each of its runs, in their order. */
  readonly runs: ReadonlyArray<string>
}

/** A timeline in words, for those who draw it: each text is one line, cleaned and cut. It is not escaped. */
export interface TimelineWords {
  readonly headline: string
  /** What was not read, what is left out and what is unavailable: a sentence each. */
  readonly notes: ReadonlyArray<string>
  /** The zone of the times. */
  readonly timeZone: string
  readonly ticks: ReadonlyArray<Tick>
  /** As the jobs of the facts. */
  readonly jobs: ReadonlyArray<JobWords>
  /** A sentence for each deploy of the facts, in their order. */
  readonly deploys: ReadonlyArray<string>
}

const nameOf = ({ includeNodesSelector, jobID, jobName }: TimelineJob, { bounds, text }: Words): string | undefined => {
  const name = text(jobName ?? includeNodesSelector ?? "", bounds.name)
  return name === "" ? undefined : `${name}${jobID === undefined ? "" : ` (job ${jobID})`}`
}

/** Says the parts of a timeline in words, for those who draw it. {@link Timeline} says where each part belongs. */
export const words = (timeline: Timeline, options: Options = {}): TimelineWords => {
  const { deploys, jobs, window } = timeline
  const made = make(options, window.timeZone)
  const timeZone = options.timeZone ?? window.timeZone
  return {
    headline: lineText(headline(timeline, made, options.timeZone)),
    notes: [
      ...noteLines(timeline, made).map(lineText),
      ...unavailableSections(timeline.unavailable, partNames, made).flatMap(({ rows }) =>
        rows.map(({ cells }) => `Unavailable: ${cells.map(lineText).join(" ")}`)
      )
    ],
    timeZone,
    ticks: ticks(window, timeZone),
    jobs: jobs.map((job) => {
      const title = lineText(jobLine(job, made))
      const usual = usualWords(job.usual)
      return {
        name: nameOf(job, made) ?? title,
        title,
        said: lineText(runsLine(job, made)),
        ...(usual === undefined ? {} : { usual }),
        runs: job.runs.map((run) => lineText(runLine(run, made)))
      }
    }),
    deploys: deploys.map((run) => lineText(deployLine(run, made)))
  }
}
