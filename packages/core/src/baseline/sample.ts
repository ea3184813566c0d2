/** Values of one day with how often each came, rounded where there are many. */
import type { Sample } from "./model.ts"

/** The values of so many runs a day are kept as they are. */
export const exactLimit = 48

/** Rounds to two digits that count: within 5 % of the value. */
export const twoDigits = (value: number): number => {
  if (value < 100) return value
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Math.round(value / unit) * unit
}

/** Rounds a minute down to half an hour. */
export const halfHour = (minute: number): number => minute - minute % 30

/** Returns the sample of values, the smallest first. */
export const sampleOf = (sorted: Iterable<number>): Sample => {
  const sample: Array<number> = []
  for (const value of sorted) {
    const last = sample.length - 2
    if (sample[last] === value) sample[last + 1] = (sample[last + 1] ?? 0) + 1
    else sample.push(value, 1)
  }
  // A list that grew has room to spare, and a baseline is kept.
  return sample.slice()
}

/** Returns the values of a sample with how often each came. */
export const entriesOf = (sample: Sample): Array<[value: number, count: number]> => {
  const entries: Array<[number, number]> = []
  for (let index = 0; index < sample.length; index += 2) entries.push([sample[index] ?? 0, sample[index + 1] ?? 0])
  return entries
}

/** Returns the values of samples, the smallest first, each as often as it came. */
export const valuesOf = (samples: ReadonlyArray<Sample>): Array<number> => {
  const values: Array<number> = []
  for (const sample of samples) {
    for (let at = 0; at < sample.length; at += 2) {
      for (let count = sample[at + 1] ?? 0; count > 0; count--) values.push(sample[at] ?? 0)
    }
  }
  return values.sort((a, b) => a - b)
}

/** Returns a quantile of sorted values, interpolated as in spreadsheets. */
export const quantile = (sorted: ReadonlyArray<number>, part: number): number => {
  const place = part * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] ?? below) - below)
}
