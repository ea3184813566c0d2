/** Watches the Maps and Sets that a fold fills. */
import { vi } from "vitest"

export interface Tables {
  /** How often an entry was deleted from a Map. */
  readonly deleted: number
  /** How many entries the largest Map has at the end. */
  readonly largestMap: number
  readonly largestSet: number
}

const largest = (tables: ReadonlyArray<unknown>): number =>
  tables.reduce(
    (most: number, table) => table instanceof Map || table instanceof Set ? Math.max(most, table.size) : most,
    0
  )

/**
 * Runs a fold, and returns what its tables held. Entries that are deleted one after another count as well: engines keep the
 * old tables of such a Map in a chain, with all their entries.
 */
export const tablesOf = (fold: () => unknown): Tables => {
  const [set, deleted, add] = [
    vi.spyOn(Map.prototype, "set"),
    vi.spyOn(Map.prototype, "delete"),
    vi.spyOn(Set.prototype, "add")
  ]
  try {
    fold()
    return {
      deleted: deleted.mock.calls.length,
      largestMap: largest(set.mock.contexts),
      largestSet: largest(add.mock.contexts)
    }
  } finally {
    for (const spy of [set, deleted, add]) spy.mockRestore()
  }
}
