// The files of a directory, with real processes that are killed, and with two at once.
import { layerFiles } from "@coalesce-runs/alerts/node"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { spawn, spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporary } from "./support/temporary.ts"

const worker = fileURLToPath(new URL("./support/worker.mjs", import.meta.url))

/** Starts a process on the directory. Its numbers are kept in a list. */
const work = (directory: string, handled: Array<number>, ...args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [worker, directory, ...args], {
        env: { PATH: process.env["PATH"] },
        stdio: ["ignore", "pipe", "inherit"]
      })
      const closed = new Promise<void>((resolve) => child.once("close", () => resolve()))
      let rest = ""
      child.stdout.on("data", (chunk) => {
        const lines = (rest + String(chunk)).split("\n")
        rest = lines.pop() ?? ""
        handled.push(...lines.map(Number))
      })
      return { child, closed: Effect.promise(() => closed) }
    }),
    ({ child, closed }) => Effect.andThen(Effect.sync(() => child.kill("SIGKILL")), closed)
  )

const until = (isDone: () => boolean) =>
  Effect.sleep("20 millis").pipe(Effect.repeat({ until: () => Effect.sync(isDone) }), Effect.timeout("30 seconds"))

const filesIn = (directory: string, pattern: RegExp) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => pattern.test(name))

describe("layerFiles", () => {
  it.live(
    "loses no element of a queue whose processes are killed, and forgets none that was handled",
    () =>
      Effect.gen(function*() {
        const directory = yield* temporary
        const handled: Array<number> = []
        const offered: Array<number> = []
        let next = 0
        for (let kill = 0; kill < 6; kill++) {
          // One that offers and one that takes, each killed somewhere in between.
          const life = Effect.gen(function*() {
            yield* work(directory, offered, "offer", String(next), "100000")
            yield* work(directory, handled, "take")
            const count = offered.length
            yield* until(() => offered.length > count + 10)
            yield* Effect.sleep(`${yield* Random.nextIntBetween(0, 400)} millis`)
          })
          yield* Effect.scoped(life)
          // The last one may have been stored and not printed: it is offered again.
          next = Math.max(...offered) + 1
        }
        yield* work(directory, handled, "take")
        yield* until(() => filesIn(directory, /\.(ready|claimed)$/).length === 0)
        const counts = new Map<number, number>()
        for (const number of handled) counts.set(number, (counts.get(number) ?? 0) + 1)
        assert.isAbove(offered.length, 60)
        assert.deepStrictEqual(offered.filter((number) => !counts.has(number)), [])
        // A kill between the handling and its mark repeats the one in hand, and no other.
        const repeated = [...counts].filter(([number, count]) => count > (number % 3 === 0 ? 2 : 1))
        assert.isAtMost(repeated.length, 6)
      }).pipe(Effect.scoped, Random.withSeed("files")),
    60_000
  )

  it.live("lets no two processes handle one element", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const handled: Array<number> = []
      const offered: Array<number> = []
      yield* Effect.scoped(Effect.flatMap(work(directory, offered, "offer", "1", "200"), ({ closed }) => closed))
      assert.lengthOf(offered, 199)
      // Again: all are known.
      yield* Effect.scoped(Effect.flatMap(work(directory, [], "offer", "1", "200"), ({ closed }) => closed))
      const [one, two]: [Array<number>, Array<number>] = [[], []]
      const start = join(directory, "start")
      yield* work(directory, one, "take", start)
      yield* work(directory, two, "take", start)
      yield* until(() => one.length > 0 && two.length > 0)
      assert.deepStrictEqual([one.splice(0), two.splice(0)], [[0], [0]])
      writeFileSync(start, "")
      yield* until(() => filesIn(directory, /\.(ready|claimed)$/).length === 0)
      yield* Effect.sleep("100 millis")
      handled.push(...one, ...two)
      assert.isAbove(one.length, 0)
      assert.isAbove(two.length, 0)
      const expected = offered.flatMap((number) => number % 3 === 0 ? [number, number] : [number])
      assert.deepStrictEqual(handled.toSorted((a, b) => a - b), expected)
    }).pipe(Effect.scoped), 60_000)

  it.effect("keeps keys and values, and lists and removes them", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const use = Effect.gen(function*() {
        const store = yield* KeyValueStore.KeyValueStore
        yield* store.set("a/B", "one")
        yield* store.set("a/b", "two")
        yield* store.set("c", "three")
        yield* store.set("c", "four")
        yield* store.remove("a/B")
        yield* store.remove("never there")
        return [yield* store.get("a/B"), yield* store.get("a/b"), yield* store.get("c"), [...yield* store.keys].sort()]
      }).pipe(Effect.provide(layerFiles({ directory })))
      assert.deepStrictEqual(yield* use, [undefined, "two", "four", ["a/b", "c"]])
      assert.lengthOf(filesIn(directory, /json$/), 2)
    }).pipe(Effect.scoped))

  it.effect("lists more keys than a process may have files open", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      mkdirSync(join(directory, "values"))
      for (let key = 0; key < 1000; key++) {
        writeFileSync(join(directory, "values", `${key}.json`), JSON.stringify({ key: `key ${key}`, value: "" }))
      }
      const command = `ulimit -n 400 && exec "$0" "$@"`
      const { stderr, stdout } = spawnSync("sh", ["-c", command, process.execPath, worker, directory, "keys"], {
        env: { PATH: process.env["PATH"] },
        encoding: "utf8"
      })
      assert.deepStrictEqual([stdout, stderr], ["1000\n", ""])
    }).pipe(Effect.scoped), 60_000)

  it.effect("remembers what was handled for 30 days, without its content", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const done = () => filesIn(directory, /done.\d+\..+$/)
      yield* Effect.gen(function*() {
        const queue = yield* PersistedQueue.make({ name: "texts", schema: Schema.String })
        yield* queue.offer("a long text", { id: "x" })
        yield* queue.take(() => Effect.void)
        assert.deepStrictEqual(done().map((file) => readFileSync(join(directory, file), "utf8")), [""])
        yield* queue.offer("again", { id: "x" })
        assert.lengthOf(filesIn(directory, /ready$/), 0)
        yield* TestClock.adjust("29 days")
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 50)))
        assert.lengthOf(done(), 1)
        for (let day = 0; day < 2; day++) {
          yield* TestClock.adjust("1 day")
          yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 100)))
        }
        assert.lengthOf(done(), 0)
      }).pipe(Effect.provide(layerFiles({ directory })))
    }).pipe(Effect.scoped))

  it.effect("keeps an element that does not decode, and goes on with the next", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* Effect.gen(function*() {
        const old = yield* PersistedQueue.make({ name: "q", schema: Schema.String })
        yield* old.offer("not a number")
        yield* old.offer("7")
        const queue = yield* PersistedQueue.make({ name: "q", schema: Schema.Literals(["7"]) })
        assert.strictEqual(yield* queue.take(Effect.succeed), "7")
        assert.lengthOf(filesIn(directory, /failed.\d+\..+$/), 1)
        // Interrupted while it is handled: it was no attempt.
        yield* queue.offer("7", { id: "second" })
        const fiber = yield* Effect.forkChild(queue.take(() => Effect.never))
        yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 100)))
        yield* Fiber.interrupt(fiber)
        const attempts = yield* queue.take((_, { attempts }) => Effect.succeed(attempts))
        assert.strictEqual(attempts, 1)
      }).pipe(Effect.provide(layerFiles({ directory })))
    }).pipe(Effect.scoped))
})
