import type * as Duration from "effect/Duration"
import type { AnyRun, RunId, RunStatus, RunSummary } from "../Run.ts"
import type { ListError } from "../RunsClient.ts"
import type { Checkpoint, Unfinished } from "./checkpoint.ts"

/** What every event carries. */
export interface Handled {
  /** The checkpoint that is right once this event has been handled. A watch resumed from it reports what follows. */
  readonly checkpoint: Checkpoint
}

/** A run has ended. */
export interface Ended<A extends AnyRun = RunSummary> extends Handled {
  readonly _tag: "Ended"
  /**
   * Names this end: the origin, the run, its status and its end. It is the same each time that the end is reported, and a
   * second end of the same run has another.
   */
  readonly id: string
  readonly run: A
  /** The status before. Absent if the run was not seen before its end. */
  readonly from?: RunStatus
  /** `completed`, `failed`, `canceled`, or the status of a run that has an end and a status not known. */
  readonly to: RunStatus
}

/**
 * What happened. Each change is one event.
 *
 * - `Watching`: the first poll of a new watch is done. `unfinished` are the runs whose ends it waits for.
 * - `Appeared`: a new run, in whatever status it was found.
 * - `StatusChanged`: the run has another status that is not an end.
 * - `Ended`: the run has ended: it completed, failed, was canceled, or has an end.
 * - `Restarted`: a run that had ended goes on, under the same id. Its next end is reported too.
 * - `Untracked`: the watch no longer follows a run that had not ended, because it was `Deleted`, or because more than
 *   `maxWatched` runs have not ended (`LimitReached`).
 * - `PollFailed`: a request failed with a retryable error. The watch continues after `retryIn` and then reports what
 *   changed meanwhile.
 */
export type Event<A extends AnyRun = RunSummary> =
  | Handled & { readonly _tag: "Watching"; readonly newestID?: RunId; readonly unfinished: ReadonlyArray<Unfinished> }
  | Handled & { readonly _tag: "Appeared"; readonly run: A }
  | Handled & { readonly _tag: "StatusChanged"; readonly run: A; readonly from: RunStatus; readonly to: RunStatus }
  | Ended<A>
  | Handled & { readonly _tag: "Restarted"; readonly run: A; readonly from: RunStatus; readonly to: RunStatus }
  | Handled & {
    readonly _tag: "Untracked"
    readonly runID: RunId
    readonly lastStatus: RunStatus
    readonly reason: "Deleted" | "LimitReached"
  }
  | {
    readonly _tag: "PollFailed"
    readonly error: ListError
    readonly retryIn: Duration.Duration
    /** Absent while no poll has succeeded. */
    readonly checkpoint?: Checkpoint
  }
