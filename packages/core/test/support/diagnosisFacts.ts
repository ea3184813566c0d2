/** Facts of a diagnosis, for the tests of its words. */
import type { History, Recovery } from "../../src/diagnosis/historyModel.ts"
import type { DiagnosedRun, Diagnosis, NoFailure } from "../../src/diagnosis/model.ts"
import type { FailureGroup, NodeOutcomes } from "../../src/diagnosis/nodeModel.ts"
import { type FailureCause, Report, RunDiagnosis, type RunList, type RunWindow } from "../../src/index.ts"
import { at, id, run } from "./runFacts.ts"

export { at, id, run }

export const deploy = (number: number, fields: Partial<RunList.RunLine> = {}): RunList.RunLine => ({
  id: id(number),
  runType: "deploy",
  runStatus: "completed",
  runStartTime: at("01:00:00"),
  environmentID: "3",
  deployCommit: "52ffe770cb64aa",
  deployCommitMessage: "Add orders",
  ...fields
})

export const cause: FailureCause.FailureCause = {
  class: "divisionByZero",
  code: "100051",
  key: "division by zero",
  message: "Division by zero"
}

/** One failed node. */
export const group = (fields: Partial<FailureGroup> = {}): FailureGroup => ({
  class: "divisionByZero",
  key: "division by zero",
  count: 1,
  first: { nodeID: "n1", name: "ORDERS", cause },
  nodes: { listed: ["ORDERS"], more: 0 },
  messages: 1,
  otherMessages: [],
  ...fields
})

export const nodes = (fields: Partial<NodeOutcomes> = {}): NodeOutcomes => ({
  total: 12,
  completed: 11,
  failed: 1,
  skipped: 0,
  canceled: 0,
  running: 0,
  unknown: 0,
  groups: { listed: [group()], more: 0 },
  nodesNotListed: 0,
  blocked: { listed: [], more: 0 },
  failedTests: { listed: [], more: 0 },
  ...fields
})

export const history = (fields: Partial<History> = {}): History => ({
  sameBy: "job",
  lastSuccess: run(8, { runStatus: "completed", runStartTime: at("02:00:00", "02") }),
  firstFailure: run(9),
  streakLength: 1,
  canceledInStreak: 0,
  recent: { failed: 1, completed: 4, canceled: 0, other: 0 },
  statuses: [],
  searched: { rows: 100, ended: "found" },
  ...fields
})

export const recovery = (fields: Partial<Recovery> = {}): Recovery => ({
  state: "notYet",
  reRuns: { listed: [], more: 0 },
  laterRuns: 0,
  searched: { rows: 5, hasMore: false },
  ...fields
})

export const window: RunWindow.RunWindow = {
  since: at("18:00:00", "02"),
  until: at("08:00:00"),
  timeZone: "UTC",
  timeZoneSource: "machine"
}

/** A diagnosis of run 9, of which nothing but the run is known. */
export const diagnosis = (fields: Partial<Diagnosis> = {}, ofRun: Partial<DiagnosedRun> = {}): Diagnosis => ({
  outcome: "failed",
  diagnosedAt: at("09:00:00"),
  timeZone: "UTC",
  filter: {},
  run: { ...run(9), ...ofRun },
  suspects: { listed: [], more: 0 },
  otherFailures: { listed: [], more: 0, truncated: false },
  unavailable: [],
  ...fields
})

const none = { listed: [], more: 0 }

/** A diagnosis of a window in which nothing failed. */
export const quiet = (noFailure: Partial<NoFailure> = {}, fields: Partial<Diagnosis> = {}): Diagnosis => {
  const { run: _, ...rest } = diagnosis({ outcome: "noneFailed", window, ...fields })
  return {
    ...rest,
    noFailure: {
      ran: none,
      statuses: [{ status: "completed", count: 3 }, { status: "running", count: 1 }],
      didNotRun: none,
      truncated: false,
      failuresTruncated: false,
      stillRunning: none,
      canceled: none,
      failedNodes: [],
      waiting: none,
      failedOfOtherType: none,
      dataTests: { checked: [], unchecked: 0, failures: [] },
      ...noFailure
    }
  }
}

export const linesOf = (facts: Diagnosis, options?: Report.Options): ReadonlyArray<string> =>
  Report.toText(RunDiagnosis.report(facts, options)).split("\n")

/** The line that begins so. */
export const lineOf = (facts: Diagnosis, start: string, options?: Report.Options): string | undefined =>
  linesOf(facts, options).find((line) => line.startsWith(start))

/** The lines below a title. */
export const sectionOf = (facts: Diagnosis, title: string, options?: Report.Options): ReadonlyArray<string> => {
  const lines = linesOf(facts, options)
  const from = lines.indexOf(`${title}:`) + 1
  const to = lines.findIndex((line, index) => index >= from && !/^(?:- | {3})/.test(line))
  return from === 0 ? [] : lines.slice(from, to < 0 ? undefined : to)
}
