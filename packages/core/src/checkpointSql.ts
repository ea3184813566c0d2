/**
 * Keeps the checkpoints of watches in a SQL database through effect's `SqlClient`, for several machines: PostgreSQL or SQLite.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { CheckpointConflict, CheckpointStoreError, RunCheckpoint } from "./RunCheckpoint.ts"

const table = "coalesce_runs_checkpoints"

const migrations = Migrator.fromRecord({
  "0001_checkpoints": Effect.flatMap(SqlClient, (sql) =>
    sql`CREATE TABLE ${sql(table)} (
      name VARCHAR(255) NOT NULL PRIMARY KEY,
      version INTEGER NOT NULL,
      value TEXT NOT NULL
    )`)
})

/** Makes the table `coalesce_runs_checkpoints`, or brings it up to date. Its migrations are kept in a table of their own. */
export const migrate: Effect.Effect<void, Migrator.MigrationError | SqlError, SqlClient> = Effect.asVoid(
  Migrator.make({})({ loader: migrations, table: "coalesce_runs_migrations" })
)

const decodeSaved = Schema.decodeUnknownEffect(Schema.Struct({ version: Schema.Int, value: Schema.String }))

/** Keeps checkpoints in the table that {@link migrate} makes. A save is one statement that names the version it replaces. */
export const layer: Layer.Layer<RunCheckpoint, never, SqlClient> = Layer.effect(
  RunCheckpoint,
  Effect.map(SqlClient, (sql) => {
    const failed = (key: string, operation: "load" | "save") => (cause: unknown) =>
      new CheckpointStoreError({ key, operation, cause })
    return RunCheckpoint.of({
      load: (key) =>
        sql`SELECT version, value FROM ${sql(table)} WHERE name = ${key}`.pipe(
          Effect.flatMap(([row]) => row === undefined ? Effect.succeedNone : Effect.map(decodeSaved(row), Option.some)),
          Effect.mapError(failed(key, "load"))
        ),
      save: (key, value, expectedVersion) => {
        const version = expectedVersion + 1
        const saved = expectedVersion === 0
          ? sql`INSERT INTO ${sql(table)} (name, version, value) VALUES (${key}, 1, ${value})
            ON CONFLICT DO NOTHING RETURNING version`
          : sql`UPDATE ${sql(table)} SET version = ${version}, value = ${value}
            WHERE name = ${key} AND version = ${expectedVersion} RETURNING version`
        return saved.pipe(
          Effect.mapError(failed(key, "save")),
          Effect.flatMap(({ length }) =>
            length === 0 ? Effect.fail(new CheckpointConflict({ key, expectedVersion })) : Effect.succeed(version)
          )
        )
      }
    })
  })
)

/** {@link layer} once {@link migrate} has run. */
export const layerMigrated: Layer.Layer<RunCheckpoint, Migrator.MigrationError | SqlError, SqlClient> = layer.pipe(
  Layer.provide(Layer.effectDiscard(migrate))
)
