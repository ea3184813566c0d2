/** Why runs failed, like reasons said once. */
import { quote } from "./clean.ts"

export interface Reason {
  readonly text: string
  readonly ids: ReadonlyArray<number>
}

/** Reasons that differ in nothing but numbers and ids of queries are alike; one that differs in a name is another. */
const key = (reason: string): string =>
  reason.toLowerCase().replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "#").replace(/\b\d+\b/g, "#")

export const group = (
  runs: Iterable<{ readonly id: number; readonly runFailureReason?: string }>
): ReadonlyArray<Reason> => {
  const groups = new Map<string, { readonly text: string; readonly ids: Array<number> }>()
  for (const { id, runFailureReason } of runs) {
    if (runFailureReason === undefined) continue
    const group = groups.get(key(runFailureReason))
    if (group === undefined) groups.set(key(runFailureReason), { text: runFailureReason, ids: [id] })
    else group.ids.push(id)
  }
  return [...groups.values()]
}

const shownIds = 30

export const render = ({ ids, text }: Reason): string => {
  const more = ids.length > shownIds ? ` and ${ids.length - shownIds} more` : ""
  return `- ${ids.slice(0, shownIds).join(", ")}${more}: ${quote(text)}`
}
