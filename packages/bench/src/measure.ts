/**
 * Measures variants side by side. A round runs each variant once, so that other work on the machine slows all of them. The
 * result is a variant's ratio to the baseline of the same round.
 */

export interface Variant {
  readonly name: string
  /** The code to time. If it returns a {@link Memory}, that is the figure instead of the time. */
  readonly run: () => unknown
  /** The highest ratio that we aim at. */
  readonly aim?: number
  /** The most by which it should exceed the baseline, in the unit of the figure. */
  readonly aimBeyond?: number
}

/** A figure that a variant measures itself: the peak memory of a process. */
export class Memory {
  readonly megabytes: number
  constructor(bytes: number) {
    this.megabytes = bytes / 1024 / 1024
  }
}

export interface Quantiles {
  readonly p25: number
  readonly p50: number
  readonly p75: number
}

export interface Measured {
  readonly name: string
  readonly unit: "ms" | "MiB"
  /** The figures of all rounds: milliseconds of one run, or MiB. */
  readonly figure: Quantiles
  /** The ratios to the baseline of the same round. */
  readonly ratio: Quantiles
  /** p50 of the difference to the baseline of the same round. */
  readonly beyond: number
  readonly aim?: number
  readonly aimBeyond?: number
  /** Whether p50 is within the aims. Absent without an aim. */
  readonly met?: boolean
}

export interface Rounds {
  readonly warmUp: number
  readonly measured: number
}

/** Returns the value below which this fraction of the values lies. */
const quantile = (values: ReadonlyArray<number>, part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

// Four digits are more than a measurement has.
const rounded = (value: number): number => Number(value.toPrecision(4))

const quantiles = (values: ReadonlyArray<number>): Quantiles => ({
  p25: rounded(quantile(values, 0.25)),
  p50: rounded(quantile(values, 0.5)),
  p75: rounded(quantile(values, 0.75))
})

const figureOf = async (run: () => unknown): Promise<{ readonly figure: number; readonly unit: Measured["unit"] }> => {
  const start = process.hrtime.bigint()
  const running = run()
  // Synchronous code must not wait for a turn of the event loop.
  const found: unknown = running instanceof Promise ? await running : running
  return found instanceof Memory
    ? { figure: found.megabytes, unit: "MiB" }
    : { figure: Number(process.hrtime.bigint() - start) / 1e6, unit: "ms" }
}

/** Measures variants. The first is the baseline. */
export const measure = async (variants: ReadonlyArray<Variant>, rounds: Rounds): Promise<ReadonlyArray<Measured>> => {
  const samples = variants.map((): Array<number> => [])
  let measuredIn: Measured["unit"] = "ms"
  for (let round = 0; round < rounds.warmUp + rounds.measured; round++) {
    // Each round starts with another variant, so that no variant always runs after the same one.
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
    const ratio = quantiles(figures.map((value, round) => value / (baseline[round] ?? Number.NaN)))
    const { p50: beyond } = quantiles(figures.map((value, round) => value - (baseline[round] ?? Number.NaN)))
    const met = (aim === undefined || ratio.p50 <= aim) && (aimBeyond === undefined || beyond <= aimBeyond)
    return {
      name,
      unit: measuredIn,
      figure: quantiles(figures),
      ratio,
      beyond,
      ...(aim === undefined ? {} : { aim }),
      ...(aimBeyond === undefined ? {} : { aimBeyond }),
      ...(aim === undefined && aimBeyond === undefined ? {} : { met })
    }
  })
}
