/**
 * Measures variants of one thing side by side. A round runs each once, so that what else the machine does falls on all
 * of them; what counts is a variant's ratio to the baseline of the same round.
 */

export interface Variant {
  readonly name: string
  readonly run: () => unknown
  /** The ratio that we aim at, at most. */
  readonly aim?: number
}

export interface Measured {
  readonly name: string
  readonly aim: number | undefined
  /** Median milliseconds of one run. */
  readonly millis: number
  /** Median of the ratios to the baseline, and the quartiles around it. */
  readonly ratio: number
  readonly lower: number
  readonly upper: number
}

export interface Rounds {
  readonly warmUp: number
  readonly measured: number
}

/** The value below which this part of the sorted values lies. */
const quantile = (values: ReadonlyArray<number>, part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

const time = async (run: () => unknown): Promise<number> => {
  const start = process.hrtime.bigint()
  const running = run()
  // What is not asynchronous does not wait for a turn of the event loop.
  if (running instanceof Promise) await running
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** The first variant is the baseline. */
export const measure = async (variants: ReadonlyArray<Variant>, rounds: Rounds): Promise<ReadonlyArray<Measured>> => {
  const samples = variants.map((): Array<number> => [])
  for (let round = 0; round < rounds.warmUp + rounds.measured; round++) {
    // Each round starts with another variant, so that none always runs after the same one.
    for (let offset = 0; offset < variants.length; offset++) {
      const index = (round + offset) % variants.length
      const variant = variants[index]
      if (variant === undefined) continue
      const millis = await time(variant.run)
      if (round >= rounds.warmUp) samples[index]?.push(millis)
    }
  }
  const baseline = samples[0] ?? []
  return variants.map(({ aim, name }, index) => {
    const millis = samples[index] ?? []
    const ratios = millis.map((value, round) => value / (baseline[round] ?? Number.NaN))
    return {
      name,
      aim,
      millis: quantile(millis, 0.5),
      ratio: quantile(ratios, 0.5),
      lower: quantile(ratios, 0.25),
      upper: quantile(ratios, 0.75)
    }
  })
}
