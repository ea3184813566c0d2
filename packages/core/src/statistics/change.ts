/** Compares two statistics. */
import * as Struct from "effect/Struct"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { type Change, type Counted, identity, type RunStatistics } from "./model.ts"

export const compare = (now: RunStatistics, before: RunStatistics): Change => ({
  ...countsOf(now, before),
  ...omitUndefined({
    newCauses: onlyIn(now.causes, before.causes, before.otherCauses)?.map(keyOf).filter(isNamed),
    goneCauses: onlyIn(before.causes, now.causes, now.otherCauses)?.map(keyOf).filter(isNamed)
  }),
  ...(now.groupBy === before.groupBy && now.groupBy !== "day" && now.groupBy !== "week"
    ? changedGroups(now, before)
    : {})
})

const changedGroups = (
  now: RunStatistics,
  before: RunStatistics
): Pick<Change, "groups" | "newGroups" | "goneGroups"> => {
  if (now.groups === undefined || before.groups === undefined) return {}
  const earlier = new Map(before.groups.map((group) => [group.key, group]))
  return {
    groups: now.groups.flatMap((group) => {
      const match = earlier.get(group.key)
      return match === undefined ? [] : [{ key: group.key, ...countsOf(group, match) }]
    }),
    ...omitUndefined({
      newGroups: onlyIn(now.groups, before.groups, before.otherGroups)?.map(keyOf),
      goneGroups: onlyIn(before.groups, now.groups, now.otherGroups)?.map(Struct.pick(Struct.keys(identity)))
    })
  }
}

interface Keyed {
  readonly key: string
}

const keyOf = ({ key }: Keyed): string => key

/** Failures whose reasons name no cause have nothing in common: they are neither new nor gone. */
const isNamed = (key: string): boolean => key !== ""

/** Returns what only the one has. Undefined if the other does not list all of its own. */
const onlyIn = <A extends Keyed>(one: ReadonlyArray<A>, other: ReadonlyArray<A>, unlisted: object | undefined) => {
  if (unlisted !== undefined) return undefined
  const known = new Set(other.map(keyOf))
  return one.filter(({ key }) => !known.has(key))
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
