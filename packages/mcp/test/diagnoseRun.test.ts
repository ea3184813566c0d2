// `diagnose_run` over every scenario that comes with a written-down answer: both forms of an answer tell its facts, and
// neither tells of what is not there.
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type ExpectedScenario, scenarios } from "../../../test/over-http/expectedFacts/scenarios.ts"
import type { Content } from "../src/tools/diagnoseRun/model.ts"
import { client, textOf, tokens } from "./support/asked.ts"

const zoneOf = ({ history }: ExpectedScenario): string => DateTime.zoneToString(history.timeZone)

const ask = (scenario: ExpectedScenario) =>
  Effect.gen(function*() {
    const { call, client: asked } = yield* client(scenario.history)
    // The client checks structured content against the schema that the list advertises.
    yield* Effect.promise(() => asked.listTools())
    const result = yield* call("diagnose_run", { ...scenario.question, timeZone: zoneOf(scenario) })
    expect(result.isError).toBeFalsy()
    // Type boundary: the advertised schema says less than what is there.
    return { call, text: textOf(result), content: result.structuredContent as unknown as Content }
  })

/** The lines of a text from one that begins so, up to the next heading. */
const section = (text: string, heading: string): string => {
  const lines = text.split("\n")
  const from = lines.findIndex((line) => line.startsWith(heading))
  if (from === -1) return ""
  const rest = lines.slice(from + 1)
  const to = rest.findIndex((line) => !/^(-|\d+\.| {3})/.test(line))
  return [lines[from], ...rest.slice(0, to === -1 ? rest.length : to)].join("\n")
}

const factsOfText = (text: string, { expected: answer }: ExpectedScenario): void => {
  const [first = ""] = text.split("\n")
  const { aftermath, blocked, causes, couldNotRead, failedTests, history, noFailure, others, run, suspects } = answer
  if (answer.outcome === "failed") expect(first).toMatch(new RegExp(`^Run ${run} failed: `))
  else if (run !== undefined) {
    expect(first).toMatch(new RegExp(`^Run ${run} (completed|has not|is waiting|was canceled)`))
  } else expect(first).toMatch(/^No (refresh|deploy) (failed|started) in the interval/)
  if (answer.reRunOf !== undefined) expect(first).toContain(`re-run of ${answer.reRunOf}`)

  const groups = section(text, "Failed nodes, by cause:")
  if (causes === undefined) expect(groups).toBe("")
  for (const { class: name, code, first, nodes } of causes ?? []) {
    expect(groups).toMatch(new RegExp(`${name}${code === undefined ? "" : ` ${code}`}, .*${first}`))
    if (nodes > 1) expect(groups).toContain(`, ${nodes} nodes: ${first}`)
  }
  if (answer.outcome === "failed" && answer.nodes !== undefined) {
    const failed = (causes ?? []).reduce((sum, { nodes }) => sum + nodes, 0)
    expect(text).toContain(`${failed} of ${answer.nodes} node`)
  }
  if (answer.reason !== undefined) expect(text).toContain(`(${answer.reason}`)
  expect(text.includes("blocked by them did not run")).toBe(blocked !== undefined)
  if (blocked !== undefined) expect(text).toContain(`Blocked (${blocked}): `)

  const tests = section(text, "Failed data tests")
  if (failedTests === undefined && noFailure?.failedTests === undefined) expect(tests).toBe("")
  for (const test of failedTests ?? []) expect(tests).toContain(test.replace(": ", ": \"").concat("\""))

  const since = text.split("\n").find((line) => line.startsWith("Since: "))
  expect(since !== undefined).toBe(answer.outcome === "failed")
  if (history !== undefined) {
    expect(since).toContain(
      history.failuresInARow === 1
        ? "this run is the first failure"
        : `run ${history.firstFailure} (`
    )
    if (history.failuresInARow > 1) expect(since).toContain(`${history.failuresInARow} failures in a row`)
    if (history.cause === "same") expect(since).toContain("with the same cause as the first")
    if (history.cause === "different") expect(since).toContain("with another cause than the first")
    expect(since).toContain(
      history.lastSuccess === undefined ? "no success of" : `last success ${history.lastSuccess} (`
    )
    expect(since).toMatch(new RegExp(`\\. ${history.failed} of \\d+ ended run`))
    if (history.canceledInBetween !== undefined) expect(since).toContain(`${history.canceledInBetween} canceled`)
    expect(since?.includes("Before that success")).toBe(history.earlierFailure !== undefined)
    if (history.earlierFailure !== undefined) expect(since).toContain(`Before that success ${history.earlierFailure} `)
  }

  const suspected = section(text, "Suspects, not verdicts:")
  if (suspects === undefined) expect(suspected).toBe("")
  for (const suspect of suspects ?? []) {
    const [kind, ...what] = suspect.split(" ")
    if (kind === "deploy") expect(suspected).toMatch(new RegExp(`^- ${what[0]}, deploy of .+\\. \\S`, "m"))
    else {expect(suspected).toMatch(
        new RegExp(`^- ${kind} .*${what.join(" ").replace(/^(\d+ to \d+)$/, "$1 nodes")}`, "m")
      )}
  }

  const now = text.split("\n").find((line) => line.startsWith("Now: "))
  const failedSince = aftermath?.failedSince
  if (aftermath !== undefined) expect(now).toMatch(new RegExp(`(re-run|later run) ${aftermath.run}\\b`))
  else if (answer.outcome === "failed") expect(now).toMatch(/^Now: not run again/)
  if (failedSince !== undefined) expect(now).toMatch(new RegExp(`completed, but ${failedSince} .*failed after it`))
  expect(/over, as it seems/.test(now ?? "")).toBe(aftermath?.state === "succeeded" && failedSince === undefined)

  const also = section(text, "Also failed in the interval:")
  if (others === undefined) expect(also).toBe("")
  else expect(also.match(/^- (\d+),/gm)?.map((line) => Number(line.slice(2, -1)))).toEqual(others)
  if (answer.moreOthers !== undefined) expect(also).toContain(`- and ${answer.moreOthers} more`)

  const unread = section(text, "Could not read:")
  if (couldNotRead === undefined) expect(unread).toBe("")
  for (const part of couldNotRead ?? []) expect(unread).toContain(part.split(" ")[1])

  if (noFailure === undefined) return
  const { canceled, failedOfOtherType, nearest, olderFailure, ran, stillRunning, testsNotRead, testsRead, waiting } =
    noFailure
  expect(
    first.match(/\b\d+ (?=completed|failed|running|canceled|waitingToRun)/g)?.reduce((sum, n) => sum + Number(n), 0) ??
      0
  )
    .toBe(ran)
  if (nearest !== undefined) expect(first).toContain(`is run ${nearest},`)
  for (
    const [title, ids] of [
      ["Still running", stillRunning],
      ["Canceled", canceled],
      ["Waiting, never started", waiting],
      ["Failed, of the other type", failedOfOtherType],
      ["Latest failure before the interval, not diagnosed", olderFailure === undefined ? undefined : [olderFailure]]
    ] as const
  ) {
    const line = text.split("\n").find((line) => line.startsWith(`${title}: `))
    expect(line?.slice(title.length).match(/(?<=^: |; )\d+(?=,)/g)?.map(Number)).toEqual(ids)
  }
  expect(text.includes("Data tests were looked at")).toBe(testsRead !== undefined)
  if (testsRead !== undefined) expect(text).toContain(`Data tests were looked at in ${testsRead} completed`)
  if (testsNotRead !== undefined) expect(text).toContain(`, and not in ${testsNotRead} more`)
  for (const { run, tests: names } of noFailure.failedTests ?? []) {
    for (const name of names) expect(tests).toContain(`- run ${run}, ${name.replace(": ", ": \"")}"`)
  }
}

const factsOfContent = (content: Content, { expected: answer }: ExpectedScenario): void => {
  const ids = (rows: ReadonlyArray<{ readonly id: number }> | undefined) => rows?.map(({ id }) => id)
  expect(content.outcome).toBe(answer.outcome)
  expect(content.run?.id).toBe(answer.run)
  expect(content.run?.class).toBe(answer.reason)
  expect(content.run?.reRunID).toBe(answer.reRunOf)
  expect(
    content.causes?.map(({ class: name, code, names: [first], nodes }) => ({
      class: name,
      ...(code === undefined ? {} : { code }),
      nodes,
      first
    }))
  ).toEqual(answer.causes)
  expect(content.nodes?.["total"]).toBe(answer.nodes)
  expect(content.failedTests?.map(({ node, test }) => `${node}: ${test}`)).toEqual(answer.failedTests)
  expect(content.history?.failuresInARow).toBe(answer.history?.failuresInARow)
  expect(content.history?.firstFailure.id).toBe(answer.history?.firstFailure)
  expect(content.history?.lastSuccess?.id).toBe(answer.history?.lastSuccess)
  expect(content.history?.sameCause).toBe(answer.history?.cause)
  expect(content.suspects?.map(({ kind, run }) => run === undefined ? kind : `deploy ${run.id}`)).toEqual(
    answer.suspects?.map((suspect) => suspect.startsWith("deploy") ? suspect : suspect.split(" ")[0])
  )
  expect(content.aftermath?.run?.id).toBe(answer.aftermath?.run)
  expect(ids(content.otherFailures)).toEqual(answer.others)
  expect(content.moreFailures).toBe(answer.moreOthers)
  expect(content.couldNotRead?.map(({ error, part, status }) => `${part} ${status ?? error}`)).toEqual(
    answer.couldNotRead
  )
  expect(content.noFailure?.nearest?.id).toBe(answer.noFailure?.nearest)
  expect(ids(content.noFailure?.waiting)).toEqual(answer.noFailure?.waiting)
  expect(ids(content.noFailure?.stillRunning)).toEqual(answer.noFailure?.stillRunning)
  expect(ids(content.noFailure?.canceled)).toEqual(answer.noFailure?.canceled)
  expect(content.noFailure?.olderFailure?.id).toBe(answer.noFailure?.olderFailure)
}

/** Tokens of text and of structured content, for the list of sizes. */
const sizes = new Map<string, readonly [text: number, structured: number]>()

const sizeOf = (name: string, text: string, content: Content) => {
  const structured = JSON.stringify(content).replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:4000")
  sizes.set(name, [tokens(text), tokens(structured)])
}

describe("the answer to every scenario", () => {
  for (const scenario of scenarios) {
    it.effect(scenario.name, () =>
      Effect.gen(function*() {
        const { call, content, text } = yield* ask(scenario)
        factsOfText(text, scenario)
        factsOfContent(content, scenario)
        sizeOf(scenario.name, text, content)
        expect(tokens(text)).toBeLessThanOrEqual(scenario.name === "a run of 2,000 nodes" ? 1200 : 700)
        expect(tokens(JSON.stringify(content))).toBeLessThanOrEqual(2000)
        // Both forms lead on alike, and every call that they name works as it stands.
        expect(content.nextCalls.length).toBeLessThanOrEqual(3)
        const said = text.split("\n").filter((line) => line.startsWith("Next: "))
        expect(said.map((line) => line.replace(/} .*$/, "}"))).toEqual(
          content.nextCalls.map(({ arguments: args, tool }) => `Next: ${tool} ${JSON.stringify(args)}`)
        )
        for (const { arguments: args, tool } of content.nextCalls) {
          const next = yield* call(tool, args)
          expect(next.isError, `${tool} ${JSON.stringify(args)}: ${textOf(next)}`).toBeFalsy()
        }
        expect(text).toMatchSnapshot()
      }))
  }

  it("is short: tokens of text and of structured content", () => {
    expect([...sizes].map(([name, [text, structured]]) => `${text} ${structured} ${name}`)).toMatchSnapshot()
  })
})
