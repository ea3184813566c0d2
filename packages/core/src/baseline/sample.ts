/** Collects values of one day in bounded memory. The result is the same in whichever order they come. */
import type { Sample } from "./model.ts"

/** So many values of a day are kept as they are. */
export const exactLimit = 48

/** Rounds to two digits that count: within 5 % of the value. */
export const twoDigits = (value: number): number => {
  if (value < 100) return value
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Math.round(value / unit) * unit
}

/** Rounds a minute down to half an hour. */
export const halfHour = (minute: number): number => minute - minute % 30

export class Values {
  readonly #round: (value: number) => number
  readonly #counts = new Map<number, number>()
  #count = 0

  /** `round` of a rounded value is the value. */
  constructor(round: (value: number) => number, sample: Sample = []) {
    this.#round = round
    for (const [value, count] of sample) this.#set(value, count)
  }

  add(value: number): void {
    if (this.#count < exactLimit) return this.#set(value, 1)
    if (this.#count === exactLimit) {
      const exact = [...this.#counts]
      this.#counts.clear()
      this.#count = 0
      for (const [each, count] of exact) this.#set(this.#round(each), count)
    }
    this.#set(this.#round(value), 1)
  }

  result(): Sample {
    return [...this.#counts].sort(([a], [b]) => a - b)
  }

  #set(value: number, count: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count)
    this.#count += count
  }
}

/** Returns the values of samples, the smallest first, each as often as it came. */
export const valuesOf = (samples: ReadonlyArray<Sample>): ReadonlyArray<number> => {
  const values: Array<number> = []
  for (const sample of samples) {
    for (const [value, count] of sample) for (let index = 0; index < count; index++) values.push(value)
  }
  return values.sort((a, b) => a - b)
}

/** Returns a quantile of sorted values, interpolated as in spreadsheets. */
export const quantile = (sorted: ReadonlyArray<number>, part: number): number => {
  const place = part * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? below) - below)
}
