/**
 * Measures variants of one thing side by side. A round runs each once, so that what else the machine does falls on all
 * of them; what counts is a variant's ratio to the baseline of the same round.
 */

export interface Variant {
  readonly name: string
  /** What is timed; where it gives a {@link Memory}, that is the figure. */
  readonly run: () => unknown
  /** The ratio that we aim at, at most. */
  readonly aim?: number
  /** How much more than the baseline we aim at, at most, in the unit of the figure. */
  readonly aimBeyond?: number
}

/** What a run found itself: the most memory that a process held. */
export class Memory {
  readonly megabytes: number
  constructor(bytes: number) {
    this.megabytes = bytes / 1024 / 1024
  }
}

export interface Measured {
  readonly name: string
  readonly aim: number | undefined
  readonly aimBeyond: number | undefined
  readonly unit: "ms" | "MiB"
  /** Median of the figures: milliseconds of one run, or megabytes. */
  readonly figure: number
  /** Median of what it is beyond the baseline of the same round. */
  readonly beyond: number
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

const figureOf = async (run: () => unknown): Promise<Pick<Measured, "figure" | "unit">> => {
  const start = process.hrtime.bigint()
  const running = run()
  // What is not asynchronous does not wait for a turn of the event loop.
  const found: unknown = running instanceof Promise ? await running : running
  return found instanceof Memory
    ? { figure: found.megabytes, unit: "MiB" }
    : { figure: Number(process.hrtime.bigint() - start) / 1e6, unit: "ms" }
}

/** The first variant is the baseline. */
export const measure = async (variants: ReadonlyArray<Variant>, rounds: Rounds): Promise<ReadonlyArray<Measured>> => {
  const samples = variants.map((): Array<number> => [])
  let measuredIn: Measured["unit"] = "ms"
  for (let round = 0; round < rounds.warmUp + rounds.measured; round++) {
    // Each round starts with another variant, so that none always runs after the same one.
    for (let offset = 0; offset < variants.length; offset++) {
      const index = (round + offset) % variants.length
      const variant = variants[index]
      if (variant === undefined) continue
      const { figure, unit } = await figureOf(variant.run)
      measuredIn = unit
      if (round >= rounds.warmUp) samples[index]?.push(figure)
    }
  }
  const baseline = samples[0] ?? []
  return variants.map(({ aim, aimBeyond, name }, index) => {
    const figures = samples[index] ?? []
    const ratios = figures.map((value, round) => value / (baseline[round] ?? Number.NaN))
    return {
      name,
      aim,
      aimBeyond,
      unit: measuredIn,
      figure: quantile(figures, 0.5),
      beyond: quantile(figures.map((value, round) => value - (baseline[round] ?? Number.NaN)), 0.5),
      ratio: quantile(ratios, 0.5),
      lower: quantile(ratios, 0.25),
      upper: quantile(ratios, 0.75)
    }
  })
}
