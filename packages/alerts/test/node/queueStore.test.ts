// A queue in files: order, waits, attempts, what it forgets, and what a disk does. No process is started.
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schema from "effect/Schema"
import { readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { emptied, unordered, withDisk } from "../support/disk.ts"
import { over, start, type World } from "../support/queue.ts"

const day = Duration.toMillis(Duration.days(1))

describe("a queue in files", () => {
  it.effect("hands out in order what was offered at once, and after a restart, in whatever order the names are listed", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        const ids = Array.from({ length: 8 }, (_, index) => `id ${index}`)
        const before = open()
        for (const id of ids.slice(0, 6)) yield* before.offer(id)
        state.now++
        const after = open()
        for (const id of ids.slice(6)) yield* after.offer(id)
        const found: Array<string> = []
        for (const id of ids) {
          const take = after.take((id) => Effect.sync(() => found.push(id)))
          yield* id === "id 3" ? take : withDisk(unordered)(take)
        }
        assert.deepStrictEqual(found, ids)
        assert.deepStrictEqual(state.sleeps, [])
      })
    ))

  it.effect("hands out more than a thousand of one millisecond, the last ones a millisecond later", () =>
    over(({ filesIn, open }) =>
      Effect.gen(function*() {
        const { offer, takeUntil } = open()
        yield* offer("first")
        const [file = ""] = filesIn(/\.ready$/)
        // As if 1,500 had been offered and taken.
        renameSync(file, file.replace("123000.0.", "124500.0."))
        assert.deepStrictEqual(yield* takeUntil(start + 5000), { id: "first", attempts: 1, at: 1 })
      })
    ))

  it.effect("hands out nothing before its delay is over, and then at once", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        const { offer, takeUntil } = open()
        yield* offer("later", Duration.seconds(5))
        yield* offer("never in this test", Duration.minutes(10))
        assert.deepStrictEqual(yield* takeUntil(start + 60_000), { id: "later", attempts: 1, at: 5000 })
        assert.deepStrictEqual(state.sleeps, [2000, 2000, 1000])
      })
    ))

  it.effect("loses nothing whose delay has a fraction of a millisecond", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        const { offer, store, takeUntil } = open()
        yield* offer("a", Duration.millis(333.3333))
        const retryDelay = () => Effect.succeed(Duration.millis(666.6666))
        state.end = Infinity
        const failed = Effect.scoped(
          Effect.andThen(store.take({ name: "q", maxAttempts: 3, retryDelay }), Effect.fail("again"))
        )
        assert.strictEqual(yield* Effect.flip(failed), "again")
        assert.deepStrictEqual(yield* takeUntil(start + 5000), { id: "a", attempts: 2, at: 334 + 667 })
      })
    ))

  it.effect("wakes who waits for something in this process", () =>
    over(({ open, quiet, state }) =>
      Effect.gen(function*() {
        const { offer, take } = open()
        const fiber = yield* Effect.forkChild(take((id) => Effect.succeed(id)))
        yield* quiet.await
        yield* offer("now")
        assert.strictEqual(yield* Fiber.join(fiber), "now")
        assert.strictEqual(state.now, start)
      })
    ))

  it.effect("looks every two seconds for what another process has offered", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        assert.strictEqual(yield* open().takeUntil(start + 7000), undefined)
        assert.deepStrictEqual(state.sleeps, [2000, 2000, 2000, 2000])
        yield* open().offer("of another")
        assert.deepStrictEqual(yield* open().takeUntil(start + 9000), { id: "of another", attempts: 1, at: 6000 })
      })
    ))

  it.effect("tries again after a failure, later each time, and keeps what fails for good with its content", () =>
    over(({ filesIn, open, state }) =>
      Effect.gen(function*() {
        const { fail, offer, takeUntil } = open()
        yield* offer("bad")
        assert.strictEqual(yield* fail(), "bad")
        yield* offer("good")
        assert.deepStrictEqual(yield* takeUntil(start), { id: "good", attempts: 1, at: 0 })
        // Nothing of it in another process either, before 7 seconds are over.
        assert.strictEqual(yield* open().takeUntil(start + 6999), undefined)
        state.end = Infinity
        assert.strictEqual(yield* fail(), "bad")
        assert.strictEqual(state.now, start + 7000)
        assert.strictEqual(yield* fail(), "bad")
        assert.strictEqual(state.now, start + 21_000)
        const failed = filesIn(/failed.\d+\./)
        assert.deepStrictEqual(failed.map((file) => JSON.parse(readFileSync(file, "utf8"))), [
          { id: "bad", element: "content of bad" }
        ])
        assert.deepStrictEqual(filesIn(/done.\d+\./).map((file) => readFileSync(file, "utf8")), [""])
        assert.strictEqual(yield* takeUntil(start + 10 * day), undefined)
      })
    ))

  it.effect("counts no attempt where it is interrupted, not even the last", () =>
    over(({ open }) =>
      Effect.gen(function*() {
        const { offer, take, takeUntil } = open()
        yield* offer("a")
        for (let time = 0; time < 2; time++) {
          const isTaken = yield* Deferred.make<number>()
          const fiber = yield* Effect.forkChild(
            take((_, attempts) => Effect.andThen(Deferred.succeed(isTaken, attempts), Effect.never), 1)
          )
          assert.strictEqual(yield* Deferred.await(isTaken), 1)
          yield* Fiber.interrupt(fiber)
        }
        assert.deepStrictEqual(yield* takeUntil(start, 1), { id: "a", attempts: 1, at: 0 })
      })
    ))

  it.effect("leaves what was tried as often as this process may, and waits in peace", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        const { fail, offer, takeUntil } = open()
        yield* offer("a")
        yield* fail()
        assert.strictEqual(yield* takeUntil(start + 20_000, 1), undefined)
        assert.deepStrictEqual([...new Set(state.sleeps)], [2000])
        assert.strictEqual((yield* takeUntil(start + 30_000, 2))?.attempts, 2)
      })
    ))

  it.effect("takes an id once: while it waits, while it is handled, when it is done and when it has failed", () =>
    over(({ filesIn, open }) =>
      Effect.gen(function*() {
        const { fail, offer, take, takeUntil } = open()
        const isOne = Effect.gen(function*() {
          yield* open().offer("a")
          assert.lengthOf(filesIn(/\.(ready|claimed)$/), 1)
        })
        yield* offer("a")
        yield* isOne
        yield* take(() => isOne)
        for (const id of ["a", "b"]) yield* offer(id)
        assert.strictEqual(yield* fail(1), "b")
        for (const id of ["a", "b"]) yield* offer(id)
        assert.strictEqual(yield* takeUntil(start), undefined)
        assert.lengthOf(filesIn(/\.(ready|claimed)$/), 0)
      })
    ))

  it.effect.each([`{"id":"x","elem`, `{"element":"of nobody"}`])(
    "goes on behind a damaged file, keeps it, and logs where: %s",
    (text) =>
      over(({ filesIn, open }) =>
        Effect.gen(function*() {
          const factory = yield* Effect.provideService(
            PersistedQueue.makeFactory,
            PersistedQueue.PersistedQueueStore,
            open().store
          )
          const queue = yield* factory.make({ name: "q", schema: Schema.String })
          yield* queue.offer("damaged")
          writeFileSync(filesIn(/\.ready$/)[0] ?? "", text)
          yield* queue.offer("whole")
          const lines: Array<string> = []
          const logger = Logger.make(({ message }) => void lines.push(String(message)))
          const take = Effect.provide(queue.take(Effect.succeed), Logger.layer([logger]))
          assert.strictEqual(yield* take, "whole")
          const failed = filesIn(/failed.\d+\./)
          assert.deepStrictEqual(failed.map((file) => readFileSync(file, "utf8")), [text])
          assert.deepStrictEqual(lines, failed.map((file) => `${file} is damaged: what it held is not handled.`))
        })
      )
  )

  it.effect("leaves the files of somebody else", () =>
    over(({ directory, filesIn, open }) =>
      Effect.gen(function*() {
        const { offer, store, takeUntil } = open()
        yield* offer("a")
        const [file = ""] = filesIn(/\.ready$/)
        const queue = dirname(file)
        const name = file.slice(queue.length + 1)
        for (const other of [`.${name}`, `copy ${name}`, `${name}.bak`, ".DS_Store"]) {
          writeFileSync(join(queue, other), "of somebody else")
        }
        yield* takeUntil(start)
        writeFileSync(join(queue, "done", "notes.txt"), "of somebody else")
        writeFileSync(join(directory, "notes.txt"), "of somebody else")
        assert.strictEqual(yield* takeUntil(start), undefined)
        const exit = yield* Effect.flip(store.cleanup({ timeToLive: Duration.zero, failedTimeToLive: undefined }))
        assert.strictEqual(exit.message, `The queue in ${directory} could not be used`)
        assert.lengthOf(filesIn(/notes|copy|bak|DS_Store/), 5)
      })
    ))
})

describe("a directory that cannot be used", () => {
  it.effect("is an error that names it, with that of the disk", () =>
    over(({ directory, open }) =>
      Effect.gen(function*() {
        const file = join(directory, "file")
        writeFileSync(file, "")
        const { offer, store, take } = open(file)
        const calls = [
          offer("a"),
          take(() => Effect.void),
          store.cleanup({ timeToLive: Duration.days(30), failedTimeToLive: undefined })
        ]
        for (const call of calls) {
          const error = yield* Effect.flip(call)
          assert.strictEqual(error.message, `The queue in ${file} could not be used`)
          assert.include(String(error.cause), "ENOTDIR")
        }
      })
    ))
})

describe("what a queue forgets", () => {
  const kept = ({ filesIn }: World) => ({
    done: filesIn(/done.\d+\./).length,
    failed: filesIn(/failed.\d+\./).length
  })
  const ended = Effect.fnUntraced(function*({ open }: World) {
    const { fail, offer, store, takeUntil } = open()
    yield* offer("done")
    yield* takeUntil(start)
    yield* offer("failed")
    yield* fail(1)
    return store.cleanup
  })

  it.effect("is what was done, after its time, and what failed where that has a time", () =>
    over((world) =>
      Effect.gen(function*() {
        const cleanup = yield* ended(world)
        const forget = (failedTimeToLive?: Duration.Duration) =>
          cleanup({ timeToLive: Duration.days(30), failedTimeToLive })
        yield* forget(Duration.days(40))
        assert.deepStrictEqual(kept(world), { done: 1, failed: 1 })
        world.state.now = start + 30 * day
        yield* forget(Duration.days(40))
        assert.deepStrictEqual(kept(world), { done: 0, failed: 1 })
        world.state.now = start + 400 * day
        yield* forget()
        assert.deepStrictEqual(kept(world), { done: 0, failed: 1 })
        yield* forget(Duration.days(40))
        assert.deepStrictEqual(kept(world), { done: 0, failed: 0 })
      })
    ))

  it.effect("is half a file that a killed process left, after an hour", () =>
    over((world) =>
      Effect.gen(function*() {
        const cleanup = yield* ended(world)
        const [done = ""] = world.filesIn(/done.\d+\./)
        const half = join(dirname(dirname(done)), ".01234567-89ab-4cde-8f01-23456789abcd")
        writeFileSync(half, `{"id":"x`)
        utimesSync(half, new Date(start), new Date(start))
        for (const [minutes, left] of [[59, 1], [61, 0]] as const) {
          world.state.now = start + minutes * 60_000
          yield* cleanup({ timeToLive: Duration.days(30), failedTimeToLive: undefined })
          assert.lengthOf(world.filesIn(/01234567/), left)
        }
      })
    ))

  it.effect("may be removed by another process at the same time", () =>
    over((world) =>
      Effect.gen(function*() {
        const cleanup = yield* ended(world)
        world.state.now = start + 30 * day
        yield* withDisk(emptied)(cleanup({ timeToLive: Duration.days(30), failedTimeToLive: Duration.zero }))
        assert.deepStrictEqual(kept(world), { done: 0, failed: 0 })
      })
    ))
})
