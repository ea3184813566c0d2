/** Why runs failed, like reasons said once: in the line of the first run that has it. */
import { clean, cleanOptional, lengths, quote } from "./untrustedText.ts"

/** Reasons that differ in nothing but numbers and ids of queries are alike; one that differs in a name is another. */
const key = (reason: string): string =>
  reason.toLowerCase().replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "#").replace(/\b\d+\b/g, "#")

/** All the reasons of an answer together, in characters: many different ones are each said in fewer words. */
const together = 3600

/** What to say of each run's reason, by the run's id. Takes the reasons as they came. */
export const sayOnce = (
  runs: ReadonlyArray<{ readonly id: number; readonly reason: string | undefined }>
): ReadonlyMap<number, string> => {
  const failed = runs.flatMap(({ id, reason }) => {
    const shown = cleanOptional(reason, lengths.reason)
    return reason === undefined || shown === undefined ? [] : [{ id, reason, key: key(shown) }]
  })
  const first = new Map<string, number>()
  for (const { id, key } of failed) if (!first.has(key)) first.set(key, id)
  const each = Math.min(lengths.reason, Math.max(60, Math.floor(together / Math.max(1, first.size))))
  return new Map(failed.map(({ id, key, reason }) => {
    const said = first.get(key) ?? id
    return [id, said === id ? quote(clean(reason, each)) : `reason as ${said}`]
  }))
}
