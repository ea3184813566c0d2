/**
 * Estimates quantiles in constant memory: exactly for the first thousand values, then from a histogram whose buckets grow
 * by a constant factor, so that every estimate lies within 1 % of the true value.
 *
 * Why not a package: the one of this method (DDSketch) is CommonJS and requires `protobufjs` without depending on it, which
 * breaks bundles. The others (t-digest, HDR) bound the error in rank or bring WebAssembly.
 */

/** So many values are kept as they are. */
export const exactLimit = 1000

/** The largest error of an estimate, relative to the true value. */
export const relativeError = 0.01

// A little narrower than promised, because logarithms are rounded at the edges of buckets.
const accuracy = relativeError * 0.95
const gamma = (1 + accuracy) / (1 - accuracy)
const logGamma = Math.log(gamma)

// The longest duration that two times can have between them, in milliseconds, and with it the number of buckets.
const largest = 2 * 8.64e15

/** Bucket 0 is for values below 1; bucket `i` for those in (gamma^(i-2), gamma^(i-1)]. */
const bucketOf = (value: number): number => value < 1 ? 0 : 1 + Math.ceil(Math.log(Math.min(value, largest)) / logGamma)

// The value of a bucket that is equally far off, relatively, from both its edges.
const valueOf = (bucket: number): number => bucket === 0 ? 0 : (2 * gamma ** (bucket - 1)) / (gamma + 1)

const buckets = bucketOf(largest) + 1

/** Collects values from 0 on. */
export class Quantiles {
  count = 0
  // Outside the engine's heap: there, thousands of growing lists would make it keep a larger one.
  #values = new Float64Array(8)
  #histogram: Uint32Array | undefined = undefined
  #smallest = Number.POSITIVE_INFINITY
  #largest = 0

  /** Whether {@link at} returns the true value. */
  get exact(): boolean {
    return this.#histogram === undefined
  }

  add(value: number): void {
    this.count++
    if (value < this.#smallest) this.#smallest = value
    if (value > this.#largest) this.#largest = value
    if (this.#histogram !== undefined) return increment(this.#histogram, value)
    if (this.count > exactLimit) {
      const values = [...this.#values, value]
      // In the memory of the values. The engine would free that late, and it is as large as what a group has in all.
      const histogram = new Uint32Array(this.#values.buffer, 0, buckets).fill(0)
      for (const each of values) increment(histogram, each)
      this.#histogram = histogram
      return
    }
    if (this.count > this.#values.length) {
      const longer = new Float64Array(Math.min(this.#values.length * 5, exactLimit))
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.count - 1] = value
  }

  /** Returns the quantile of each part (0 to 1), interpolated as in spreadsheets. Without values it returns none. */
  at(...parts: ReadonlyArray<number>): ReadonlyArray<number> {
    if (this.count === 0) return []
    const ordered = this.#order()
    return parts.map((part) => {
      const place = part * (this.count - 1)
      const below = Math.floor(place)
      const value = ordered(below)
      return below === place ? value : value + (place - below) * (ordered(below + 1) - value)
    })
  }

  /** Returns a function to the value at a place in the order, from 0. */
  #order(): (place: number) => number {
    const histogram = this.#histogram
    if (histogram === undefined) {
      const sorted = this.#values.slice(0, this.count).sort()
      return (place) => sorted[place] ?? 0
    }
    return (place) => {
      let passed = 0
      const bucket = histogram.findIndex((count) => (passed += count) > place)
      return Math.min(Math.max(valueOf(bucket), this.#smallest), this.#largest)
    }
  }
}

const increment = (histogram: Uint32Array, value: number): void => {
  const bucket = bucketOf(value)
  histogram[bucket] = (histogram[bucket] ?? 0) + 1
}
