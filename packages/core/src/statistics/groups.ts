/** Which group a run belongs to, and on which day it started in a time zone. */
import * as DateTime from "effect/DateTime"
import { type AnyRun, environmentID, isDetailed, jobName, type RunId } from "../Run.ts"
import { kept } from "./kept.ts"
import type { Group, GroupBy } from "./model.ts"
import { present } from "./present.ts"

/** What is the same in all runs of a group. */
export type GroupIdentity = Pick<Group, "key" | "environmentID" | "jobID" | "selector" | "runType" | "day">

const maxTextLength = 200

const text = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : kept(value, maxTextLength)

/** The key that runs of one group share. It is a text for people, too. */
export const keyOf = (run: AnyRun, groupBy: GroupBy, dayOf: (time: DateTime.Utc) => string): string => {
  switch (groupBy) {
    case "type":
      return bounded(run.runType)
    case "environment":
      return environmentOf(run)
    case "day":
      return run.runStartTime === undefined ? "not started" : dayOf(run.runStartTime)
    case "job":
      return `${jobOf(run)} in ${environmentOf(run)}`
  }
}

// A text that is too long is told from another by its beginning and its length.
const bounded = (value: string): string =>
  value.length <= maxTextLength ? value : `${value.slice(0, maxTextLength)}… (${value.length})`

const environmentOf = (run: AnyRun): string => {
  const id = environmentID(run)
  return id === undefined ? "no environment" : `environment ${bounded(id)}`
}

// One job may be deployed to several environments, and what was started without a job is told by its selector.
const jobOf = (run: AnyRun): string => {
  if (!isDetailed(run)) return "unknown job"
  if (run.runType === "deploy") return "deploys"
  const { jobID } = run.runDetails
  return jobID === undefined ? `refreshes of ${bounded(selectorOf(run) ?? "everything")}` : `job ${jobID}`
}

const selectorOf = (run: AnyRun): string | undefined => {
  if (!isDetailed(run) || run.runType !== "refresh" || run.runDetails.jobID !== undefined) return undefined
  const { excludeNodesSelector: without, includeNodesSelector: only } = run.runDetails
  return without === undefined ? only : `${only ?? "everything"} but ${without}`
}

/** A group, from one of its runs. */
export const identityOf = (run: AnyRun, groupBy: GroupBy, key: string): GroupIdentity => {
  const environment = text(environmentID(run))
  switch (groupBy) {
    case "type":
      return { key, runType: kept(run.runType, maxTextLength) }
    case "environment":
      return { key, ...present({ environmentID: environment }) }
    case "day":
      return run.runStartTime === undefined ? { key } : { key, day: key }
    case "job":
      return {
        key: kept(key, key.length),
        ...present({
          environmentID: environment,
          runType: text(run.runType),
          jobID: isDetailed(run) && run.runType === "refresh" ? run.runDetails.jobID : undefined,
          selector: text(selectorOf(run))
        })
      }
  }
}

/** The name of a job as its latest run has it. */
export class LatestName {
  #run: RunId | undefined
  #name: string | undefined

  add(run: AnyRun): void {
    const name = isDetailed(run) ? jobName(run) : undefined
    if (name === undefined || (this.#run !== undefined && run.id < this.#run)) return
    this.#run = run.id
    if (name !== this.#name) this.#name = text(name)
  }

  get(): string | undefined {
    return this.#name
  }
}

const hour = 3_600_000

/**
 * The day of a time in a zone, as `2026-10-25`. A zone's offset is looked up once an hour of the stream and not once a
 * run, which is forty times as slow; where it changes within the hour, it is looked up for the time itself.
 */
export const dayIn = (zone: DateTime.TimeZone): (time: DateTime.Utc) => string => {
  const offsetAt = (millis: number): number => DateTime.zonedOffset(DateTime.setZone(DateTime.makeUnsafe(millis), zone))
  let known = { start: Number.NaN, offset: Number.NaN as number | undefined }
  let shown = { day: Number.NaN, text: "" }
  return (time) => {
    const millis = DateTime.toEpochMillis(time)
    const start = Math.floor(millis / hour) * hour
    if (start !== known.start) {
      const offset = offsetAt(start)
      known = { start, offset: offset === offsetAt(start + hour) ? offset : undefined }
    }
    const day = Math.floor((millis + (known.offset ?? offsetAt(millis))) / 86_400_000)
    if (day !== shown.day) shown = { day, text: new Date(day * 86_400_000).toISOString().slice(0, 10) }
    return shown.text
  }
}
