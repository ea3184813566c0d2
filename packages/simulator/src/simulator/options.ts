/** The options of a simulator. Public through `Simulator.ts`. */
import type * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as check from "../check/options.ts"
import type { Faults } from "../Faults.ts"
import type { Scenario } from "../Scenario.ts"
import type { IdsAs, SimulatedRun } from "../SimulatedRun.ts"
import type { RateLimit } from "./rateLimit.ts"
import type { Next } from "./routes.ts"

/** The options of a simulator, over HTTP or in memory. All are optional. */
export interface MemoryOptions {
  /** The runs, as a scenario. Default: `Scenario.lastNight` at the clock's time in UTC, unless `runs` is set. */
  readonly scenario?: Scenario
  /**
   * Goes on with the scenario's jobs while it serves: runs start, progress, end and are re-run, and deploys happen in between.
   * Simulated time begins at the scenario's `now`. `speed` is how many simulated seconds pass in a second of Effect's clock.
   * Default: 60. It needs a scenario; its default is then `Scenario.aroundTheClock`. Default: the history stands still.
   */
  readonly live?: { readonly speed?: number }
  /** The runs, one by one, in any order. */
  readonly runs?: ReadonlyArray<SimulatedRun>
  /** The token that requests must send. Default: `simulated-token`. */
  readonly token?: string | Redacted.Redacted
  /** What the `next` of a page holds. Default: `absent`. */
  readonly next?: Next
  /** How the ids of rows are written. Default: `number`. */
  readonly idsAs?: IdsAs
  /** The largest `limit`. A greater one is clamped, and the page's `limit` shows it. Default: 1000. */
  readonly maxLimit?: number
  /**
   * Whether runs without the time that orders them are left out, or come last in either direction. Default: `omitted`.
   */
  readonly untimed?: "omitted" | "last"
  /** The order of runs with equal times: by id, whatever the direction, or random by `seed`. Default: `asc`. */
  readonly ties?: "asc" | "desc" | "shuffled"
  /** The seed of `ties: "shuffled"`. Default: 1. */
  readonly seed?: number
  /** How long each response waits: in real time over HTTP, on Effect's clock in memory. Default: none. */
  readonly latency?: Duration.Input
  /** How many requests are served in each window of time. The others get a 429. Default: no limit. */
  readonly rateLimit?: RateLimit
  /**
   * What the token is not permitted to read. A request for one of the `environments`, or for a run in it, gets a 403; lists
   * without that filter leave its runs out. `results` names the runs whose node results are a 403. Default: nothing.
   */
  readonly forbidden?: {
    readonly environments?: ReadonlyArray<string>
    readonly results?: "all" | ReadonlyArray<number>
  }
  /** The faults. Default: none. */
  readonly faults?: Faults
}

/** The options of a simulator over HTTP. All are optional. */
export interface Options extends MemoryOptions {
  /** The address to listen on. Default: `127.0.0.1`. */
  readonly host?: string
  /** The port. Default: a free one. */
  readonly port?: number
}

const liveShape: check.Shape<NonNullable<MemoryOptions["live"]>> = {
  speed: ["a number above 0", (value) => typeof value === "number" && value > 0 && value < Infinity]
}

const rateLimitShape: check.Shape<RateLimit> = {
  requests: check.required(check.number),
  per: check.required(check.duration),
  retryAfter: check.oneOf("seconds", "date", "none")
}

const forbiddenShape: check.Shape<NonNullable<MemoryOptions["forbidden"]>> = {
  environments: check.texts,
  results: check.either(check.oneOf("all"), check.array)
}

const memoryShape: check.Shape<MemoryOptions> = {
  scenario: check.plain,
  live: check.plain,
  runs: check.array,
  token: ["a text or a Redacted", (value) => typeof value === "string" || Redacted.isRedacted(value)],
  next: check.oneOf("absent", "null", "blank", "last", "string", "numeric", "always"),
  idsAs: check.oneOf("number", "string"),
  maxLimit: check.number,
  untimed: check.oneOf("omitted", "last"),
  ties: check.oneOf("asc", "desc", "shuffled"),
  seed: check.number,
  latency: check.duration,
  rateLimit: check.plain,
  forbidden: check.plain,
  faults: check.array
}

const checkParts = (call: string, { forbidden, live, rateLimit, runs }: MemoryOptions): void => {
  if (live !== undefined) {
    check.checkOptions(`${call}: live`, live, liveShape)
    if (runs !== undefined) {
      throw new Error(`${call}: \`runs\`: cannot be combined with \`live\`, which goes on with a scenario`)
    }
  }
  if (rateLimit !== undefined) check.checkOptions(`${call}: rateLimit`, rateLimit, rateLimitShape)
  if (forbidden !== undefined) check.checkOptions(`${call}: forbidden`, forbidden, forbiddenShape)
}

/** Throws where an option of a simulator in memory is wrong. */
export const checkMemoryOptions = (call: string, options: MemoryOptions): void => {
  check.checkOptions(call, options, memoryShape)
  checkParts(call, options)
}

/** Throws where an option of a simulator over HTTP is wrong. */
export const checkHttpOptions = (call: string, options: Options): void => {
  check.checkOptions(call, options, { ...memoryShape, host: check.text, port: check.number })
  checkParts(call, options)
}
