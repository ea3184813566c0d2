/** Says how long a run took, as `Run.duration` does, but for many runs: it leaves no garbage. */
import type { AnyRun } from "../Run.ts"

/** Returns milliseconds. Undefined while it has not started or not ended, or when its end lies before its start. */
export const tookMillis = ({ runEndTime, runStartTime }: AnyRun): number | undefined => {
  if (runStartTime === undefined || runEndTime === undefined) return undefined
  const millis = runEndTime.epochMilliseconds - runStartTime.epochMilliseconds
  return millis < 0 ? undefined : millis
}
