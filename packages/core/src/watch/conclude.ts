/** Tells what the pages of a poll mean: its events, and the checkpoint behind each. It is pure. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { type AnyRun, hasEnded, isTerminal, type RunId, type RunStatus } from "../Run.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut } from "../wire/text.ts"
import { type Checkpoint, type Ended, type Mark, type Unfinished, version } from "./checkpoint.ts"
import type { Event } from "./event.ts"
import type { Options, State } from "./poll.ts"
import * as seen from "./seen.ts"

/** So many polls in a row have to lack a run before it counts as deleted, or to see an ended run go on. */
const polls = { deleted: 3, restarted: 2 }

/** How many ended runs are remembered: the newest. */
const maxEnded = 64

/** How many ranges of ids are remembered. Beyond it the smallest do not appear late any more. */
const maxRanges = 150

/** How many characters of a status are remembered. Those of Coalesce are shorter. */
const maxStatus = 64

/** How many marks lie within `lag`. */
const marksInLag = 10

/** How many of the newest runs may appear late at the start of a watch. */
const lateAtStart = 50

export interface Poll<A extends AnyRun> {
  /** The smallest id first. */
  readonly events: ReadonlyArray<Event<A>>
  readonly checkpoint: Checkpoint
  /** Whether the next poll can be made at once, because the rest of the new runs is left to it. */
  readonly hasMore: boolean
}

/** An event without its checkpoint, and what the checkpoint is told with it. */
interface Change<A extends AnyRun> {
  readonly id: RunId
  readonly event: WithoutCheckpoint<Event<A>> | undefined
  readonly unfinished?: Unfinished | undefined
  readonly ended?: Ended | undefined
}

type WithoutCheckpoint<E> = E extends unknown ? Omit<E, "checkpoint"> : never

export const conclude = <A extends AnyRun>(state: State<A>, now: DateTime.Utc): Poll<A> => {
  const { checkpoint, hasMore, options } = state
  if (checkpoint === undefined) return firstPoll(state, now)
  const changes = limited(changesOf(state, checkpoint), checkpoint, options)
  const told = changes.filter(({ event }) => event !== undefined)
  // What nobody has to handle is right whichever event is handled.
  const silent = changes.filter(({ event }) => event === undefined)
  const after = settle(apply(checkpoint, changes, state.caughtUpTo), state, now)
  const last = told.at(-1)
  const behind = checkpointBehind(apply(checkpoint, silent), told)
  const events = told.flatMap(({ event }, index): ReadonlyArray<Event<A>> =>
    event === undefined ? [] : [{
      ...event,
      // Each checkpoint is made when it is read: a poll of thousands of events holds one.
      get checkpoint() {
        return told[index] === last ? after : behind(index + 1)
      }
    }]
  )
  return { events, checkpoint: after, hasMore }
}

/** Returns the checkpoint behind so many changes. Whoever handles them in order pays for each of them once. */
const checkpointBehind = <A extends AnyRun>(begin: Checkpoint, changes: ReadonlyArray<Change<A>>) => {
  let made = { count: 0, checkpoint: begin }
  return (count: number): Checkpoint => {
    const { checkpoint, count: from } = count < made.count ? { count: 0, checkpoint: begin } : made
    made = { count, checkpoint: apply(checkpoint, changes.slice(from, count)) }
    return made.checkpoint
  }
}

/** The status as it is remembered. It is compared with what a checkpoint has. */
const statusOf = ({ runStatus }: { readonly runStatus: RunStatus }): RunStatus => cut(runStatus, maxStatus)

const ofRun = <A extends AnyRun>(run: A): Unfinished => ({ id: run.id, runStatus: statusOf(run) })

const ofEnd = <A extends AnyRun>({ id, runEndTime, runStatus }: A): Ended => ({
  id,
  runStatus: statusOf({ runStatus }),
  ...omitUndefined({ runEndTime })
})

/** The runs of a poll, each as it was read last, the smallest id first. */
const runsOf = <A extends AnyRun>({ pages }: State<A>): ReadonlyArray<A> =>
  [...new Map(pages.flatMap(({ runs }) => runs).map((run) => [run.id, run])).values()].sort((a, b) => a.id - b.id)

const changesOf = <A extends AnyRun>(state: State<A>, checkpoint: Checkpoint): ReadonlyArray<Change<A>> => {
  const { options, pages } = state
  const unfinished = new Map(checkpoint.unfinished.map((run) => [run.id, run]))
  const ended = new Map(checkpoint.ended.map((run) => [run.id, run]))
  const runs = runsOf(state)
  const changes = runs.flatMap((run): ReadonlyArray<Change<A>> => {
    const { id } = run
    const [open, end] = [unfinished.get(id), ended.get(id)]
    if (open !== undefined) return [ofUnfinished(run, open, options)]
    if (end !== undefined) return [ofEnded(run, end, options)]
    if (id <= checkpoint.settledUpTo || seen.has(checkpoint.seen, id)) return []
    const appeared = { id, event: { _tag: "Appeared", run }, unfinished: ofRun(run) } as const
    return hasEnded(run) ? [appeared, endOf(run, undefined, options)] : [appeared]
  })
  const there = new Set([...runs, ...pages.flatMap(({ undecodable }) => undecodable)].map(({ id }) => id))
  const missing = checkpoint.unfinished.flatMap((run): ReadonlyArray<Change<A>> => {
    const isMissing = !there.has(run.id) &&
      pages.some(({ covers: [from, to], undecodable }) =>
        from <= run.id && run.id <= to && !undecodable.some(({ id }) => id === undefined)
      )
    return isMissing ? [ofMissing(run)] : []
  })
  return [...changes, ...missing]
}

const ofUnfinished = <A extends AnyRun>(run: A, { id, runStatus: from }: Unfinished, options: Options): Change<A> => {
  if (hasEnded(run)) return endOf(run, isTerminal(from) ? undefined : from, options)
  const isSame = from === statusOf(run)
  return {
    id,
    event: isSame ? undefined : { _tag: "StatusChanged", run, from, to: run.runStatus },
    unfinished: ofRun(run)
  }
}

const ofEnded = <A extends AnyRun>(run: A, end: Ended, options: Options): Change<A> => {
  const { id } = run
  if (!hasEnded(run)) {
    const goingOn = (end.goingOn ?? 0) + 1
    return goingOn < polls.restarted
      ? { id, event: undefined, ended: { ...end, goingOn } }
      : { id, event: { _tag: "Restarted", run, from: end.runStatus, to: run.runStatus }, unfinished: ofRun(run) }
  }
  const [before, after] = [end.runEndTime, run.runEndTime]
  const isLater = after !== undefined && before !== undefined && DateTime.isGreaterThan(after, before)
  const isOther = after === undefined && before === undefined && statusOf(run) !== end.runStatus
  if (isLater || isOther) return endOf(run, undefined, options)
  // A row that is older than what was reported says nothing new.
  return { id, event: undefined, ended: ofEnd({ ...run, ...end }) }
}

const ofMissing = <A extends AnyRun>(run: Unfinished): Change<A> => {
  const missing = (run.missing ?? 0) + 1
  const { id, runStatus: lastStatus } = run
  return missing < polls.deleted
    ? { id, event: undefined, unfinished: { ...run, missing } }
    : { id, event: { _tag: "Untracked", runID: id, lastStatus, reason: "Deleted" } }
}

const endOf = <A extends AnyRun>(run: A, from: RunStatus | undefined, { origin }: Options): Change<A> => {
  const { id, runEndTime, runStatus: to } = run
  const at = runEndTime === undefined ? "no-end" : DateTime.formatIso(runEndTime)
  const name = `${origin}/runs/${id}/${to}/${at}`
  return { id, event: { _tag: "Ended", id: name, run, to, ...omitUndefined({ from }) }, ended: ofEnd(run) }
}

/** Untracks the oldest runs beyond `maxWatched`, and orders the changes. */
const limited = <A extends AnyRun>(
  changes: ReadonlyArray<Change<A>>,
  checkpoint: Checkpoint,
  { maxWatched }: Options
): ReadonlyArray<Change<A>> => {
  const { unfinished } = apply(checkpoint, changes)
  const excess = unfinished.slice(0, Math.max(0, unfinished.length - maxWatched)).map(
    ({ id, runStatus: lastStatus }): Change<A> => ({
      id,
      event: { _tag: "Untracked", runID: id, lastStatus, reason: "LimitReached" }
    })
  )
  return [...changes, ...excess].sort((a, b) => a.id - b.id)
}

/** Returns the checkpoint once these changes are handled. */
const apply = <A extends AnyRun>(
  checkpoint: Checkpoint,
  changes: ReadonlyArray<Change<A>>,
  newestID = -1
): Checkpoint => {
  const unfinished = new Map(checkpoint.unfinished.map((run) => [run.id, run]))
  const ended = new Map(checkpoint.ended.map((run) => [run.id, run]))
  for (const change of changes) {
    if (change.unfinished === undefined) unfinished.delete(change.id)
    else unfinished.set(change.id, change.unfinished)
    if (change.ended === undefined) ended.delete(change.id)
    else ended.set(change.id, change.ended)
  }
  const ids = changes.map(({ id }) => id)
  const ranges = seen.add(checkpoint.seen, ids, checkpoint.settledUpTo)
  return {
    ...checkpoint,
    newestID: ids.reduce((greatest, id) => Math.max(greatest, id), Math.max(checkpoint.newestID, newestID)),
    settledUpTo: ranges.at(-maxRanges - 1)?.[1] ?? checkpoint.settledUpTo,
    seen: ranges.slice(-maxRanges),
    unfinished: byID(unfinished),
    ended: byID(ended).slice(-maxEnded)
  }
}

const byID = <Entry extends { readonly id: RunId }>(entries: ReadonlyMap<RunId, Entry>): ReadonlyArray<Entry> =>
  [...entries.values()].sort((a, b) => a.id - b.id)

/** Lets `settledUpTo` follow: ids up to the greatest one of `lag` ago have had their time to appear. */
const settle = <A extends AnyRun>(
  checkpoint: Checkpoint,
  { caughtUpTo, hasMore, options }: State<A>,
  now: DateTime.Utc
): Checkpoint => {
  const { newestID } = checkpoint
  const due = DateTime.subtractDuration(now, options.lag)
  const isDue = ({ at }: Mark) => DateTime.isLessThanOrEqualTo(at, due)
  // A poll that only caught up has not looked for late runs. One odd poll may have lacked one: two have to look.
  const isLooking = caughtUpTo === undefined
  const isPassed = (mark: Mark) => isLooking && isDue(mark) && mark.isDue === true
  const passed = checkpoint.marks.filter(isPassed).map(({ newestID }) => newestID)
  const marks = checkpoint.marks.filter((mark) => !isPassed(mark)).map((mark) =>
    isLooking && isDue(mark) ? { ...mark, isDue: true } : mark
  )
  const spacing = Duration.divideUnsafe(options.lag, marksInLag)
  const [last] = checkpoint.marks.slice(-1)
  const isSpaced = last === undefined || DateTime.isLessThanOrEqualTo(DateTime.addDuration(last.at, spacing), now)
  const settledUpTo = Math.max(checkpoint.settledUpTo, ...passed)
  return {
    ...checkpoint,
    settledUpTo,
    seen: seen.add(checkpoint.seen, [], settledUpTo),
    marks: isSpaced && !hasMore ? [...marks, { at: now, newestID }].slice(-2 * marksInLag) : marks
  }
}

const firstPoll = <A extends AnyRun>(state: State<A>, now: DateTime.Utc): Poll<A> => {
  const { hasMore, options: { maxWatched, since, watches } } = state
  const runs = runsOf(state).filter(({ id }) => since === undefined || id <= since)
  const newestID = since ?? runs.at(-1)?.id ?? -1
  const [firstPage] = state.pages
  const reached = Math.max(-1, (firstPage?.covers[0] ?? 0) - 1)
  // A page of rows without an id says nothing of where it reaches.
  const settledUpTo = since ?? Math.min(newestID, Math.max(reached, runs.at(-lateAtStart - 1)?.id ?? -1))
  const unfinished = runs.filter((run) => !hasEnded(run)).slice(-maxWatched).map(ofRun)
  const checkpoint: Checkpoint = {
    version,
    watches,
    newestID,
    settledUpTo,
    seen: seen.add([], runs.map(({ id }) => id), settledUpTo),
    unfinished,
    ended: since === undefined ? runs.filter(hasEnded).slice(-maxEnded).map(ofEnd) : [],
    marks: [{ at: now, newestID }]
  }
  const newest = runs.at(-1)
  return {
    events: [{ _tag: "Watching", unfinished, checkpoint, ...(newest === undefined ? {} : { newestID: newest.id }) }],
    checkpoint,
    hasMore
  }
}
