/** Loads the checkpoint of a watch under a key of a store, and saves it behind each event that was handled. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AnyRun } from "../Run.ts"
import { RunCheckpoint } from "../RunCheckpoint.ts"
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts"
import type { Event } from "./event.ts"

/**
 * Returns where the key stands, and how a watch that goes on from there saves. `save` returns whether it saved: false where
 * another watch was faster, and then the key has to be loaded again.
 */
export const load = Effect.fnUntraced(function*(key: string) {
  const store = yield* RunCheckpoint
  const saved = Option.getOrUndefined(yield* store.load(key))
  let version = saved?.version ?? 0
  const save = (checkpoint: Checkpoint) =>
    store.save(key, encodeCheckpoint(checkpoint), version).pipe(
      Effect.map((newer) => {
        version = newer
        return true
      }),
      Effect.catchTag(
        "CheckpointConflict",
        () => Effect.as(Effect.logInfo(`Another watch saved ${JSON.stringify(key)} first`), false)
      )
    )
  return { resume: saved?.value, save }
})

/** Handles an event and saves its checkpoint, uninterrupted. Returns whether it saved: another watch may have been faster. */
export const handleAndSave = <A extends AnyRun, E, R, E2>(
  event: Event<A>,
  handler: (event: Event<A>) => Effect.Effect<unknown, E, R>,
  save: (checkpoint: Checkpoint) => Effect.Effect<boolean, E2>
): Effect.Effect<boolean, E | E2, R> =>
  Effect.uninterruptible(
    Effect.andThen(handler(event), event._tag === "PollFailed" ? Effect.succeed(true) : save(event.checkpoint))
  )
