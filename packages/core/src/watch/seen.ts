/** A set of ids as ranges with both ends, the smallest first. */

export type Ranges = ReadonlyArray<readonly [from: number, to: number]>

/** Returns whether the set holds an id. */
export const has = (ranges: Ranges, id: number): boolean => {
  let [low, high] = [0, ranges.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const [from, to] = ranges[middle] ?? [0, -1]
    if (id < from) high = middle - 1
    else if (id > to) low = middle + 1
    else return true
  }
  return false
}

/** Returns the set with these ids as well, and without those up to `above`. */
export const add = (ranges: Ranges, ids: Iterable<number>, above: number): Ranges => {
  const all = [...ranges, ...Array.from(ids, (id) => [id, id] as const)].sort((a, b) => a[0] - b[0])
  const merged: Array<[number, number]> = []
  for (const [from, to] of all) {
    if (to <= above) continue
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([Math.max(from, above + 1), to])
  }
  return merged
}
