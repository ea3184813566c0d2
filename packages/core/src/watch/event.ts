import type * as Duration from "effect/Duration"
import type { AnyRun, RunId, RunStatus, RunSummary } from "../Run.ts"
import type { ListError } from "../RunsClient.ts"

/**
 * What happened. Each change is one event.
 *
 * - `Appeared`: a new run, in whatever status it was found.
 * - `StatusChanged`: the run has another status that is not an end. It may have ended before and run again.
 * - `Ended`: the run completed, failed or was canceled. `from` is absent if the run was not seen before.
 * - `Untracked`: the watch no longer follows a run that had not ended, because it was `Deleted`, or because more than
 *   `maxWatched` runs have not ended (`LimitReached`).
 * - `PollFailed`: a request failed with a retryable error. The watch continues after `retryIn` and then reports what
 *   changed meanwhile.
 */
export type Event<A extends AnyRun = RunSummary> =
  | { readonly _tag: "Appeared"; readonly run: A }
  | { readonly _tag: "StatusChanged"; readonly run: A; readonly from: RunStatus; readonly to: RunStatus }
  | {
    readonly _tag: "Ended"
    readonly run: A
    readonly from?: RunStatus
    readonly to: "canceled" | "completed" | "failed"
  }
  | {
    readonly _tag: "Untracked"
    readonly runID: RunId
    readonly lastStatus: RunStatus
    readonly reason: "Deleted" | "LimitReached"
  }
  | { readonly _tag: "PollFailed"; readonly error: ListError; readonly retryIn: Duration.Duration }
