/**
 * Writes rows as Parquet, through DuckDB. Rows are kept in a database beside the file until all are there, so that memory is
 * bounded, nothing is lost by an interruption, and the file is there as a whole or not at all.
 */
import * as Run from "@coalesce-runs/core/Run"
import type * as DuckDB from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { rename, rm } from "node:fs/promises"
import { UsageError } from "./ended.ts"
import type { RowSink } from "./rowSink.ts"

type ColumnType = "BIGINT" | "VARCHAR" | "TIMESTAMPTZ"

/** The type of each column. Text of the API stays text. */
const types: { readonly [Column in keyof Run.Row]: ColumnType } = {
  id: "BIGINT",
  runType: "VARCHAR",
  runStatus: "VARCHAR",
  environmentID: "VARCHAR",
  jobID: "BIGINT",
  jobName: "VARCHAR",
  reRunID: "BIGINT",
  runStartTime: "TIMESTAMPTZ",
  runEndTime: "TIMESTAMPTZ",
  durationMillis: "BIGINT",
  nodesInRun: "BIGINT",
  nodesForRefresh: "BIGINT",
  parallelism: "BIGINT",
  includeNodesSelector: "VARCHAR",
  excludeNodesSelector: "VARCHAR",
  deployCommit: "VARCHAR",
  deployCommitMessage: "VARCHAR",
  userID: "VARCHAR",
  version: "BIGINT",
  runFailureReason: "VARCHAR"
}

const columns = Struct.keys(Run.Row.fields)

const packageName = "@duckdb/node-api"

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"].includes(String(error.code))

/** Loads DuckDB, which is 70 MB and needed for nothing else: whoever wants Parquet installs it. */
const load = Effect.tryPromise({
  try: () => import("@duckdb/node-api"),
  catch: (error) =>
    isMissing(error)
      ? new UsageError(
        `--format parquet needs the package ${packageName}, which is not installed. Install it beside this one: ` +
          `npm install ${packageName}, with --global if this one is, or npx -p @coalesce-runs/cli -p ${packageName} coalesce-runs export …`
      )
      : error
})

/** A call of DuckDB ends before anything closes it. */
const duck = <A>(call: () => Promise<A>) =>
  Effect.uninterruptible(Effect.tryPromise({ try: call, catch: (error) => error }))

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Memory is bounded, whatever the history: what is beyond lies on disk. DuckDB would load extensions from the network. */
const options = {
  memory_limit: "128MB",
  threads: "1",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false"
}

/** What the rows in a database are of. Another version has other columns. */
const Origin = Schema.fromJsonString(Schema.Struct({ version: Schema.Literal(1), query: Schema.String }))

const append = (
  { DuckDBTimestampTZValue }: typeof DuckDB,
  appender: DuckDB.DuckDBAppender,
  type: ColumnType,
  value: string | number | null
): void => {
  if (value === null) appender.appendNull()
  else if (type === "BIGINT") appender.appendBigInt(BigInt(value))
  else if (type === "VARCHAR") appender.appendVarchar(String(value))
  else appender.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(Date.parse(String(value))) * 1000n))
}

/** Opens the database beside the file, and reads up to which run it has the rows of this query. */
const open = Effect.fnUntraced(function*(duckdb: typeof DuckDB, partial: string, query: string) {
  const instance = yield* duck(() => duckdb.DuckDBInstance.create(partial, options))
  const connection = yield* duck(() => instance.connect())
  const all = (sql: string) => duck(async () => (await connection.runAndReadAll(sql)).getRowsJson())
  yield* all(`CREATE TABLE IF NOT EXISTS runs (${columns.map((name) => `"${name}" ${types[name]}`).join(", ")})`)
  yield* all("CREATE TABLE IF NOT EXISTS origin (origin VARCHAR)")
  const origin = yield* Schema.encodeEffect(Origin)({ version: 1, query })
  const [[found] = []] = yield* all("SELECT origin FROM origin")
  if (found === undefined) yield* all(`INSERT INTO origin VALUES (${quoted(origin)})`)
  else if (found !== origin) {
    connection.closeSync()
    instance.closeSync()
    return yield* Effect.fail(
      new UsageError(
        `${partial} holds rows of another export. Repeat that one, delete the file, or choose another --output.`
      )
    )
  }
  const [[count, last] = []] = yield* all("SELECT count(*), max(id) FROM runs")
  return {
    instance,
    connection,
    all,
    count: Number(count ?? 0),
    last: last === null || last === undefined ? undefined : Number(last)
  }
})

/** Makes the sink of a file. `query` names what is exported: rows that are there of the same query are not read again. */
export const makeSink = (file: string, query: string): Effect.Effect<RowSink, unknown> =>
  Effect.gen(function*() {
    const duckdb = yield* load
    const partial = `${file}.partial`
    const { all, connection, count, instance, last } = yield* open(duckdb, partial, query)
    return {
      last,
      count,
      isRead: () => true,
      write: (rows) =>
        duck(async () => {
          // The rows of a batch are there together, so that the last of them says where to go on.
          await connection.run("BEGIN")
          const appender = await connection.createAppender("runs")
          for (const row of rows) {
            for (const name of columns) append(duckdb, appender, types[name], row[name])
            appender.endRow()
          }
          appender.closeSync()
          await connection.run("COMMIT")
        }),
      finish: Effect.gen(function*() {
        const temporary = `${file}.tmp`
        yield* all(`COPY runs TO ${quoted(temporary)} (FORMAT parquet, COMPRESSION zstd)`)
        yield* duck(() => rename(temporary, file))
      }),
      close: (isDone) =>
        Effect.promise(async () => {
          connection.closeSync()
          instance.closeSync()
          if (isDone) { for (const name of [partial, `${partial}.wal`]) await rm(name, { force: true }) }
        }),
      howToGoOn: (rows) => `${rows} runs are kept in ${partial}; the same command goes on behind them`
    }
  })
