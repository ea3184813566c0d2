import type { AnyRun } from "./model.ts"

/**
 * Returns how long a run took, in milliseconds: a number, which leaves no garbage where many runs are folded. Undefined while it has not
 * started or not ended, or when its end lies before its start.
 */
export const tookMillis = ({ runEndTime, runStartTime }: AnyRun): number | undefined => {
  if (runStartTime === undefined || runEndTime === undefined) return undefined
  const millis = runEndTime.epochMilliseconds - runStartTime.epochMilliseconds
  return millis < 0 ? undefined : millis
}
