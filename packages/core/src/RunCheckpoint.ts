/**
 * Keeps the checkpoints of watches under keys. A save names the version that it replaces, and is refused where another
 * writer was faster: so several watches can share a store, and none goes back behind another.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** What a store holds under a key. */
export interface Saved {
  /** The text that was saved. */
  readonly value: string
  /** How often the key was saved: 1 after the first time. */
  readonly version: number
}

const id = (name: string) => `@coalesce-runs/core/RunCheckpoint/${name}`

/** Another writer has saved this key since it was loaded. Load it again and go on from there. */
export class CheckpointConflict extends Schema.TaggedError<CheckpointConflict>(id("CheckpointConflict"))(
  "CheckpointConflict",
  { key: Schema.String, expectedVersion: Schema.Int }
) {
  override get message() {
    return `The checkpoint ${
      JSON.stringify(this.key)
    } is no longer at version ${this.expectedVersion}: another watch ` +
      "has saved it. Load it again and go on from there"
  }
}

/** A store could not be read or written. */
export class CheckpointStoreError extends Schema.TaggedError<CheckpointStoreError>(id("CheckpointStoreError"))(
  "CheckpointStoreError",
  { key: Schema.String, operation: Schema.Literals(["load", "save"]), cause: Schema.Defect() }
) {
  override get message() {
    return `The checkpoint ${JSON.stringify(this.key)} could not be ${this.operation === "load" ? "loaded" : "saved"}`
  }
}

/** A store of checkpoints. */
export interface Service {
  /** Loads what was saved under a key. None before the first save. */
  readonly load: (key: string) => Effect.Effect<Option.Option<Saved>, CheckpointStoreError>
  /**
   * Saves a text under a key and returns its new version. `expectedVersion` is the version that it replaces, 0 for the
   * first save; the save fails with `CheckpointConflict` where the key has another.
   */
  readonly save: (
    key: string,
    value: string,
    expectedVersion: number
  ) => Effect.Effect<number, CheckpointConflict | CheckpointStoreError>
}

/** The store of checkpoints in context. */
export class RunCheckpoint extends Context.Service<RunCheckpoint, Service>()("@coalesce-runs/core/RunCheckpoint") {}

/** Keeps checkpoints in memory, for tests and for a watch that may start over with its process. */
export const layerMemory: Layer.Layer<RunCheckpoint> = Layer.sync(RunCheckpoint, () => {
  const entries = new Map<string, Saved>()
  return RunCheckpoint.of({
    load: (key) => Effect.sync(() => Option.fromUndefinedOr(entries.get(key))),
    save: (key, value, expectedVersion) =>
      Effect.suspend(() => {
        if ((entries.get(key)?.version ?? 0) !== expectedVersion) {
          return Effect.fail(new CheckpointConflict({ key, expectedVersion }))
        }
        const version = expectedVersion + 1
        entries.set(key, { value, version })
        return Effect.succeed(version)
      })
  })
})
