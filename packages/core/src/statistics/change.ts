/** Compares two statistics. */
import { omitUndefined } from "../wire/omitUndefined.ts"
import type { Change, Counted, RunStatistics } from "./model.ts"

export const compare = (now: RunStatistics, before: RunStatistics): Change => ({
  ...countsOf(now, before),
  ...omitUndefined({
    newCauses: onlyIn(now.causes, before.causes, before.otherCauses),
    goneCauses: onlyIn(before.causes, now.causes, now.otherCauses)
  }),
  ...(now.groupBy === before.groupBy && now.groupBy !== "day" ? groups(now, before) : {})
})

const groups = (now: RunStatistics, before: RunStatistics): Pick<Change, "groups" | "newGroups" | "goneGroups"> => {
  if (now.groups === undefined || before.groups === undefined) return {}
  const earlier = new Map(before.groups.map((group) => [group.key, group]))
  return {
    groups: now.groups.flatMap((group) => {
      const match = earlier.get(group.key)
      return match === undefined ? [] : [{ key: group.key, ...countsOf(group, match) }]
    }),
    ...omitUndefined({
      newGroups: onlyIn(now.groups, before.groups, before.otherGroups),
      goneGroups: onlyIn(before.groups, now.groups, now.otherGroups)
    })
  }
}

interface Keyed {
  readonly key: string
}

/** Returns the keys that only the one has; nothing where the other does not list all of its own. */
const onlyIn = (one: ReadonlyArray<Keyed>, other: ReadonlyArray<Keyed>, unlisted: object | undefined) => {
  if (unlisted !== undefined) return undefined
  const known = new Set(other.map(({ key }) => key))
  return one.map(({ key }) => key).filter((key) => !known.has(key))
}

const countsOf = (now: Counted, before: Counted) => ({
  runs: now.runs - before.runs,
  failed: now.statusCounts.failed - before.statusCounts.failed,
  ...omitUndefined({
    successRate: minus(now.successRate, before.successRate),
    p50Millis: minus(now.durations?.p50Millis, before.durations?.p50Millis),
    p95Millis: minus(now.durations?.p95Millis, before.durations?.p95Millis)
  })
})

const minus = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now - before
