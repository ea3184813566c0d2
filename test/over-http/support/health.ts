import { RunHealth, type RunsClient } from "@coalesce-runs/core"
import type { Nights, Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { clientOf } from "./client.ts"

const plural = (count: number) => `${count} ${count === 1 ? "run" : "runs"}`

const failures = (finding: RunHealth.Failures, jobs: ReadonlyMap<number, string>): string => {
  if (finding.causeFrom === "notRead") {
    return `${plural(finding.runIDs.length)} not read: ${finding.jobs === 0 ? "no other job" : `${finding.jobs} jobs`}`
  }
  const affected = finding.affected.listed.map(({ loop, recovery, run, streak }) => {
    const by = recovery?.by === undefined ? "" : ` by ${recovery.by}`
    const loops = loop === undefined ? "" : `, ${loop.failures} times every ${loop.everySeconds} s`
    return `${run.jobName} (${streak?.failures}, ${recovery?.state}${by}${loops})`
  })
  const follows = finding.follows === undefined
    ? ""
    : `, follows from ${finding.follows.node} of ${jobs.get(finding.follows.runID)}`
  return `${finding.cause?.class} of ${plural(finding.runIDs.length)}: ${affected.join(", ")}${follows}`
}

const isUnusual = (finding: RunHealth.Finding): finding is RunHealth.Unusual => "key" in finding

const finding = (finding: RunHealth.Finding, jobs: ReadonlyMap<number, string>): string => {
  if (isUnusual(finding)) {
    const nodes = finding.runningNodes?.listed.map(({ node }) => node) ?? []
    return `${finding.kind}: ${finding.jobName}${nodes.length === 0 ? "" : `, at ${nodes.join(", ")}`}`
  }
  switch (finding.kind) {
    case "failures":
      return failures(finding, jobs)
    case "failedBefore":
      return `failedBefore: ${finding.run.jobName}, ${finding.cause?.class}`
    case "failedTests":
      return `failedTests: ${finding.run.jobName}, ${
        finding.failedTests.listed.map(({ node, test }) => `${node}: ${test}`).join(", ")
      }`
    case "noRows":
      return `noRows: ${finding.run.jobName}, ${finding.nodes.listed.length + finding.nodes.more} nodes`
    case "failedNodes":
    case "otherStatus":
      return `${finding.kind}: ${finding.run.jobName}`
  }
}

/** Turns a check into the form of expected facts, so that a test compares all findings. */
export const factsOf = ({ findings }: RunHealth.Health): ReadonlyArray<string> => {
  const jobs = new Map(
    findings.flatMap((finding) =>
      finding.kind === "failures"
        ? finding.affected.listed.map(({ run }) => [Number(run.id), run.jobName ?? ""] as const)
        : []
    )
  )
  return findings.map((one) => finding(one, jobs))
}

/** Runs effects at the moment of a night, over real HTTP. */
export const during = <A, E>(
  { history, now }: Pick<Nights.Night, "history" | "now">,
  effect: Effect.Effect<A, E, RunsClient.RunsClient | Simulator.Simulator>,
  options: Simulator.Options = {}
) =>
  Effect.andThen(TestClock.setTime(DateTime.toEpochMillis(now)), effect).pipe(
    Effect.provide(clientOf({ scenario: history, ...options }, { retry: Schedule.recurs(0) }))
  )

export const check = (options: RunHealth.Options = {}) => RunHealth.check({ timeZone: "Europe/London", ...options })
