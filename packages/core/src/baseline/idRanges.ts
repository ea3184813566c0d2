/** A set of ids as ranges: runs have ids in succession, so that a day of thousands of runs is a few ranges. */

/** So many ranges of a day are in a baseline. The last one covers what lies beyond. */
const maxRanges = 200

/** So many ranges are kept while runs are added. Beyond them an id that begins one is counted, and forgotten. */
const maxKept = 10_000

type Range = readonly [first: number, last: number]

export class IdRanges {
  /** The first and the last id of each range, in order: one list outside the engine's heap, not an object a range. */
  #bounds: Float64Array
  #ranges: number
  #count: number
  #highest: number

  /** `count` is the number of ids: the last range may cover others. */
  constructor(ranges: ReadonlyArray<Range> = [], count = 0) {
    this.#bounds = Float64Array.from(ranges.flat())
    this.#ranges = ranges.length
    this.#count = count
    this.#highest = ranges.at(-1)?.[1] ?? Number.NaN
  }

  /** Adds an id. Returns false if it was there. */
  add(id: number): boolean {
    const at = this.#indexOf(id)
    if (id <= this.#bound(at - 1)) return false
    this.#count++
    if (!(id <= this.#highest)) this.#highest = id
    const follows = this.#bound(at - 1) === id - 1
    const precedes = this.#bound(at) === id + 1
    if (follows && precedes) {
      this.#bounds.copyWithin(at - 1, at + 1, 2 * this.#ranges)
      this.#ranges--
    } else if (follows) this.#bounds[at - 1] = id
    else if (precedes) this.#bounds[at] = id
    else if (this.#ranges < maxKept) this.#insert(at, id)
    return true
  }

  has(id: number): boolean {
    return id <= this.#bound(this.#indexOf(id) - 1)
  }

  get count(): number {
    return this.#count
  }

  /** The smallest id. */
  get first(): number | undefined {
    return this.#ranges === 0 ? undefined : this.#bound(0)
  }

  result(): ReadonlyArray<Range> {
    return Array.from({ length: Math.min(this.#ranges, maxRanges) }, (_, index): Range => [
      this.#bound(2 * index),
      index === maxRanges - 1 ? this.#highest : this.#bound(2 * index + 1)
    ])
  }

  /** The bound at an index, or NaN: no id is at most, or equal to, what is not there. */
  #bound(index: number): number {
    return index < 2 * this.#ranges ? this.#bounds[index] ?? Number.NaN : Number.NaN
  }

  #insert(at: number, id: number): void {
    const end = 2 * this.#ranges
    if (end === this.#bounds.length) {
      const longer = new Float64Array(Math.max(16, 2 * end))
      longer.set(this.#bounds)
      this.#bounds = longer
    }
    this.#bounds.copyWithin(at + 2, at, end)
    this.#bounds.fill(id, at, at + 2)
    this.#ranges++
  }

  /** The index of the first bound of the first range that begins behind an id. */
  #indexOf(id: number): number {
    let low = 0
    let high = this.#ranges
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#bound(2 * middle) > id) high = middle
      else low = middle + 1
    }
    return 2 * low
  }
}
