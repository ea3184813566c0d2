/** Whether two failures have the same cause. */
import * as FailureCause from "../FailureCause.ts"
import type { RunResult } from "../RunResult.ts"
import type { Comparison } from "./historyModel.ts"
import { failedCauses } from "./nodes.ts"
import type { FailureReasons } from "./runs.ts"

/** Compares two runFailureReasons. */
export const compareReasons = (a: string | undefined, b: string | undefined): Comparison => {
  if (a === undefined || b === undefined) return { cause: "notKnown" }
  const left = FailureCause.classify(a)
  const right = FailureCause.classify(b)
  // "3 nodes failed" names no cause: two runs may both say so for different ones.
  if (left === undefined || right === undefined) return { cause: "notKnown", by: "runFailureReason" }
  return { cause: FailureCause.isSameCause(left, right) ? "same" : "different", by: "runFailureReason" }
}

/** Compares two runs by their reasons. */
export const byReasons = (reasons: FailureReasons, a: number, b: number): Comparison =>
  compareReasons(reasons.get(a), reasons.get(b))

/**
 * Compares two runs by their failed nodes: a cause is the same if a like message came from the same node, or the very
 * same message from another node. Undefined if one of the runs has no failed node with a message.
 */
export const byNodes = (
  run: ReadonlyArray<RunResult> | undefined,
  other: ReadonlyArray<RunResult> | undefined
): Comparison | undefined => {
  if (run === undefined || other === undefined) return undefined
  const causes = failedCauses(run)
  const others = failedCauses(other)
  if (causes.length === 0 || others.length === 0) return undefined
  const places = new Set(others.map(({ key, node }) => `${node}\n${key}`))
  const messages = new Set(others.map(({ message }) => message))
  const known = causes.filter(({ key, message, node }) => places.has(`${node}\n${key}`) || messages.has(message))
  return {
    cause: known.length === causes.length ? "same" : known.length > 0 ? "partly" : "different",
    by: "nodes"
  }
}
