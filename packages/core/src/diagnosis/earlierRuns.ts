/** The runs up to a failed one, back to its last success. */
import * as Effect from "effect/Effect"
import {
  attempt,
  Limits,
  missing,
  type PagesBack,
  type Part,
  readBack,
  unavailable,
  unavailablePages,
  valueOf
} from "../inspection/part.ts"
import { runsUpTo } from "../inspection/requests.ts"
import * as Run from "../Run.ts"
import type { RunResult } from "../RunResult.ts"
import * as RunsClient from "../RunsClient.ts"
import { type Streak, streakOf } from "./history.ts"
import type { Unavailable } from "./model.ts"

const firstPage = 250

type Page = Part<RunsClient.RunPage<Run.Run>>

/** The rows back to the last success, and the streak that they show. */
export interface EarlierRuns {
  readonly back: PagesBack<Run.Run>
  /** Absent if the run's job is not known, since its details are unavailable. */
  readonly streak: Streak | undefined
  /** The node results of the streak's first failure, if that is another run. */
  readonly firstResults: Part<ReadonlyArray<RunResult>> | undefined
}

/** Returns the streak that rows up to a run show, if its details are known. */
export const streakIn = (run: Run.AnyRun, rows: ReadonlyArray<Run.Run>): Streak | undefined => {
  // The rows begin with the run itself: they have its details even if the first request for them failed.
  const detailed = Run.isDetailed(run) ? run : rows.find(({ id }) => id === run.id)
  return detailed && streakOf(detailed, rows)
}

/** Reads the first page of the rows up to a run. */
export const readFirstPage = (run: Run.AnyRun): Effect.Effect<Page, never, RunsClient.RunsClient> =>
  Effect.flatMap(
    Limits,
    ({ historyLimit }) => attempt(runsUpTo(run.id, Run.environmentID(run))(Math.min(firstPage, historyLimit)))
  )

/** Reads what is left up to the last success, and the node results of the streak's first failure. */
export const readEarlierRuns = Effect.fnUntraced(function*(
  run: Run.AnyRun,
  first: Page
): Effect.fn.Return<Part<EarlierRuns>, never, RunsClient.RunsClient> {
  const { historyLimit } = yield* Limits
  return yield* Effect.result(Effect.gen(function*() {
    const isEnough = (rows: ReadonlyArray<Run.Run>) => streakIn(run, rows)?.lastSuccess !== undefined
    const page = runsUpTo(run.id, Run.environmentID(run))
    const back = yield* readBack(yield* Effect.fromResult(first), historyLimit, page, isEnough)
    const streak = streakIn(run, back.rows)
    const isFirst = streak === undefined || streak.firstFailure.id === run.id
    const firstResults = isFirst ? undefined : yield* attempt(RunsClient.results(streak.firstFailure.id))
    return { back, streak, firstResults }
  }))
})

/** Says what of the earlier runs is unavailable. */
export const unavailableHistory = ({ id }: Run.AnyRun, part: Part<EarlierRuns>): ReadonlyArray<Unavailable> => {
  const earlier = valueOf(part)
  return [
    ...unavailable("history", part, id),
    ...unavailablePages("history", earlier?.back.pages ?? [], id),
    ...(earlier !== undefined && earlier.streak === undefined
      ? missing("history", "NoDetails", "The run's job is not known, since its details are unavailable.", id)
      : []),
    ...unavailable("firstFailure", earlier?.firstResults, earlier?.streak?.firstFailure.id)
  ]
}
