/** What changed between two statistics. */
import type { Change, Counted, RunStatistics } from "./model.ts"
import { present } from "./present.ts"

export const compare = (now: RunStatistics, before: RunStatistics): Change => ({
  ...numbers(now, before),
  ...present({
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
      return match === undefined ? [] : [{ key: group.key, ...numbers(group, match) }]
    }),
    ...present({
      newGroups: onlyIn(now.groups, before.groups, before.otherGroups),
      goneGroups: onlyIn(before.groups, now.groups, now.otherGroups)
    })
  }
}

interface Keyed {
  readonly key: string
}

/** The keys of the one that the other does not have; nothing where the other does not list all that it has. */
const onlyIn = (one: ReadonlyArray<Keyed>, other: ReadonlyArray<Keyed>, unlisted: object | undefined) => {
  if (unlisted !== undefined) return undefined
  const known = new Set(other.map(({ key }) => key))
  return one.map(({ key }) => key).filter((key) => !known.has(key))
}

const numbers = (now: Counted, before: Counted) => ({
  runs: now.runs - before.runs,
  failed: now.byStatus.failed - before.byStatus.failed,
  ...present({
    successRate: minus(now.successRate, before.successRate),
    medianMillis: minus(now.durations?.medianMillis, before.durations?.medianMillis),
    p95Millis: minus(now.durations?.p95Millis, before.durations?.p95Millis)
  })
})

const minus = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now - before
