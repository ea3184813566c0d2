/** Compares the causes of two failures. */
import * as FailureCause from "../FailureCause.ts"
import type { FailureReasons } from "../inspection/runs.ts"
import type { RunResult } from "../RunResult.ts"
import { type FailedCause, failedCauses } from "./failedNodes.ts"
import type { Comparison } from "./historyModel.ts"

/** Compares two runFailureReasons. One that names no cause, such as "3 nodes failed", is like no other. */
export const compareReasons = (a: string | undefined, b: string | undefined): Comparison => {
  if (a === undefined || b === undefined) return { cause: "notKnown" }
  const [left, right] = [FailureCause.classify(a), FailureCause.classify(b)]
  const cause = left === undefined || right === undefined
    ? "notKnown"
    : FailureCause.isSameCause(left, right)
    ? "same"
    : FailureCause.isSameKind(left, right)
    ? "sameKind"
    : "different"
  return { cause, by: "runFailureReason" }
}

/** Compares two runs by their reasons. */
export const byReasons = (reasons: FailureReasons, a: number, b: number): Comparison =>
  compareReasons(reasons.get(a), reasons.get(b))

// Sets of texts: a run may have thousands of failed nodes.
const placeOf = ({ cause, node }: FailedCause): string => JSON.stringify([node, cause.key, cause.object])

/**
 * Compares two runs by their failed nodes: a cause is the same if it is that of the same node, or the very same message of
 * another. Undefined if one of the runs has no failed node that names its cause.
 */
export const byNodes = (
  run: ReadonlyArray<RunResult> | undefined,
  other: ReadonlyArray<RunResult> | undefined
): Comparison | undefined => {
  const causes = failedCauses(run ?? [])
  const others = failedCauses(other ?? [])
  if (causes.length === 0 || others.length === 0) return undefined
  const places = new Set(others.map(placeOf))
  const messages = new Set(others.map(({ cause }) => cause.message))
  const kinds = new Set(others.map(({ cause }) => cause.key))
  const same = causes.filter((one) => places.has(placeOf(one)) || messages.has(one.cause.message))
  const isSameKind = causes.every(({ cause }) => kinds.has(cause.key))
  return {
    cause: same.length === causes.length ? "same" : same.length > 0 ? "partly" : isSameKind ? "sameKind" : "different",
    by: "nodes"
  }
}

/** Whether a run failed for a cause that the other run did not have. */
export const isOther = (compared: Comparison | undefined): boolean =>
  compared !== undefined && compared.cause !== "same" && compared.cause !== "notKnown"
