/** A history of runs over time, and a server that lists what is there at a time: independent of the library. */
import * as DateTime from "effect/DateTime"
import * as fc from "fast-check"
import { Run, RunCursor, type RunsClient } from "../../src/index.ts"
import type { PollRequest } from "../../src/watch/poll.ts"

/** Minutes since the world began. */
export type Minute = number

export interface Phase {
  readonly from: Minute
  readonly runStatus: string
  /** When it ended, if it had. */
  readonly end?: Minute
}

export interface Life {
  readonly id: Run.RunId
  readonly visibleFrom: Minute
  readonly deletedAt: Minute
  readonly phases: ReadonlyArray<Phase>
}

const statuses = ["waitingToRun", "initializing", "running", "paused"]
const ends = ["completed", "failed", "canceled"]

const life = fc.record({
  gap: fc.integer({ min: 1, max: 3 }),
  created: fc.integer({ min: 0, max: 120 }),
  delay: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) }),
  deletedAfter: fc.oneof(
    { weight: 8, arbitrary: fc.constant(Infinity) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }
  ),
  phases: fc.array(
    fc.record({
      lasts: fc.integer({ min: 1, max: 25 }),
      runStatus: fc.constantFrom(...statuses, ...ends, ...ends)
    }),
    { minLength: 1, maxLength: 5 }
  )
})

/** Runs whose ids grow with the time of their creation; some become visible up to 9 minutes later, some are deleted. */
export const lives: fc.Arbitrary<ReadonlyArray<Life>> = fc.array(life, { minLength: 1, maxLength: 14 }).map((drawn) => {
  let id = 0
  return drawn.toSorted((a, b) => a.created - b.created).map(({ created, delay, deletedAfter, gap, phases }) => {
    let from = created
    return {
      id: Run.RunId.make(id += gap),
      visibleFrom: created + delay,
      deletedAt: created + delay + deletedAfter,
      phases: phases.map(({ lasts, runStatus }) => {
        const phase = { from, runStatus, ...(ends.includes(runStatus) ? { end: from } : {}) }
        from += lasts
        return phase
      })
    }
  })
})

export const phaseAt = ({ phases }: Life, now: Minute): Phase | undefined => phases.findLast(({ from }) => from <= now)

export const instant = (minute: Minute): DateTime.Utc => DateTime.makeUnsafe(minute * 60_000)

/** The runs at a time, as rows. */
export const rowsAt = (world: ReadonlyArray<Life>, now: Minute): ReadonlyArray<Run.RunSummary> =>
  world.flatMap((life) => {
    const phase = phaseAt(life, now)
    if (phase === undefined || life.visibleFrom > now || life.deletedAt <= now) return []
    const { end, runStatus } = phase
    return [{ id: life.id, runType: "refresh", runStatus, ...(end === undefined ? {} : { runEndTime: instant(end) }) }]
  })

/** Lists rows, which come in ascending id, as the API does, with at most `maxLimit` a page. */
export const pageOf = (
  rows: ReadonlyArray<Run.RunSummary>,
  { limit, orderByDirection, runStatus, startingFrom }: PollRequest,
  maxLimit: number
): RunsClient.RunPage<Run.RunSummary> => {
  const sign = orderByDirection === "asc" ? 1 : -1
  const ascending = rows.filter((row) =>
    (runStatus === undefined || row.runStatus === runStatus) &&
    (startingFrom === undefined || sign * (row.id - startingFrom) > 0)
  )
  const matching = sign > 0 ? ascending : ascending.toReversed()
  const runs = matching.slice(0, Math.min(limit, maxLimit))
  const last = runs.at(-1)?.id ?? startingFrom
  const order = { orderBy: "id", orderByDirection } as const
  return {
    ...order,
    runs,
    undecodable: [],
    cursor: { ...RunCursor.start(order), ...(last === undefined ? {} : { value: last }) },
    hasMore: matching.length > runs.length
  }
}
