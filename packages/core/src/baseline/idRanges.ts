/** A set of ids as ranges: runs have ids in succession, so that a day of thousands of runs is a few ranges. */

/** So many ranges are kept of a day. The last one covers what lies beyond. */
const maxRanges = 200

type Range = readonly [first: number, last: number]

export class IdRanges {
  readonly #ranges: Array<[first: number, last: number]>

  #count: number

  /** `count` is the number of ids: the last range may cover others. */
  constructor(ranges: ReadonlyArray<Range> = [], count = 0) {
    this.#count = count
    this.#ranges = ranges.map(([first, last]) => [first, last])
  }

  /** Adds an id. Returns false if it was there. */
  add(id: number): boolean {
    const ranges = this.#ranges
    const at = this.#indexOf(id)
    const before = ranges[at - 1]
    const behind = ranges[at]
    if (before !== undefined && id <= before[1]) return false
    this.#count++
    const follows = before !== undefined && before[1] === id - 1
    const precedes = behind !== undefined && behind[0] === id + 1
    if (follows && precedes) {
      before[1] = behind[1]
      ranges.splice(at, 1)
    } else if (follows) before[1] = id
    else if (precedes) behind[0] = id
    else ranges.splice(at, 0, [id, id])
    return true
  }

  has(id: number): boolean {
    const before = this.#ranges[this.#indexOf(id) - 1]
    return before !== undefined && id <= before[1]
  }

  get count(): number {
    return this.#count
  }

  /** The smallest id. */
  get first(): number | undefined {
    return this.#ranges[0]?.[0]
  }

  result(): ReadonlyArray<Range> {
    const kept = this.#ranges.slice(0, maxRanges)
    const widest = kept.at(-1)
    const last = this.#ranges.at(-1)
    return widest === undefined || last === undefined ? [] : [...kept.slice(0, -1), [widest[0], last[1]]]
  }

  /** The index of the first range that begins behind an id. */
  #indexOf(id: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ranges[middle]?.[0] ?? Infinity) > id) high = middle
      else low = middle + 1
    }
    return low
  }
}
