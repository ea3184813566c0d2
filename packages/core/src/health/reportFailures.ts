/** Tells failures by cause: how many, of what, when, and whether they are over. */
import { noCause, startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Row } from "../report/model.ts"
import { local, localTime, plural, shortDuration } from "../report/time.ts"
import { row, type Words } from "../report/words.ts"
import type { RunLine } from "../RunList.ts"
import type { Affected, Failures } from "./model.ts"

const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  refresh: ["refresh", "refreshes"],
  deploy: ["deploy", "deploys"]
}

/** `12 refreshes`, and `12 runs` where they are of both types. */
export const runsOf = (count: number, runTypes: ReadonlyArray<string>): string => {
  const [type, ...others] = runTypes
  const [one, many] = nouns[others.length > 0 ? "" : type ?? ""] ?? ["run", "runs"]
  return plural(count, one, many)
}

/** ` between 2026-11-03 02:00 and 04:10`: the day is said once. */
const between = ({ since, until }: Failures, { minute, zone }: Words): string => {
  if (since === undefined || until === undefined) return ""
  if (minute(since) === minute(until)) return ` at ${minute(since)}`
  const isSameDay = local(since, zone).day === local(until, zone).day
  return ` between ${minute(since)} and ${isSameDay ? localTime(until, zone) : minute(until)}`
}

const environmentsOf = ({ environments }: Failures, { bounds, environment }: Words): Line => {
  const shown = environments.slice(0, bounds.names).map(environment)
  const more = environments.length - shown.length
  return shown.length === 0
    ? []
    : line` in env${environments.length === 1 ? "" : "s"} ${join(shown, ", ")}${more === 0 ? "" : ` and ${more} more`}`
}

const which = (by: string | undefined, run: RunLine | undefined, words: Words): string =>
  run === undefined ? "a later run" : `${by === "reRun" ? "re-run" : "later run"} ${run.id}${startedAt(run, words)}`

/** Whether one job has recovered, and by which run. */
export const recoveryOf = ({ recovery }: Affected, words: Words): string => {
  if (recovery === undefined) return "whether it is over is not known"
  const { by, failedSince, run, state } = recovery
  const said = which(by, run, words)
  switch (state) {
    case "recovered":
      return `recovered: ${said} completed`
    case "relapsed":
      return `not over: ${said} completed, but ${failedSince?.id ?? "a later run"} failed after it`
    case "running":
      return `not over yet: ${said} is ${run?.runStatus === "waitingToRun" ? "waiting" : "running"}`
    case "failedAgain":
      return `not over: ${said} failed too`
    case "unconfirmed":
      return `not known to be over: ${said} completed, perhaps without the failed nodes`
    case "canceled":
      return `not over: ${said} was canceled`
    case "notYet":
      return "has not run again"
  }
}

const suffix = (count: number): string =>
  count % 100 >= 11 && count % 100 <= 13 ? "th" : ["th", "st", "nd", "rd"][count % 10] ?? "th"

/** New, or the n-th time; a loop where there is one. */
export const timesOf = ({ loop, streak }: Affected, { minute }: Words): ReadonlyArray<string> => {
  if (loop !== undefined) {
    return [
      `failed ${loop.failures} times since ${minute(loop.since)}, every ${shortDuration(loop.everySeconds)}`
    ]
  }
  if (streak === undefined) return []
  const { failures, since, truncated } = streak
  if (failures === 1) return truncated ? [] : ["new"]
  const count = truncated ? `failure ${failures} or later` : `the ${failures}${suffix(failures)} failure`
  return [`${count} in succession${since === undefined ? "" : ` since ${minute(since)}`}`]
}

const otherCausesOf = ({ otherCauses = 0 }: Affected): ReadonlyArray<string> =>
  otherCauses === 0 ? [] : [`${plural(otherCauses, "other cause")} in this run`]

/** A job that a cause hit: `1202, refresh "Daily sales" (job 15) in env 3: new, has not run again`. */
const affectedLine = (
  affected: Affected,
  words: Words,
  said: { readonly isNew?: boolean; readonly isOver?: boolean } = {}
): Line => {
  const facts = [
    ...(said.isNew === true ? [] : timesOf(affected, words)),
    ...otherCausesOf(affected),
    ...(said.isOver === true ? [] : [recoveryOf(affected, words)])
  ]
  return line`${affected.run.id}, ${titleOf(affected.run, words)}${startedAt(affected.run, words)}${
    facts.length === 0 ? "" : `: ${facts.join(", ")}`
  }`
}

/** What holds for all jobs of a cause is said once. */
const sharedOf = ({ affected: { listed, more }, jobs, notYet, recovered }: Failures) => ({
  isNew: more === 0 &&
    listed.every(({ loop, streak }) => loop === undefined && streak?.failures === 1 && !streak.truncated),
  isOver: recovered === jobs || notYet === jobs
})

/** Whether the jobs have recovered, in a sentence. */
const togetherOf = (failures: Failures): string => {
  const { jobs, notYet, recovered } = failures
  const news = sharedOf(failures).isNew ? " All are new." : ""
  if (recovered === jobs) return `${news} All have recovered.`
  if (notYet === jobs) return `${news} None has run again.`
  const rest = notYet === 0 ? "" : `, ${notYet} ${notYet === 1 ? "has" : "have"} not run again`
  return `${news} ${recovered} of ${jobs} have recovered${rest}.`
}

const causeName = ({ cause }: Failures): string =>
  cause === undefined ? noCause : cause.code === undefined ? cause.class : `${cause.class} ${cause.code}`

const namedNode = ({ node }: Failures, { name }: Words): Line =>
  node === undefined ? [] : line`${name(node.name ?? node.nodeID)}: `

/** What the failures say: `ORDERS: "Division by zero" (divisionByZero 100051)`. */
const messageOf = (failures: Failures, max: number, words: Words): Line => {
  const { cause, node } = failures
  const message = words.quote(cause?.message ?? node?.errorString, max)
  const stage = words.quote(node?.stage, words.bounds.name)
  return line`${namedNode(failures, words)}${
    message ?? (stage === undefined ? "no message" : line`${stage} failed without a message`)
  } (${causeName(failures)})`
}

const objectsOf = ({ objects }: Failures, { bounds, name }: Words): ReadonlyArray<Line> => {
  if (objects === undefined) return []
  const shown = objects.listed.slice(0, bounds.names)
  const more = objects.listed.length - shown.length + objects.more
  return [
    line`about ${join(shown.map((object): Line => [name(object)]), ", ")}${more === 0 ? "" : ` and ${more} more`}`
  ]
}

/** How many jobs of a cause are listed, and how much of its message: more of the first causes than of the others. */
const shares = [{ jobs: 4, message: 1 }, { jobs: 2, message: 1 }, { jobs: 2, message: 1 }] as const
const laterShare = { jobs: 0, message: 0.4 } as const

/** How the causes of a group are alike. */
const alike = ({ objects }: Failures): string =>
  objects === undefined ? "all of one cause" : "all with one kind of error"

const followsLine = ({ follows }: Failures, { name }: Words): Line =>
  follows === undefined ? [] : line` It follows from run ${follows.runID}, which did not make ${name(follows.node)}.`

/** Tells the failures whose cause was not read, by the jobs that no other cause hit. */
export const notReadRow = ({ affected, jobs, runIDs, runTypes }: Failures, words: Words): Row => {
  const shown = affected.listed.slice(0, 3).map((one) => affectedLine(one, words))
  return row(
    [`${runsOf(runIDs.length, runTypes)}, of ${plural(jobs, "job")} without another cause above`],
    jobs > shown.length ? [...shown, [`and ${plural(jobs - shown.length, "more job")}`]] : shown
  )
}

/** Makes the row of a cause. */
export const failuresRow = (failures: Failures, index: number, words: Words): Row => {
  const { affected, jobs, runIDs, runTypes } = failures
  const [first] = affected.listed
  const share = shares[index] ?? laterShare
  const max = index === 0 ? words.bounds.message : Math.round(words.bounds.shortMessage * share.message)
  const message = line`${messageOf(failures, max, words)}.${followsLine(failures, words)}`
  if (jobs === 1 && first !== undefined) {
    const times = runIDs.length === 1 || first.loop !== undefined
      ? ""
      : ` (the latest of ${runIDs.length} with this cause)`
    return row(line`${affectedLine(first, words)}${times}. ${message}`)
  }
  const shown = affected.listed.slice(0, share.jobs)
  const said = sharedOf(failures)
  const more = jobs - shown.length
  const latest = shown.length > 0 || first === undefined ? "" : ` (latest run ${first.run.id})`
  return row(
    line`${runsOf(runIDs.length, runTypes)} of ${plural(jobs, "job")}${latest}${
      shown.length === 0
        ? []
        : line`${environmentsOf(failures, words)} failed${between(failures, words)}, ${alike(failures)}`
    }: ${message}${togetherOf(failures)}`,
    [
      ...objectsOf(failures, words),
      ...shown.map((one) => affectedLine(one, words, said)),
      ...(more > 0 && shown.length > 0 ? [[`and ${plural(more, "more job")}`]] : [])
    ]
  )
}
