/**
 * Keeps the checkpoints of watches in effect's `KeyValueStore`, for one writer a key.
 *
 * **Details**
 *
 * A `KeyValueStore` reads and then writes: of two processes that save at once, one overwrites the other, and its file
 * layer can leave half a value where the process is killed. `@coalesce-runs/core/node` has a store in files that cannot,
 * `@coalesce-runs/core/checkpoint-sql` and `@coalesce-runs/core/checkpoint-redis` have one for several machines.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { KeyValueStore } from "effect/persistence/KeyValueStore"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { CheckpointConflict, CheckpointStoreError, RunCheckpoint } from "./RunCheckpoint.ts"

const Entry = Schema.fromJsonString(Schema.Struct({ version: Schema.Int, value: Schema.String }))
const decode = Schema.decodeEffect(Entry)
const encode = Schema.encodeSync(Entry)

/** Keeps checkpoints in the `KeyValueStore` of the context, each under its key. */
export const layer: Layer.Layer<RunCheckpoint, never, KeyValueStore> = Layer.effect(
  RunCheckpoint,
  Effect.gen(function*() {
    const store = yield* KeyValueStore
    const semaphore = yield* Semaphore.make(1)
    const load = (key: string) =>
      store.get(key).pipe(
        Effect.flatMap((text) => text === undefined ? Effect.succeedNone : Effect.map(decode(text), Option.some)),
        Effect.mapError((cause) => new CheckpointStoreError({ key, operation: "load", cause }))
      )
    const save = Effect.fnUntraced(function*(key: string, value: string, expectedVersion: number) {
      const saved = yield* load(key)
      const version = Option.match(saved, { onNone: () => 0, onSome: ({ version }) => version })
      if (version !== expectedVersion) return yield* new CheckpointConflict({ key, expectedVersion })
      yield* store.set(key, encode({ version: version + 1, value })).pipe(
        Effect.mapError((cause) => new CheckpointStoreError({ key, operation: "save", cause }))
      )
      return version + 1
    })
    return RunCheckpoint.of({
      load,
      save: (key, value, expectedVersion) => semaphore.withPermit(save(key, value, expectedVersion))
    })
  })
)
