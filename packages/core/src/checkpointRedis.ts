/**
 * Keeps the checkpoints of watches in Redis or Valkey through effect's `Redis`, for several machines.
 *
 * **Details**
 *
 * A save is one script: it compares the version and sets in one step. A server that forgets a save that it confirmed tells a
 * watch the events since then again, so let it write to disk (`appendonly yes`). One that evicts a checkpoint loses what
 * its watch knew: its `maxmemory-policy` must be `noeviction`, or one of those that begin with `volatile-`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redis from "effect/persistence/Redis"
import * as Schema from "effect/Schema"
import { CheckpointConflict, CheckpointStoreError, RunCheckpoint } from "./RunCheckpoint.ts"

/** Returns the new version, or 0 where the key has another than the expected one. */
const compareAndSet = Redis.script(
  (key: string, value: string, expectedVersion: number) => [key, value, expectedVersion],
  {
    numberOfKeys: 1,
    lua: `
if (redis.call("HGET", KEYS[1], "version") or "0") ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[1], "value", ARGV[1])
return redis.call("HINCRBY", KEYS[1], "version", 1)
`
  }
)

const decodeSaved = Schema.decodeUnknownEffect(
  Schema.Union([
    Schema.Tuple([Schema.Null, Schema.Null]),
    Schema.Tuple([Schema.FiniteFromString.check(Schema.isInt()), Schema.String])
  ])
)
const decodeVersion = Schema.decodeUnknownEffect(Schema.Int)

/**
 * Keeps each checkpoint in a hash of its own, which does not expire. Its name is `prefix` and the key.
 * Default of `prefix`: `coalesce-runs:checkpoint:`.
 */
export const layer = (
  { prefix = "coalesce-runs:checkpoint:" }: { readonly prefix?: string } = {}
): Layer.Layer<RunCheckpoint, never, Redis.Redis> =>
  Layer.effect(
    RunCheckpoint,
    Effect.map(Redis.Redis, (redis) => {
      const set = redis.eval(compareAndSet)
      const failed = (key: string, operation: "load" | "save") => (cause: unknown) =>
        new CheckpointStoreError({ key, operation, cause })
      return RunCheckpoint.of({
        load: (key) =>
          redis.send("HMGET", prefix + key, "version", "value").pipe(
            Effect.flatMap(decodeSaved),
            Effect.map(([version, value]) => version === null ? Option.none() : Option.some({ version, value })),
            Effect.mapError(failed(key, "load"))
          ),
        save: (key, value, expectedVersion) =>
          set(prefix + key, value, expectedVersion).pipe(
            Effect.flatMap(decodeVersion),
            Effect.mapError(failed(key, "save")),
            Effect.flatMap((version) =>
              version === 0 ? Effect.fail(new CheckpointConflict({ key, expectedVersion })) : Effect.succeed(version)
            )
          )
      })
    })
  )
