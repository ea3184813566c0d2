/** How a simulator behaves. Public through `Simulator.ts`. */
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type { Faults } from "../Faults.ts"
import type { Scenario } from "../Scenario.ts"
import type { IdsAs, SimulatedRun } from "../SimulatedRun.ts"
import type { RateLimit } from "./rateLimit.ts"
import type { Next } from "./routes.ts"

/**
 * How a simulator behaves, over HTTP or in memory. Every option may be left out.
 *
 * @category options
 */
export interface MemoryOptions {
  /** The runs, as a scenario. Default: {@link Scenario.lastNight} at the clock's time in UTC, unless `runs` is set. */
  readonly scenario?: Scenario
  /** The runs, one by one, in any order. */
  readonly runs?: ReadonlyArray<SimulatedRun>
  /** The token that requests must bear. Default: `simulated-token`. */
  readonly token?: string | Redacted.Redacted
  /** What `next` holds. Default: `absent`. */
  readonly next?: Next
  /** How the ids of rows are written. Default: `number`. */
  readonly idsAs?: IdsAs
  /** Clamps a greater `limit`; the `limit` of the page then shows it. Default: 1000. */
  readonly maxLimit?: number
  /**
   * Whether runs without the time that orders them are left out, or come last in either direction. Default: `omitted`.
   */
  readonly untimed?: "omitted" | "last"
  /** The order of runs with equal times, by id whichever the direction, or by chance (of `seed`). Default: `asc`. */
  readonly ties?: "asc" | "desc" | "shuffled"
  /** For the chance in `ties`. Default: 1. */
  readonly seed?: number
  /** How long each response waits: in real time over HTTP, on Effect's clock in memory. Default: none. */
  readonly latency?: Duration.Input
  /** How many requests are served in each window of time. The others get a 429. Default: no limit. */
  readonly rateLimit?: RateLimit
  /**
   * What the token is not permitted. An environment asked for by id, or by a run in it, is a 403; lists without that
   * filter leave its runs out. `results` names the runs whose node results are a 403. Default: nothing.
   */
  readonly forbidden?: {
    readonly environments?: ReadonlyArray<string>
    readonly results?: "all" | ReadonlyArray<number>
  }
  /** What goes wrong. Default: nothing. */
  readonly faults?: Faults
}

/**
 * How a simulator behaves over HTTP. Every option may be left out.
 *
 * @category options
 */
export interface Options extends MemoryOptions {
  /** Where to listen. Default: `127.0.0.1`. */
  readonly host?: string
  /** The port. Default: one that is free. */
  readonly port?: number
}
