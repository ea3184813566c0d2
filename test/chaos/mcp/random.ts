/** Draws with a fixed seed, so that each run of the suite does the same. */

/** The seed of all draws here. */
const seed = Number(process.env["CHAOS_SEED"] ?? 20261126)

export interface Random {
  /** Returns a number from 0 to less than 1. */
  readonly next: () => number
  /** Returns a whole number from 0 to less than `below`. */
  readonly below: (below: number) => number
  readonly pick: <A>(values: readonly [A, ...ReadonlyArray<A>]) => A
}

/** Mulberry32, whose state is one number. */
export const random = (stream: number): Random => {
  let state = seed + stream * 7919
  const next = (): number => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { next, below, pick: (values) => values[below(values.length)] ?? values[0] }
}
