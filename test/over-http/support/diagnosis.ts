import { RunDiagnosis, type RunList, type RunsClient } from "@coalesce-runs/core"
import { type DiagnosisScenarios, Simulator } from "@coalesce-runs/simulator"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import type { ExpectedScenario } from "../expectedFacts/scenarios.ts"
import { clientOf } from "./client.ts"

type Mutable<A> = { -readonly [K in keyof A]: A[K] }

const sum = ({ listed, more }: { readonly listed: ReadonlyArray<unknown>; readonly more: number }) =>
  listed.length + more

const ids = ({ listed }: { readonly listed: ReadonlyArray<RunList.RunLine> }) => listed.map(({ id }): number => id)

const tests = ({ listed }: { readonly listed: ReadonlyArray<RunDiagnosis.FailedTest> }) =>
  listed.map(({ node, test }) => test === undefined ? node : `${node}: ${test}`)

const suspect = (suspect: RunDiagnosis.Suspect): string => {
  switch (suspect.kind) {
    case "deploy":
      return `deploy ${suspect.run.id}`
    case "parameters":
      return `parameters ${suspect.changes.listed.map(({ name }) => name).join(", ")}`
    case "nodeCount":
      return `nodeCount ${suspect.before} to ${suspect.after}`
    case "selector":
      return "selector"
    case "parallelism":
      return `parallelism ${suspect.before} to ${suspect.after}`
    case "credentials":
      return `credentials ${suspect.fields.join(", ")}`
  }
}

const root = ({ by, kind, node, nodes, run }: RunDiagnosis.Root) => ({
  kind,
  by,
  node,
  nodes: nodes.listed,
  ...some({ run: run?.id })
})

const seenBefore = (seen: RunDiagnosis.SeenBefore) => ({
  failures: seen.failures,
  same: seen.same,
  ...some({
    notKnown: seen.notKnown,
    passed: seen.passed,
    passedUnchanged: seen.passedUnchanged,
    passedOnReRun: seen.passedOnReRun,
    latest: seen.occurrences.listed[0] === undefined ? undefined : {
      run: seen.occurrences.listed[0].run.id,
      ...some({
        passed: seen.occurrences.listed[0].passed?.id,
        deploys: ids(seen.occurrences.listed[0].deploys)
      })
    },
    elsewhere: seen.elsewhere.listed.map(({ run }) => run.id)
  })
})

const touches = ({ listed }: RunDiagnosis.Diagnosis["suspects"]) =>
  listed.flatMap((one) => one.touches === undefined ? [] : [`${suspect(one)}: ${one.touches.join(", ")}`])

/** Leaves out absent values: expected facts have no keys for them. */
const some = <A extends object>(fields: A): Partial<A> => {
  const out: Partial<Mutable<A>> = {}
  for (const name of Object.keys(fields)) {
    // A key of an object without any others.
    const key = name as keyof A
    const value = fields[key]
    if (value === undefined || value === 0 || (Array.isArray(value) && value.length === 0)) continue
    out[key] = value
  }
  return out
}

const noFailure = (found: RunDiagnosis.NoFailure) => ({
  ran: sum(found.ran),
  ...some({
    didNotRun: found.didNotRun.listed.map(({ jobName }) => jobName),
    nearest: (found.nearest?.before ?? found.nearest?.after)?.id,
    stillRunning: ids(found.stillRunning),
    canceled: ids(found.canceled),
    waiting: ids(found.waiting),
    failedOfOtherType: ids(found.failedOfOtherType),
    testsChecked: found.dataTests.checked.length,
    testsUnchecked: found.dataTests.unchecked,
    failedTests: found.dataTests.failures.map(({ failedTests, run }) => ({ run: run.id, tests: tests(failedTests) })),
    olderFailure: found.olderFailure?.id
  })
})

const causes = ({ groups }: RunDiagnosis.NodeOutcomes) =>
  groups.listed.map((group) => ({
    class: group.class,
    ...some({ code: group.first.cause?.code }),
    nodes: group.count,
    first: group.first.name
  }))

const history = (history: RunDiagnosis.History) => ({
  streakLength: history.streakLength,
  firstFailure: history.firstFailure.id,
  failed: history.recent.failed,
  ...some({
    lastSuccess: history.lastSuccess?.id,
    cause: history.comparedWithFirst?.cause,
    causeSince: history.causeSince?.run.id,
    canceledInStreak: history.canceledInStreak,
    earlierFailure: history.earlierFailure?.run.id
  })
})

/** Turns a diagnosis into the form of expected facts, so that a test compares all that it says. */
export const factsOf = (diagnosis: RunDiagnosis.Diagnosis) => {
  const { nodes, recovery, run } = diagnosis
  return {
    outcome: diagnosis.outcome,
    ...(nodes === undefined ? {} : { nodes: nodes.total }),
    ...some({
      run: run?.id,
      reRunID: run?.reRunID,
      reason: run?.cause?.class,
      causes: nodes === undefined ? undefined : causes(nodes),
      moreCauses: nodes?.groups.more,
      blocked: nodes === undefined ? undefined : sum(nodes.blocked),
      failedTests: nodes === undefined ? undefined : tests(nodes.failedTests),
      history: diagnosis.history === undefined ? undefined : history(diagnosis.history),
      roots: diagnosis.roots?.map(root),
      seenBefore: diagnosis.seenBefore && seenBefore(diagnosis.seenBefore),
      suspects: diagnosis.suspects.listed.map(suspect),
      touches: touches(diagnosis.suspects),
      deploysSince: diagnosis.deploysSince?.listed.map(({ reverts, run }) => `${run.id}${reverts ? " reverts" : ""}`),
      recovery: recovery === undefined || recovery.run === undefined
        ? undefined
        : { state: recovery.state, run: recovery.run.id, ...some({ failedSince: recovery.failedSince?.id }) },
      others: ids(diagnosis.otherFailures),
      moreOthers: diagnosis.otherFailures.more,
      othersSame: diagnosis.otherFailures.causes?.same,
      othersOther: diagnosis.otherFailures.causes?.other,
      othersNotKnown: diagnosis.otherFailures.causes?.notKnown,
      noFailure: diagnosis.noFailure === undefined ? undefined : noFailure(diagnosis.noFailure),
      unavailable: diagnosis.unavailable.map(({ error, part, status }) => `${part} ${status ?? error}`)
    })
  }
}

/** Runs the question of a scenario at its moment, over real HTTP. */
export const asked = <A>(
  { history, question }: Pick<DiagnosisScenarios.DiagnosisScenario, "history" | "question">,
  use: (diagnosis: Effect.Effect<RunDiagnosis.Diagnosis, RunsClient.ListError, RunsClient.RunsClient>) => Effect.Effect<
    A,
    RunsClient.ListError,
    RunsClient.RunsClient | Simulator.Simulator
  >,
  options: Simulator.Options = {}
) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(DateTime.toEpochMillis(history.now))
    return yield* use(
      RunDiagnosis.diagnose({ ...question, timeZone: DateTime.zoneToString(history.timeZone) })
    )
  }).pipe(Effect.provide(clientOf({ scenario: history, ...options }, { retry: Schedule.recurs(0) })))

/** The most tokens of a report: of a plain failure, of one of several causes or runs, and where many nodes failed. */
export const maxTokens = ({ expected: { causes = [], others = [], outcome } }: ExpectedScenario): number => {
  const failed = causes.reduce((sum, { nodes }) => sum + nodes, 0)
  if (failed > 100) return 1200
  if (failed > 20) return 800
  return outcome !== "failed" || (causes.length <= 1 && others.length === 0) ? 600 : 700
}
