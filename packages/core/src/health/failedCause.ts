/** Says why a run failed: by its node results or, where they name no cause, by its reason. */
import { nodeOutcomes } from "../diagnosis/nodes.ts"
import { classify } from "../FailureCause.ts"
import type * as Run from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Evidence, Results } from "./evidence.ts"
import type { Failures } from "./model.ts"

type Known = Pick<Failures, "causeFrom" | "cause" | "node">

export interface Failed extends Known {
  readonly run: Run.AnyRun
  readonly job: string
  readonly otherCauses: number
}

export const withoutSql = <N extends { readonly sql?: string }>({ sql: _, ...node }: N): Omit<N, "sql"> => node

/** What is known of why a run failed. */
export const causeOf = (
  run: Run.AnyRun,
  { reasons }: Evidence,
  results: Results
): Known & { readonly otherCauses: number } => {
  const cause = classify(reasons.get(run.id) ?? "")
  const read = results.get(run.id)
  const nodes = read && nodeOutcomes(read)
  const first = nodes?.groups.listed[0]?.first
  const node = first && withoutSql(first)
  const causes = nodes === undefined ? 0 : nodes.groups.listed.length + nodes.groups.more - (nodes.withoutCause ?? 0)
  if (first?.cause !== undefined) {
    return { causeFrom: "nodes", cause: first.cause, ...omitUndefined({ node }), otherCauses: causes - 1 }
  }
  if (cause !== undefined) return { causeFrom: "runFailureReason", cause, ...omitUndefined({ node }), otherCauses: 0 }
  if (nodes === undefined) return { causeFrom: "notRead", otherCauses: 0 }
  const [test] = nodes.failedTests.listed
  // A test that was set to stop the run has failed it.
  const ofTest = test && {
    nodeID: test.node,
    name: test.node,
    ...omitUndefined({ stage: test.test, errorString: test.message, queryID: test.queryID })
  }
  return { causeFrom: "none", ...omitUndefined({ node: node ?? ofTest }), otherCauses: 0 }
}
