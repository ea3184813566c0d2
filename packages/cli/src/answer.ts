/** Answers a question: facts from core, in words for a person or a pipe, or as JSON. */
import * as Report from "@coalesce-runs/core/Report"
import type { RunsClient } from "@coalesce-runs/core/RunsClient"
import * as Config from "effect/Config"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as connection from "./connection.ts"
import { exitCodes } from "./exitCode.ts"
import type { Common } from "./flags.ts"
import { nameCall } from "./nameCall.ts"
import { withProgress } from "./progress.ts"

export interface Question<Facts, Encoded, E> {
  /** What a person waits for, such as `Reading runs`. */
  readonly waiting: string
  readonly facts: (timeZone: string | undefined) => Effect.Effect<Facts, E, RunsClient>
  readonly schema: Schema.Codec<Facts, Encoded>
  readonly report: (facts: Facts, options: Report.Options) => Report.Report
  /** Whether the facts need attention. Default: they never do. */
  readonly needsAttention?: (facts: Facts) => boolean
  /** Prints only what needs attention. */
  readonly isQuiet?: boolean
}

const configuredZone = Config.String("COALESCE_TIME_ZONE").pipe(Config.withDefault(""))

/** The zone of a command: its own flag, or the environment's. */
export const zoneOf = ({ timeZone }: Common): Effect.Effect<string | undefined, Config.ConfigError> =>
  timeZone === undefined ? Effect.map(configuredZone, (zone) => zone.trim() || undefined) : Effect.succeed(timeZone)

export const print = (text: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(`${text}\n`)
  })

/** Colors are for a terminal, unless NO_COLOR says otherwise. */
const isColored = () => process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === ""

export const shown = (report: Report.Report): string =>
  process.stdout.isTTY
    ? Report.toTerminal(report, {
      nameCall,
      color: isColored(),
      width: Math.min(Math.max(process.stdout.columns ?? 100, 40), 140)
    })
    : Report.toText(report, { nameCall })

/** The `now` of a report: a person in a terminal also reads how long ago something was. */
export const nowForPerson: Effect.Effect<Date | undefined> = Effect.map(
  DateTime.now,
  (now) => process.stdout.isTTY ? DateTime.toDateUtc(now) : undefined
)

/** Answers, and returns the exit code. */
export const answer = <Facts, Encoded, E>(
  common: Common,
  { facts, isQuiet = false, needsAttention = () => false, report, schema, waiting }: Question<Facts, Encoded, E>
): Effect.Effect<number, unknown> =>
  Effect.gen(function*() {
    const timeZone = yield* zoneOf(common)
    const names = yield* Report.configuredNames
    const found = yield* withProgress(waiting, () => facts(timeZone))
    const now = yield* nowForPerson
    const isUrgent = needsAttention(found)
    if (!isQuiet || isUrgent) {
      yield* print(
        common.json
          ? JSON.stringify(Schema.encodeSync(schema)(found), undefined, process.stdout.isTTY ? 2 : undefined)
          : shown(report(found, { names, now, timeZone }))
      )
    }
    return isUrgent ? exitCodes.attention : exitCodes.well
  }).pipe(connection.provided(common.demo))
