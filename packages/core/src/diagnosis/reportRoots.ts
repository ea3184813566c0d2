/** Tells what failed nodes follow from. */
import { titleOf } from "../list/runWords.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import type { Words } from "../report/words.ts"
import type { Diagnosis } from "./model.ts"
import type { Root } from "./rootModel.ts"

const outcomes: { readonly [K in Root["outcome"]]: string } = {
  failed: "failed",
  skipped: "was skipped",
  canceled: "was canceled",
  running: "is running",
  completed: "completed",
  unknown: "ended in an unknown state"
}

/** ` in run 1041`; nothing for the diagnosed run itself. */
const inRun = ({ run }: Root): string => run === undefined ? "" : ` in run ${run.id}`

/** `, which follows from DIM_ORDER in run 1041`, for the cause that the headline quotes. */
export const rootClause = ({ nodes, roots = [] }: Diagnosis, words: Words): Line => {
  const first = nodes?.groups.listed[0]?.first
  const root = roots.find(({ nodes: { listed } }) => listed.some((one) => one === (first?.name ?? first?.nodeID)))
  if (root === undefined) return []
  const node = line`${words.name(root.node)}${inRun(root)}`
  switch (root.kind) {
    case "notMade":
      return line`, which follows from ${node}`
    case "failedTest":
      return line`, after a failed data test of ${node}`
    case "heldLock":
      return root.by === "queryID" ? line`, which was locked by ${node}` : line`, while ${node} wrote to it`
    case "stillAtWork":
      return line`, while ${node} was still at work`
  }
}

/** What the node at the root did. */
const didOf = ({ by, cause, kind, node, object, outcome, run, test }: Root, words: Words): Line => {
  const table = object === undefined ? "a table" : words.name(object)
  switch (kind) {
    case "notMade":
      return line`did not make ${table}: its node ${words.name(node)} ${outcomes[outcome]}${
        // The cause of another node of this run stands above.
        cause === undefined || run === undefined ? [] : line`, ${words.quote(cause.message)} (${cause.class})`}`
    case "failedTest":
      return line`had a failed data test before, ${words.quote(test) ?? "one for unique rows"} of ${words.name(node)}`
    case "stillAtWork":
      return line`was still at work on ${table}`
    case "heldLock":
      return by === "queryID"
        ? line`held the lock on ${table} with its node ${words.name(node)}, by the id of the query`
        : line`wrote to ${table} with its node ${words.name(node)} at that time`
  }
}

/** `Root: run 1041, deploy of …, did not make MART.DIM_ORDER: its node … failed. DIM_ORDER follows, by the object's name.` */
export const rootLines = ({ roots = [] }: Diagnosis, words: Words): ReadonlyArray<Line> =>
  roots.map((root) => {
    const { by, kind, nodes: { listed, more }, run } = root
    const names = listed.slice(0, words.bounds.names).map((one): Line => [words.name(one)])
    const others = listed.length - names.length + more
    const isOne = listed.length + more === 1
    const follow = kind === "stillAtWork"
      ? "read it"
      : `${isOne ? "follows" : "follow"}${by === "object" ? ", by the object's name" : ""}`
    const which = run === undefined ? ["this run"] : line`run ${run.id}, ${titleOf(run, words)},`
    return line`Root: ${which} ${didOf(root, words)}. ${join(names, ", ")}${
      others === 0 ? "" : ` and ${others} more`
    } ${follow}.`
  })
