// Files that appear whole or not at all: names, errors of a disk, and what a process that was killed left behind.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as files from "../../src/node/files.ts"
import { emptied, errorOf, full, read, withDisk } from "../support/disk.ts"
import { temporary } from "../support/temporary.ts"

const run = <A>(use: () => Promise<A>) => Effect.promise(use)

/** The code of the error with which a promise is rejected. */
const codeOf = (use: () => Promise<unknown>) =>
  run(() =>
    use().then(
      () => "none",
      (error: unknown) => error instanceof Error && "code" in error ? error.code : error
    )
  )

describe("the name of a file", () => {
  it("keeps what a person can read, and is short enough for every file system", () => {
    const name = files.nameOf(`alerts/slack/position/${"ü".repeat(300)} Nightly-1`)
    assert.match(name, /^alerts-slack-position-Nightly-1-[\da-f]{24}$/)
    const long = files.nameOf(`${"x".repeat(300)}/the end`)
    assert.match(long, /^x{32}-the-end-[\da-f]{24}$/)
  })

  it("differs where keys differ in the case of a letter, which some file systems ignore", () => {
    const names = ["a/B", "a/b", "a-b"].map((key) => files.nameOf(key).toLowerCase())
    assert.lengthOf(new Set(names), 3)
  })
})

describe("a file that is not there", () => {
  it.effect("is none, and neither is its directory", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const [from, to] = [join(directory, "a"), join(directory, "b")]
      assert.strictEqual(yield* run(() => files.readText(from)), undefined)
      assert.isFalse(yield* run(() => files.move(from, to)))
      assert.deepStrictEqual(yield* run(() => files.namesIn(from)), [])
      writeFileSync(from, "text")
      assert.isTrue(yield* run(() => files.move(from, to)))
      assert.strictEqual(yield* run(() => files.readText(to)), "text")
    }).pipe(Effect.scoped))

  it.effect("is another thing than one that cannot be read", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const file = join(directory, "file")
      writeFileSync(file, "text")
      const below = join(file, "below")
      assert.strictEqual(yield* codeOf(() => files.namesIn(file)), "ENOTDIR")
      assert.strictEqual(yield* codeOf(() => files.readText(directory)), "EISDIR")
      assert.strictEqual(yield* codeOf(() => files.move(file, below)), "ENOTDIR")
      assert.strictEqual(yield* codeOf(() => files.create(directory, "new/name", "text")), "ENOENT")
    }).pipe(Effect.scoped))
})

describe("a file that is written", () => {
  it.effect("replaces the one that is there, or leaves it", () =>
    Effect.gen(function*() {
      const directory = join(yield* temporary, "not", "there", "yet")
      const read = () => readFileSync(join(directory, "name"), "utf8")
      yield* run(() => files.create(directory, "name", "one"))
      yield* run(() => files.create(directory, "name", "two"))
      assert.strictEqual(read(), "one")
      yield* run(() => files.replace(directory, "name", "three"))
      assert.strictEqual(read(), "three")
      assert.deepStrictEqual(readdirSync(directory), ["name"])
    }).pipe(Effect.scoped))

  it.effect("on a full disk is the one before, and leaves nothing behind", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* run(() => files.replace(directory, "name", "before"))
      const disk = full()
      yield* Effect.gen(function*() {
        assert.strictEqual(yield* codeOf(() => files.replace(directory, "name", "after")), "ENOSPC")
        assert.strictEqual(yield* codeOf(() => files.create(directory, "other", "after")), "ENOSPC")
      }).pipe(withDisk(disk.faults))
      assert.deepStrictEqual(readdirSync(directory), ["name"])
      assert.strictEqual(readFileSync(join(directory, "name"), "utf8"), "before")
      assert.strictEqual(disk.isOpen(), 0)
    }).pipe(Effect.scoped))

  it.effect("where the file system has no hard links is an error", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      const code = codeOf(() => files.create(directory, "name", "text"))
      assert.strictEqual(yield* withDisk({ link: () => Promise.reject(errorOf("EPERM")) })(code), "EPERM")
      assert.deepStrictEqual(readdirSync(directory), [])
    }).pipe(Effect.scoped))
})

describe("what a killed process left", () => {
  const now = 1_793_700_000_000
  const unfinished = (letter: string) => `.${letter.repeat(8)}-0000-4000-8000-000000000000`

  /** A directory with a file that was written so many milliseconds ago. */
  const left = (names: ReadonlyArray<readonly [name: string, age: number]>) =>
    Effect.map(temporary, (directory) => {
      for (const [name, age] of names) {
        writeFileSync(join(directory, name), "half of a te")
        utimesSync(join(directory, name), new Date(now - age), new Date(now - age))
      }
      return directory
    })

  it.effect("is removed after an hour, and nothing else is", () =>
    Effect.gen(function*() {
      const hour = 3_600_000
      const directory = yield* left([
        [unfinished("a"), hour + 1],
        [unfinished("b"), hour],
        [unfinished("a").slice(1), 5 * hour],
        [`${unfinished("a")}.swp`, 5 * hour],
        [`notes${unfinished("a")}`, 5 * hour],
        [".gitignore", 5 * hour]
      ])
      yield* run(() => files.sweep(directory, now))
      assert.deepStrictEqual(
        readdirSync(directory).sort(),
        [
          `${unfinished("a")}.swp`,
          ".gitignore",
          `notes${unfinished("a")}`,
          unfinished("b"),
          unfinished("a").slice(1)
        ].sort()
      )
      yield* run(() => files.sweep(join(directory, "nothing"), now))
    }).pipe(Effect.scoped))

  it.effect.each(
    [
      ["at the same time", emptied],
      ["after its age was read", read]
    ] as const
  )("may be removed by another process %s", ([, disk]) =>
    Effect.gen(function*() {
      const directory = yield* left([[unfinished("a"), 5_000_000]])
      yield* withDisk(disk)(run(() => files.sweep(directory, now)))
      assert.deepStrictEqual(readdirSync(directory), [])
    }).pipe(Effect.scoped))
})
