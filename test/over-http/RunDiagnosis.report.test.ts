// The report of every scenario says its expected facts, and nothing else.
import { Report, RunDiagnosis } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
import { type ExpectedScenario, scenarios } from "./expectedFacts/scenarios.ts"
import { asked, maxTokens } from "./support/diagnosis.ts"

const textOf = (scenario: ExpectedScenario) =>
  asked(scenario, (diagnose) =>
    Effect.map(diagnose, (diagnosis) => {
      const timeZone = DateTime.zoneToString(scenario.history.timeZone)
      const report = RunDiagnosis.report(diagnosis, { timeZone })
      // The simulator's port changes from run to run.
      return { report, text: Report.toText(report).replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:4000") }
    }))

/** Returns the lines from one with this beginning up to the next heading. */
const section = (text: string, heading: string): string => {
  const lines = text.split("\n")
  const from = lines.findIndex((line) => line.startsWith(heading))
  if (from === -1) return ""
  const rest = lines.slice(from + 1)
  const to = rest.findIndex((line) => !/^(-| {3})/.test(line))
  return [lines[from], ...rest.slice(0, to === -1 ? rest.length : to)].join("\n")
}

const lineOf = (text: string, pattern: RegExp): string | undefined =>
  text.split("\n").find((line) => pattern.test(line))

const holdsHeadline = (text: string, { expected }: ExpectedScenario): void => {
  const [first = ""] = text.split("\n")
  const { outcome, reRunID, run } = expected
  if (outcome === "failed") {
    expect(first).toMatch(new RegExp(`(^|\\. )Run ${run} failed: `))
    expect(first).toMatch(/ Look at: .+\./)
    const causes = [expected.causes?.[0]?.class ?? expected.reason].flatMap((one) => one ?? [])
    for (const one of causes) expect(first).toContain(`(${one}`)
    if ((expected.othersSame ?? 0) > 0) expect(first).toMatch(/^(All \d+|\d+ of \d+) failed \w+ have (one|the) cause/)
  } else if (run !== undefined) {
    expect(first).toMatch(new RegExp(`^Run ${run} (completed|has not|is waiting|was canceled)`))
  } else if (expected.noFailure?.didNotRun !== undefined) {
    const [name] = expected.noFailure.didNotRun
    expect(first).toMatch(
      new RegExp(
        `^"${name}" \\(job \\d+\\) in env \\d+ did not run: it started about \\d\\d:\\d\\d \\S+ on .*(night|day)s\\.$`
      )
    )
  } else expect(first).toMatch(/^No (refresh|deploy) (failed|started) in the window/)
  if (reRunID !== undefined) expect(first).toContain(`re-run of ${reRunID}`)
}

const holdsNodes = (text: string, { expected }: ExpectedScenario): void => {
  const { blocked, causes, failedTests, noFailure, outcome, reason } = expected
  const groups = section(text, "Failed nodes, by cause:")
  if (causes === undefined) expect(groups).toBe("")
  for (const { class: name, code, first, nodes } of causes ?? []) {
    expect(groups).toMatch(new RegExp(`${name}${code === undefined ? "" : ` ${code}`}, .*${first}`))
    if (nodes > 1) expect(groups).toContain(`, ${nodes} nodes: ${first}`)
  }
  if (outcome === "failed" && expected.nodes !== undefined) {
    const failed = (causes ?? []).reduce((sum, { nodes }) => sum + nodes, 0)
    expect(text).toContain(`${failed} of ${expected.nodes} node`)
  }
  if (reason !== undefined) expect(text).toContain(`(${reason}`)
  expect(text.includes("blocked by them did not run")).toBe(blocked !== undefined)
  if (blocked !== undefined) expect(text).toContain(`Blocked (${blocked}): `)

  const tests = section(text, "Failed data tests")
  if (failedTests === undefined && noFailure?.failedTests === undefined) expect(tests).toBe("")
  for (const test of failedTests ?? []) expect(tests).toContain(test.replace(": ", ": \"").concat("\""))
}

const holdsHistory = (text: string, { expected: { history, outcome } }: ExpectedScenario): void => {
  const since = lineOf(text, /^Since: /)
  expect(since !== undefined).toBe(outcome === "failed")
  if (history === undefined) return
  expect(since).toContain(
    history.streakLength === 1
      ? "this run is the first failure"
      : `run ${history.firstFailure} (`
  )
  if (history.streakLength > 1) expect(since).toContain(`a streak of ${history.streakLength} failures`)
  if (history.cause === "same") expect(since).toContain("this run continues with the same cause")
  if (history.cause === "different") expect(since).toContain("this run continues with another cause")
  expect(since).toContain(
    history.lastSuccess === undefined ? "no success of" : `the last success is run ${history.lastSuccess} (`
  )
  expect(since).toMatch(new RegExp(`\\. ${history.failed} of \\d+ ended run`))
  if (history.canceledInStreak !== undefined) {
    expect(since).toMatch(new RegExp(`; ${history.canceledInStreak} runs? canceled in between`))
  }
  if (history.causeSince !== undefined) expect(since).toContain(`since run ${history.causeSince} (`)
}

const holdsSeenBefore = (text: string, { expected: { seenBefore } }: ExpectedScenario): void => {
  const line = lineOf(text, /^Seen before: /)
  const isSeen = seenBefore !== undefined &&
    (seenBefore.same > 0 || seenBefore.notKnown !== undefined || seenBefore.elsewhere !== undefined)
  expect(line !== undefined).toBe(isSeen)
  if (!isSeen) return
  const { elsewhere, latest, same } = seenBefore
  if (latest === undefined) expect(line).toMatch(/^Seen before: not this cause, in (at least )?\d+ failures?/)
  else {
    expect(line).toMatch(new RegExp(`${same} times? in 90 days, the latest run ${latest.run} on `))
    const [deploy] = latest.deploys ?? []
    if (deploy !== undefined) expect(line).toContain(`passed again after deploy ${deploy} `)
    else if (latest.passed !== undefined) expect(line).toMatch(new RegExp(`passed .*${latest.passed}`))
  }
  const [other] = elsewhere ?? []
  if (other !== undefined) expect(line).toContain(`elsewhere in run ${other} on `)
}

const holdsRoots = (text: string, { expected: { deploysSince = [], roots = [] } }: ExpectedScenario): void => {
  const lines = text.split("\n").filter((line) => line.startsWith("Root: "))
  expect(lines.length).toBe(roots.length)
  for (const [index, { node, nodes, run }] of roots.entries()) {
    expect(lines[index]).toMatch(new RegExp(`^Root: ${run === undefined ? "this run" : `run ${run}, `}.*`))
    for (const one of [node, ...nodes]) expect(lines[index]).toContain(one)
  }
  const since = lineOf(text, /^Deployed since: /)
  expect(since !== undefined).toBe(deploysSince.length > 0)
  for (const one of deploysSince) {
    const [id, reverts] = one.split(" ")
    expect(since).toMatch(new RegExp(`\\b${id} .*${reverts === undefined ? "" : ", a revert"}`))
  }
}

const holdsSuspects = (text: string, { expected: { suspects, touches = [] } }: ExpectedScenario): void => {
  const [first = ""] = text.split("\n")
  const [touching] = touches.filter((one) => one.startsWith("deploy "))
  if (touching !== undefined) {
    const [deploy, names = ""] = touching.split(": ")
    expect(first).toContain(`${deploy}, whose message names ${names.split(", ")[0]}`)
  }
  const suspected = section(text, "Suspects, not verdicts:")
  if (suspects === undefined) expect(suspected).toBe("")
  for (const suspect of suspects ?? []) {
    const [kind, ...what] = suspect.split(" ")
    expect(suspected).toMatch(
      kind === "deploy"
        ? new RegExp(`^- ${what[0]}, deploy of .+\\. \\S`, "m")
        : new RegExp(`^- ${kind} .*${what.join(" ").replaceAll(", ", ".*, ")}`, "m")
    )
  }
}

const recoveries = {
  recovered: "Recovered: ",
  relapsed: "Not recovered: ",
  running: "Not recovered yet: ",
  failedAgain: "Not recovered: ",
  canceled: "Not recovered: "
}

const holdsRecovery = (text: string, { expected: { outcome, recovery } }: ExpectedScenario): void => {
  const [first = ""] = text.split("\n")
  const line = /(?:(?<=\. )|^)(?:Not r|R)ecovered.*$/.exec(first)?.[0] ?? lineOf(text, /^(Not r|R)ecovered/)
  if (recovery !== undefined) {
    expect(line).toMatch(new RegExp(`^${recoveries[recovery.state]}(re-run|later run) ${recovery.run}\\b`))
  } else if (outcome === "failed") expect(line).toMatch(/^Not recovered yet: it was not run again/)
  const failedSince = recovery?.failedSince
  expect(/ failed after it/.test(line ?? "")).toBe(failedSince !== undefined)
  if (failedSince !== undefined) expect(line).toMatch(new RegExp(`completed, but run ${failedSince} .*failed after it`))
}

const holdsOthers = (text: string, { expected: { moreOthers, others, unavailable } }: ExpectedScenario): void => {
  const also = section(text, "Also failed in the window:")
  if (others === undefined) expect(also).toBe("")
  else expect(also.match(/^- (\d+),/gm)?.map((line) => Number(line.slice(2, -1)))).toEqual(others)
  if (moreOthers !== undefined) expect(also).toContain(`- and ${moreOthers} more`)

  const missing = section(text, "Unavailable:")
  if (unavailable === undefined) expect(missing).toBe("")
  for (const part of unavailable ?? []) expect(missing).toContain(part.split(" ")[1])
}

const holdsQuietWindow = (text: string, { expected: { noFailure } }: ExpectedScenario): void => {
  if (noFailure === undefined) return
  const first = lineOf(text, /^No (refresh|deploy)/) ?? ""
  const {
    canceled,
    failedOfOtherType,
    nearest,
    olderFailure,
    ran,
    stillRunning,
    testsChecked,
    testsUnchecked,
    waiting
  } = noFailure
  const counts = first.match(/\b\d+ (?=completed|failed|running|canceled|waitingToRun)/g) ?? []
  expect(counts.reduce((sum, n) => sum + Number(n), 0)).toBe(ran)
  if (nearest !== undefined) expect(first).toContain(`is run ${nearest} (`)
  for (
    const [title, ids] of [
      ["Still running", stillRunning],
      ["Canceled", canceled],
      ["Waiting, never started", waiting],
      ["Failed, of the other type", failedOfOtherType],
      ["Latest failure before the window, not diagnosed", olderFailure === undefined ? undefined : [olderFailure]]
    ] as const
  ) {
    expect(section(text, `${title}:`).match(/(?<=^- )\d+(?=,)/gm)?.map(Number)).toEqual(ids)
  }
  expect(text.includes("Data tests checked")).toBe(testsChecked !== undefined)
  if (testsChecked !== undefined) expect(text).toContain(`Data tests checked: in ${testsChecked} completed run`)
  if (testsUnchecked !== undefined) expect(text).toContain(`; ${testsUnchecked} more were not checked`)
  const tests = section(text, "Failed data tests")
  for (const { run, tests: names } of noFailure.failedTests ?? []) {
    for (const name of names) expect(tests).toContain(`- run ${run}, ${name.replace(": ", ": \"")}"`)
  }
}

/** The tokens of each text, for the snapshot of sizes. */
const sizes = new Map<string, number>()

describe("the report of every scenario", () => {
  for (const scenario of scenarios) {
    it.effect(scenario.name, () =>
      Effect.gen(function*() {
        const { report, text } = yield* textOf(scenario)
        holdsHeadline(text, scenario)
        holdsNodes(text, scenario)
        holdsHistory(text, scenario)
        holdsSeenBefore(text, scenario)
        holdsRoots(text, scenario)
        holdsSuspects(text, scenario)
        holdsRecovery(text, scenario)
        holdsOthers(text, scenario)
        holdsQuietWindow(text, scenario)
        const tokens = encode(text).length
        sizes.set(scenario.name, tokens)
        expect(tokens).toBeLessThanOrEqual(maxTokens(scenario))
        expect(report.nextSteps.length).toBeLessThanOrEqual(3)
        expect(text).toMatchSnapshot()
      }))
  }

  it("takes few tokens", () => {
    expect([...sizes].map(([name, tokens]) => `${tokens} ${name}`)).toMatchSnapshot()
  })
})
