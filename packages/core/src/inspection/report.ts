/** Tells an inspection in sentences. Public: `RunInspection` exports it. */
import { jobLines } from "../list/job.ts"
import { filtersOf } from "../list/readingWords.ts"
import { startedAt, titleOf, took } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, NextStep, Options, Report } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { make as makeWords, row, section, type Words } from "../report/words.ts"
import { hasEnded } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type InspectedRun, type Inspection, type Nodes, partNames } from "./model.ts"
import type { InspectedNode } from "./nodeModel.ts"
import { maxName } from "./nodeResults.ts"
import { comparisonLines, differenceSections } from "./reportComparison.ts"
import { durationText, nodeSections, warehouseOfAll } from "./reportNodes.ts"
import { unavailableSections } from "./reportUnavailable.ts"

/** `8 of 12 nodes completed, 1 failed, 3 blocked` */
const countsText = ({ counts }: Nodes): string => {
  const { canceled, completed, failed, running, skipped, total, unknown, waiting, withFailedTests } = counts
  const others: ReadonlyArray<readonly [number, string]> = [
    [failed, "failed"],
    [skipped, "blocked"],
    [canceled, "canceled"],
    [running, "running"],
    [waiting, "waiting"],
    [unknown, "in an unknown state"]
  ]
  const shown = others.flatMap(([count, what]) => count === 0 ? [] : [`, ${count} ${what}`]).join("")
  const tests = withFailedTests === 0 ? "" : `; data tests failed in ${withFailedTests}`
  return `${completed} of ${plural(total, "node")} completed${shown}${tests}.`
}

const nodeLine = ({ nodes, query: { node }, run }: Inspection, words: Words): Line => {
  if (nodes === undefined) return ["What happened to its nodes is not known, as the node results are unavailable."]
  if (nodes.counts.total === 0) {
    return [run !== undefined && !hasEnded(run) ? "It shows no nodes yet." : "It has no node results."]
  }
  if (node === undefined || nodes.matching > 0) return [countsText(nodes)]
  const near = (nodes.near ?? []).map((name): Line => [words.name(name)])
  return line`None of its ${plural(nodes.counts.total, "node")} is named ${words.quote(node, words.bounds.name)}.${
    near.length === 0
      ? ""
      : line` There are ${join(near, ", ")}${nodes.counts.total > near.length ? " and others" : ""}.`
  }`
}

const headlineOfRun = (run: InspectedRun, words: Words): Line => {
  const { durationMillis, id, reRunID, runStatus } = run
  const since = !hasEnded(run) && durationMillis !== undefined
    ? `, for ${durationText(durationMillis)} so far`
    : took(run)
  const reRun = reRunID === undefined ? "" : ` It is a re-run of ${reRunID}.`
  return line`Run ${id} ${words.status(runStatus)}: ${titleOf(run, words)}${startedAt(run, words)}${since}.${reRun}`
}

/** Who ran it and with what. */
const settingsLine = (run: InspectedRun, nodes: Nodes | undefined, words: Words): ReadonlyArray<Line> => {
  const { bounds, name, quote } = words
  const { excludeNodesSelector, includeNodesSelector, jobID, jobName, parallelism, runTimeParameters, userID } = run
  const warehouse = nodes && warehouseOfAll(nodes)
  const parameters =
    runTimeParameters?.listed.slice(0, bounds.names).map((one) =>
      line`${name(one.name)} ${quote(one.value.replace(/^"(.*)"$/s, "$1"), bounds.id)}`
    ) ?? []
  const more = (runTimeParameters?.listed.length ?? 0) - parameters.length + (runTimeParameters?.more ?? 0)
  // Without a job, the title has the selector.
  const isInTitle = jobID === undefined && jobName === undefined
  const said: ReadonlyArray<Line> = [
    ...(parallelism === undefined ? [] : [[`parallelism ${parallelism}`]]),
    ...(warehouse === undefined ? [] : [line`warehouse ${name(warehouse)}`]),
    ...(includeNodesSelector === undefined || isInTitle ? [] : [line`selector ${quote(includeNodesSelector)}`]),
    ...(excludeNodesSelector === undefined ? [] : [line`excluding ${quote(excludeNodesSelector)}`]),
    ...(parameters.length === 0
      ? []
      : [line`default parameters ${join(parameters, ", ")}${more > 0 ? ` and ${more} more` : ""}`])
  ]
  const by = userID === undefined ? [] : line` by user ${words.user(userID)}`
  if (said.length === 0) return by.length === 0 ? [] : [line`Started${by}.`]
  return [line`Started${by} with ${join(said, ", ")}.`]
}

/** The reason of the run, where its nodes do not say it better. */
const reasonLine = ({ nodes, run }: Inspection, { bounds, quote }: Words): ReadonlyArray<Line> => {
  const hasFailedNode = nodes?.counts.failed !== undefined && nodes.counts.failed > 0
  const reason = hasFailedNode ? undefined : quote(run?.runFailureReason, bounds.message)
  return reason === undefined ? [] : [line`Its runFailureReason: ${reason}.`]
}

/** A name that would have to be cleaned is left out: cleaned, it would be another. */
const askable = ({ name, nodeID }: Pick<InspectedNode, "name" | "nodeID">, { text }: Words): string | undefined =>
  [name, nodeID].find((one) => one !== undefined && text(one, maxName) === one && !one.includes("*"))

/** The node whose SQL is most worth reading. */
const tellingNode = ({ comparison, nodes }: Inspection, words: Words): string | undefined => {
  const first = nodes?.listed[0]
  const changed = comparison?.differences.listed.find(({ kinds }) => !kinds.includes("gone"))
  const telling = first?.state === "failed" ? first : changed ?? first
  return telling && askable(telling, words)
}

/** At most three. */
const stepsOf = (inspection: Inspection, run: InspectedRun, words: Words): ReadonlyArray<NextStep> => {
  const { nodes, query: { limit, node } } = inspection
  const inspect = (args: NextStep["arguments"], why: string): NextStep => ({
    action: "inspect",
    arguments: { runID: run.id, ...args },
    why
  })
  const shown = nodes === undefined ? 0 : nodes.startingFrom + nodes.listed.length
  const asked = node === undefined ? {} : { node }
  const telling = node === undefined ? tellingNode(inspection, words) : undefined
  return [
    ...(run.runStatus === "failed" && node === undefined && nodes?.startingFrom === 0
      ? [{ action: "diagnose" as const, arguments: { runID: run.id }, why: "why it failed, and since when" }]
      : []),
    ...(nodes?.next === undefined ? [] : [inspect(
      { ...asked, ...omitUndefined({ ...nodes.next, limit }), compareWith: "none" },
      nodes.next.sqlFrom === undefined
        ? `for the other ${plural(nodes.matching - shown, "node")}`
        : "for the rest of the SQL"
    )]),
    ...(telling === undefined ? [] : [inspect({ node: telling, compareWith: "none" }, "for its stages and SQL")])
  ]
}

const reportOfNone = ({ job, query, searched }: Inspection, words: Words): Report => {
  const { environmentID, jobID, runType = "refresh" } = query
  const filters = filtersOf(omitUndefined({ environmentID, jobID, runType }), job, words)
  const among = searched === undefined
    ? ""
    : searched.hasMore
    ? ` among the ${searched.rows} newest. Older ones were not read.`
    : `: all ${plural(searched.rows, "run")} ${searched.rows === 1 ? "was" : "were"} read.`
  return {
    headline: line`No run matches${filters}${among}`,
    lines: [...jobLines(job, words)],
    sections: [],
    nextSteps: [{
      action: "list",
      arguments: omitUndefined({ runType, environmentID, detail: true }),
      why: "for the runs and jobs there are"
    }]
  }
}

/**
 * Tells an inspection as a report: the run, its nodes, failed first, then the slowest, and what differs from the other run.
 * The next steps continue the page, and lead to the SQL of the node that matters most.
 */
export const report = (inspection: Inspection, options: Options = {}): Report => {
  const { nodes, run } = inspection
  const words = makeWords(options, inspection.timeZone)
  if (run === undefined) {
    const none = reportOfNone(inspection, words)
    return { ...none, sections: unavailableSections(inspection.unavailable, partNames, words) }
  }
  const page = words.link(run.runLink)
  return {
    headline: headlineOfRun(run, words),
    lines: [
      nodeLine(inspection, words),
      ...jobLines(inspection.job, words),
      ...reasonLine(inspection, words),
      ...settingsLine(run, nodes, words),
      ...comparisonLines(inspection, words)
    ],
    sections: [
      ...nodeSections(inspection, words),
      ...differenceSections(inspection, words),
      ...(page === undefined ? [] : section("inline", ["Page"], [row([page])], 1)),
      ...unavailableSections(inspection.unavailable, partNames, words)
    ],
    nextSteps: stepsOf(inspection, run, words)
  }
}
