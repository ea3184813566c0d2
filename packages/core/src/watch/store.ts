/** Loads and saves the checkpoint of a watch under a key of a store. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { RunCheckpoint } from "../RunCheckpoint.ts"
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts"

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
