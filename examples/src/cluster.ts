// Watches runs on several machines: effect's cluster runs the watch on one of them, and on another once that one is gone.
// Start this program on each machine, with an address that the others reach:
//
//   DATABASE_URL=postgres://… RUNNER_HOST=10.0.0.7 RUNNER_PORT=34431 COALESCE_ACCESS_TOKEN=… node examples/dist/cluster.js
import { RunsClient, RunWatch } from "@coalesce-runs/core"
import * as checkpointSql from "@coalesce-runs/core/checkpoint-sql"
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as Singleton from "effect/cluster/Singleton"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"

const settings = Config.all({
  database: Config.Redacted("DATABASE_URL"),
  host: Config.withDefault(Config.String("RUNNER_HOST"), "127.0.0.1"),
  port: Config.Int("RUNNER_PORT"),
  every: Config.withDefault(Config.Duration("WATCH_EVERY"), "30 seconds")
})

const program = Layer.unwrap(Effect.gen(function*() {
  const { database, every, host, port } = yield* settings

  const watch = RunWatch.runForEach({ runType: "refresh" }, { key: "nightly", every }, (event) => {
    if (event._tag === "Watching") return Effect.log(`Watching, ${event.unfinished.length} runs have not ended`)
    // Tell somebody here. Two machines may tell the same end for a moment: it has the same id then.
    return event._tag === "Ended" ? Console.log(event.id) : Effect.void
  }).pipe(
    // A refused token or a database that is away must not end the only watch for good.
    Effect.tapError((error) => Effect.logError(error.message)),
    Effect.retry(Schedule.spaced("1 minute"))
  )

  const cluster = NodeClusterSocket.layer({
    storage: "sql",
    shardingConfig: {
      runnerAddress: Option.some(RunnerAddress.make(host, port)),
      // A machine that is gone is noticed once its lock is this old. Default: 35 seconds.
      shardLockExpiration: "5 seconds",
      // Each machine renews its locks this often: well within the line above. Default: 10 seconds.
      shardLockRefreshInterval: "1 second",
      // The others look this often which machines are there, and take over what is free. Default: 3 seconds.
      refreshAssignmentsInterval: "500 millis"
    }
  })

  return Singleton.make("watch", watch).pipe(
    Layer.provide([cluster, checkpointSql.layerMigrated, RunsClient.layerConfig()]),
    Layer.provide([PgClient.layer({ url: database }), FetchHttpClient.layer])
  )
}))

Layer.launch(program).pipe(Effect.provide(Layer.succeed(Logger.LogToStderr, true)), NodeRuntime.runMain)
