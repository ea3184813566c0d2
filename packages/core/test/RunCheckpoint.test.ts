import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Redis from "effect/persistence/Redis"
import { fork } from "node:child_process"
import * as fs from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import * as checkpointKv from "../src/checkpointKv.ts"
import * as checkpointRedis from "../src/checkpointRedis.ts"
import * as checkpointSql from "../src/checkpointSql.ts"
import { RunCheckpoint } from "../src/index.ts"
import { layerCheckpointFile } from "../src/node.ts"
import * as postgres from "./support/postgres.ts"
import * as redis from "./support/redis.ts"

const temporary = Effect.acquireRelease(
  Effect.promise(() => fs.mkdtemp(path.join(os.tmpdir(), "coalesce-runs-state-"))),
  (directory) => Effect.promise(() => fs.rm(directory, { recursive: true, force: true }))
)

const file = Layer.unwrap(
  Effect.map(temporary, (directory) => layerCheckpointFile({ directory: `${directory}/state` }))
)

const stores: ReadonlyArray<readonly [name: string, layer: Layer.Layer<RunCheckpoint.RunCheckpoint, unknown>]> = [
  ["memory", RunCheckpoint.layerMemory],
  ["files", file],
  ["a KeyValueStore", checkpointKv.layer.pipe(Layer.provide(KeyValueStore.layerMemory))],
  ["Postgres", checkpointSql.layerMigrated.pipe(Layer.provide(postgres.layer))],
  ...redis.servers.map(([name, start]) =>
    [
      `Redis (${name})`,
      Layer.unwrap(
        Effect.map(start, ({ url, prefix }) => checkpointRedis.layer({ prefix }).pipe(Layer.provide(redis.client(url))))
      )
    ] as const
  )
]

/** Counts up under a key: each step loads, adds one and saves, again where another was faster. */
const countUp = Effect.fnUntraced(function*(key: string, steps: number) {
  const store = yield* RunCheckpoint.RunCheckpoint
  let conflicts = 0
  for (let done = 0; done < steps;) {
    const saved = Option.getOrElse(yield* store.load(key), () => ({ value: "0", version: 0 }))
    const outcome = yield* store.save(key, String(Number(saved.value) + 1), saved.version).pipe(
      Effect.as("saved"),
      Effect.catchTag("CheckpointConflict", () => Effect.succeed("conflict"))
    )
    if (outcome === "saved") done++
    else conflicts++
  }
  return conflicts
})

describe.each(stores)("a store of checkpoints in %s", (_, layer) => {
  it.live("keeps a text under each key with its version, and refuses a save behind another", () =>
    Effect.gen(function*() {
      const store = yield* RunCheckpoint.RunCheckpoint
      const keys = ["nightly", "a/../b\\c.1", "nightly.2", "päron ✓"]
      for (const key of keys) assert.deepStrictEqual(yield* store.load(key), Option.none())
      for (const key of keys) assert.strictEqual(yield* store.save(key, `first of ${key}`, 0), 1)
      for (const key of keys) {
        assert.deepStrictEqual(yield* store.load(key), Option.some({ value: `first of ${key}`, version: 1 }))
        for (const expected of [0, 2]) {
          const error = yield* Effect.flip(store.save(key, "late", expected))
          assert.strictEqual(error._tag, "CheckpointConflict")
          assert.include(error.message, JSON.stringify(key))
        }
        for (let version = 1; version < 6; version++) {
          assert.strictEqual(yield* store.save(key, `'; DROP TABLE x; -- ${version}`, version), version + 1)
        }
        assert.deepStrictEqual(yield* store.load(key), Option.some({ value: "'; DROP TABLE x; -- 5", version: 6 }))
      }
    }).pipe(Effect.provide(layer)))

  it.live("loses no save of several writers at once", () =>
    Effect.gen(function*() {
      const writers = 6
      yield* Effect.all(Array.from({ length: writers }, () => countUp("shared", 25)), { concurrency: "unbounded" })
      const store = yield* RunCheckpoint.RunCheckpoint
      assert.deepStrictEqual(yield* store.load("shared"), Option.some({ value: "150", version: 150 }))
    }).pipe(Effect.provide(layer)))
})

describe.each(redis.servers)("checkpoints in Redis (%s)", (_, start) => {
  it.live("lose none of 400 saves of two writers, each with a connection of its own", () =>
    Effect.gen(function*() {
      const { url, prefix } = yield* start
      const writer = checkpointRedis.layer({ prefix }).pipe(Layer.provide(redis.client(url)))
      const count = countUp("shared", 200).pipe(Effect.provide(writer, { local: true }))
      const [ofOne, ofOther] = yield* Effect.all([count, count], { concurrency: "unbounded" })
      assert.isAbove(ofOne + ofOther, 0)
      const saved = Effect.flatMap(RunCheckpoint.RunCheckpoint, (store) => store.load("shared"))
      assert.deepStrictEqual(yield* Effect.provide(saved, writer), Option.some({ value: "400", version: 400 }))
    }).pipe(Effect.scoped))

  it.live("are saved by a server that has forgotten the script, and are an error where a key holds something else", () =>
    Effect.gen(function*() {
      const { url, prefix } = yield* start
      yield* Effect.gen(function*() {
        const { send } = yield* Redis.Redis
        const build = Layer.build(checkpointRedis.layer({ prefix }))
        const store = Context.get(yield* build, RunCheckpoint.RunCheckpoint)
        assert.strictEqual(yield* store.save("nightly", "one", 0), 1)
        yield* send("SCRIPT", "FLUSH")
        assert.strictEqual(yield* store.save("nightly", "two", 1), 2)

        yield* send("SET", `${prefix}text`, "of another program")
        yield* send("HSET", `${prefix}half`, "version", "1")
        for (const key of ["text", "half"]) {
          const error = yield* Effect.flip(store.load(key))
          assert.strictEqual(error._tag, "CheckpointStoreError")
          assert.strictEqual(error.message, `The checkpoint "${key}" could not be loaded`)
        }
        const error = yield* Effect.flip(store.save("text", "late", 0))
        assert.strictEqual(error._tag, "CheckpointStoreError")
        assert.strictEqual(yield* send("GET", `${prefix}text`), "of another program")
      }).pipe(Effect.provide(redis.client(url)))
    }).pipe(Effect.scoped))
})

describe("checkpoints in files", () => {
  it.live("survive a process that is killed at any point", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const script = fileURLToPath(new URL("./support/savingProcess.mjs", import.meta.url))
      let greatest = 0
      for (let kill = 0; kill < 20; kill++) {
        const reported = yield* Effect.promise(() =>
          new Promise<number>((resolve, reject) => {
            const child = fork(script, [directory], { env: { PATH: process.env["PATH"] }, execArgv: [] })
            let last = 0
            child.on("message", (version) => {
              last = Number(version)
              if (last === greatest + 2) setTimeout(() => child.kill("SIGKILL"), (kill * 7) % 10)
            })
            child.once("error", reject)
            child.once("exit", () => resolve(last))
          })
        )
        const store = yield* Effect.provide(RunCheckpoint.RunCheckpoint, layerCheckpointFile({ directory }))
        const saved = Option.getOrThrow(yield* store.load("nightly"))
        assert.isAtLeast(saved.version, reported)
        assert.strictEqual(saved.value, `${"x".repeat(20_000)}${saved.version}`)
        greatest = saved.version
      }
    }).pipe(Effect.scoped), 60_000)
})
