/** Tells what needs attention beside failures, a section for each kind. */
import { startedAt, titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line, Section } from "../report/model.ts"
import { plural } from "../report/time.ts"
import { row, section, type Words } from "../report/words.ts"
import type { RunLine } from "../RunList.ts"
import type { Finding, Health, Unusual } from "./model.ts"
import { unusualWords } from "./reportUnusual.ts"

type Other = Exclude<Finding, { readonly kind: "failures" }>

const isUnusual = (finding: Other): finding is Unusual => "key" in finding

const didNotRun = "Did not run, though it usually does"
const runsLong = "Running far longer than usual"
const fewNodes = "Completed, but with far fewer nodes than usual"

const titles: { readonly [K in Other["kind"]]: string } = {
  failedBefore: "Failed before the window, and have not run since",
  failedNodes: "Nodes have failed in runs that have not failed as a whole",
  otherStatus: "Ended in a status that is not known",
  noRows: "Completed, but nodes changed no row",
  failedTests: "Completed, but data tests failed",
  missing: didNotRun,
  stopped: didNotRun,
  late: "Late",
  stuck: runsLong,
  long: runsLong,
  waiting: "Waiting",
  noNodes: fewNodes,
  fewerNodes: fewNodes,
  slow: "Completed, but took far longer than usual"
}

/** How many names or tests of one run are told. */
const maxNames = 3

const runOf = (run: RunLine, words: Words): Line => line`${run.id}, ${titleOf(run, words)}${startedAt(run, words)}`

const more = (all: number, shown: number): string => all > shown ? ` and ${all - shown} more` : ""

const saidOf = (finding: Exclude<Other, Unusual>, words: Words): Line => {
  const { bounds, name, quote, status } = words
  switch (finding.kind) {
    case "failedBefore": {
      const { cause, failures, node, truncated } = finding
      const message = quote(cause?.message ?? node?.errorString)
      return line`${truncated ? "at least " : ""}${plural(failures, "failure")}${failures > 1 ? " in succession" : ""}${
        node === undefined ? "" : line`, ${name(node.name ?? node.nodeID)}`
      }${message === undefined ? "" : line`: ${message}`}`
    }
    case "failedNodes": {
      const { failed, node, nodes, run } = finding
      const message = quote(node?.cause?.message ?? node?.errorString)
      return line`${status(run.runStatus)}, ${failed} of ${plural(nodes, "node")} failed${
        node === undefined ? "" : line`: ${name(node.name ?? node.nodeID)}`
      }${message === undefined ? "" : line`: ${message}`}`
    }
    case "otherStatus":
      return line`status ${status(finding.run.runStatus)}`
    case "noRows": {
      const { listed, more: rest } = finding.nodes
      const shown = listed.slice(0, maxNames).map(({ node, rowsBefore }): Line =>
        line`${name(node)} (at least ${plural(rowsBefore, "row")} before)`
      )
      return line`no row in ${join(shown, ", ")}${more(listed.length + rest, shown.length)}, compared with runs ${
        finding.comparedWith.join(" and ")
      }`
    }
    case "failedTests": {
      const { listed, more: rest } = finding.failedTests
      const shown = listed.slice(0, maxNames).map(({ message, node, test }): Line => {
        const said = quote(message)
        return line`${name(node)}: ${quote(test, bounds.name) ?? "a test"}${said === undefined ? "" : line`: ${said}`}`
      })
      return line`${join(shown, "; ")}${more(listed.length + rest, shown.length)}`
    }
  }
}

const rowOf = (finding: Other, health: Health, words: Words): Line =>
  !isUnusual(finding)
    ? line`${runOf(finding.run, words)}: ${saidOf(finding, words)}`
    : line`${finding.run === undefined ? titleOf(finding, words) : runOf(finding.run, words)}: ${
      unusualWords(finding, health, words)
    }`

/** The sections of all kinds but failures, in the order of the findings. */
export const otherSections = (health: Health, words: Words): ReadonlyArray<Section> => {
  const others = health.findings.filter((finding) => finding.kind !== "failures")
  return [...new Set(others.map(({ kind }) => titles[kind]))].flatMap((title) => {
    const rows = others.filter(({ kind }) => titles[kind] === title)
      .map((finding) => row(rowOf(finding, health, words)))
    return section("list", [title], rows, Math.ceil(words.bounds.rows / 2))
  })
}
