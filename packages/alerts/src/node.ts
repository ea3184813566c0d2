/**
 * Keeps all that an alerter stores in the files of one directory: its checkpoint, its incidents, its baseline and its outbox.
 *
 * Import it as `@coalesce-runs/alerts/node`; nothing else in this package needs Node.
 *
 * @since 0.1.0
 */
/// <reference types="node" />
import { layerCheckpointFile } from "@coalesce-runs/core/node"
import type { RunCheckpoint } from "@coalesce-runs/core/RunCheckpoint"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as path from "node:path"
import { assertOptions, required, text } from "./check/options.ts"
import { HasFailed } from "./delivery/hasFailed.ts"
import * as keyValueStore from "./node/keyValueStore.ts"
import * as queueStore from "./node/queueStore.ts"

/**
 * Keeps checkpoints, keys and values, and queues in the files of a directory, which it makes.
 *
 * **Details**
 *
 * Each change is one file that appears or is renamed, whole or not at all, whenever the process is killed. Several processes
 * of one machine can share the directory: a message that one of them sends is not sent by another, and a process that was
 * killed leaves its messages to the others. What was delivered is remembered for 30 days, so that it is not stored again. The
 * file system needs hard links; a directory on a network may lack them, or their promise.
 */
export const layerFiles = (options: {
  /** Such as `runs.state`. */
  readonly directory: string
}): Layer.Layer<RunCheckpoint | KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory> => {
  assertOptions(options, { directory: required(text) })
  const queues = path.join(options.directory, "queues")
  const store = Layer.succeed(PersistedQueue.PersistedQueueStore, queueStore.make(queues))
  return Layer.mergeAll(
    layerCheckpointFile(options),
    Layer.succeed(KeyValueStore.KeyValueStore, keyValueStore.make(path.join(options.directory, "values"))),
    Layer.succeed(HasFailed, queueStore.hasFailed(queues)),
    Layer.merge(PersistedQueue.layer, PersistedQueue.layerCleanup()).pipe(Layer.provide(store))
  )
}
