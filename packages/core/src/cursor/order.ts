/** How runs are ordered, as far as one cursor and one run can tell. */
import * as DateTime from "effect/DateTime"
import type { AnyRun } from "../Run.ts"

/** Returns what a run is ordered by: its id, or one of its times in epoch milliseconds if it has it. */
export const valueOf = (
  run: Pick<AnyRun, "runStartTime" | "runEndTime"> & { readonly id: number | undefined },
  orderBy: "id" | "runStartTime" | "runEndTime"
): number | undefined => {
  if (orderBy === "id") return run.id
  const time = run[orderBy]
  return time === undefined ? undefined : DateTime.toEpochMillis(time)
}

/** Returns whether a value lies behind the cursor's, in the direction that the cursor reads. */
export const isBeyond = (
  cursor: { readonly orderByDirection: "asc" | "desc"; readonly value?: number | undefined },
  value: number
): boolean =>
  cursor.value === undefined || (cursor.orderByDirection === "desc" ? value < cursor.value : value > cursor.value)

/** Returns the ids of the runs that were seen and may come again: those at the cursor's value, and those without a time. */
export const idsOf = (
  { seen, untimed = [] }: { readonly seen: ReadonlyArray<number>; readonly untimed?: ReadonlyArray<number> }
): ReadonlyArray<number> => [...seen, ...untimed]
