// Keys and values in files: what is told where they cannot be used, and two processes in one directory.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as keyValueStore from "../../src/node/keyValueStore.ts"
import { emptied, withDisk } from "../support/disk.ts"
import { temporary } from "../support/temporary.ts"

/** A store with a value, and its directory. */
const start = Effect.gen(function*() {
  const directory = yield* temporary
  const store = keyValueStore.make(directory)
  yield* store.set("a", "one")
  return { directory, store }
})

describe("keys and values in files", () => {
  it.effect("are counted and cleared, beside a file of somebody else", () =>
    Effect.gen(function*() {
      const { directory, store } = yield* start
      yield* store.set("b", "two")
      writeFileSync(join(directory, "notes.txt"), "of somebody else")
      assert.strictEqual(yield* store.size, 2)
      assert.sameMembers([...yield* store.keys], ["a", "b"])
      yield* store.clear
      assert.strictEqual(yield* store.size, 0)
      assert.deepStrictEqual(readdirSync(directory), ["notes.txt"])
    }).pipe(Effect.scoped))

  it.effect("are listed and cleared while another process removes them", () =>
    Effect.gen(function*() {
      const { directory, store } = yield* start
      assert.deepStrictEqual(yield* withDisk(emptied)(store.keys), [])
      yield* store.set("a", "one")
      yield* withDisk(emptied)(store.clear)
      assert.deepStrictEqual(readdirSync(directory), [])
    }).pipe(Effect.scoped))

  it.effect("that are damaged are named by their file", () =>
    Effect.gen(function*() {
      const { directory, store } = yield* start
      const [name = ""] = readdirSync(directory)
      const file = join(directory, name)
      writeFileSync(file, `{"key":"a","val`)
      const ofKey = yield* Effect.flip(store.get("a"))
      assert.strictEqual(ofKey.message, `The store in ${directory} could not be used`)
      assert.strictEqual(ofKey.method, "get")
      assert.strictEqual(ofKey.key, "a")
      assert.instanceOf(ofKey.cause, Error)
      assert.strictEqual(ofKey.cause.message, `${file} is damaged. Remove it to go on without what it held`)
      assert.include(String(ofKey.cause.cause), "JSON")
      const ofAll = yield* Effect.flip(store.keys)
      assert.strictEqual(ofAll.method, "keys")
      assert.isFalse("key" in ofAll)
      yield* store.set("a", "two")
      assert.strictEqual(yield* store.get("a"), "two")
    }).pipe(Effect.scoped))
})
