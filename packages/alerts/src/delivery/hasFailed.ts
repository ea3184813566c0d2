/** How an outbox learns what its queue cannot bring. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as PersistedQueue from "effect/persistence/PersistedQueue"

/**
 * Says whether the queue of a name has put away the element of an id, such as one whose file is damaged: it is never brought again. A queue does
 * not tell that to whoever takes from it. A store that cannot say it does not provide this. Default: no element has failed.
 */
export const HasFailed = Context.Reference<
  (queue: string, id: string) => Effect.Effect<boolean, PersistedQueue.PersistedQueueError>
>("@coalesce-runs/alerts/HasFailed", { defaultValue: () => () => Effect.succeed(false) })
