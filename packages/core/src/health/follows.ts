/** Finds the run that did not make the object which later runs miss. */
import { isLater } from "../inspection/runs.ts"
import * as RunResult from "../RunResult.ts"
import type { Evidence, Results } from "./evidence.ts"
import type { Failed } from "./failedCause.ts"
import type { Failures } from "./model.ts"

/** The last part of an object's name, which is the name of the node that makes it. */
const nodeNameOf = (object: string): string => (object.split(".").at(-1) ?? object).replaceAll("\"", "").toUpperCase()

/**
 * Returns the failed run, earlier than a run of the group, in which a node of the missing object's name failed or was
 * skipped.
 */
export const followsOf = (
  group: readonly [Failed, ...Array<Failed>],
  { failures }: Evidence,
  results: Results
): Pick<Failures, "follows"> => {
  const [{ cause, run }] = group
  if (cause?.class !== "missingObjectOrGrant" || cause.object === undefined) return {}
  const missing = nodeNameOf(cause.object)
  const own = new Set<number>(group.map(({ run }) => run.id))
  for (const earlier of failures) {
    if (own.has(earlier.id) || !isLater(run, earlier)) continue
    const node = results.get(earlier.id)?.find((result) => {
      const outcome = RunResult.outcome(result)
      return (outcome === "failed" || outcome === "skipped") && result.name?.toUpperCase() === missing
    })
    if (node?.name !== undefined) return { follows: { runID: earlier.id, node: node.name } }
  }
  return {}
}
