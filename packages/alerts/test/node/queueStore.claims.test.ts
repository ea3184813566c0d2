// What processes have claimed of a queue in files, and whether another may take it. No process is started.
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawnSync } from "node:child_process"
import { copyFileSync } from "node:fs"
import { emptied, errorOf, taken, withDisk } from "../support/disk.ts"
import { over, start, type World } from "../support/queue.ts"

describe("what a process has claimed", () => {
  const dead = () => spawnSync(process.execPath, ["--version"]).pid

  const cases: ReadonlyArray<
    readonly [
      who: string,
      isHandedOut: boolean,
      claim: { readonly pid: number; readonly age?: number; readonly host?: string }
    ]
  > = [
    ["that was killed", true, { pid: dead() }],
    ["that lives", false, { pid: process.ppid }],
    ["that has had it for a minute", false, { pid: process.ppid, age: 60_000 }],
    ["that has had it for longer than a minute", true, { pid: process.ppid, age: 60_001 }],
    ["that had the number of this one, as in a container that starts again", true, { pid: process.pid }],
    ["of another machine, or of a container before this one", true, { pid: process.ppid, host: "0ther0ne" }]
  ]

  /** An element that a process has claimed so. */
  const claimed = (
    { filesIn, open, state }: World,
    { age = 0, host, pid }: (typeof cases)[number][2]
  ) =>
    Effect.gen(function*() {
      const { offer, take } = open()
      yield* offer("a")
      yield* take(() =>
        Effect.sync(() => {
          const [own = ""] = filesIn(/\.claimed$/)
          const other = own.replace(
            /(\w+)-\d+-\w+-\d+\.claimed$/,
            (_, ownHost) => `${host ?? ownHost}-${pid}-0f0e0d0c-${state.now - age}.claimed`
          )
          copyFileSync(own, other)
        })
      )
    })

  it.effect.each(cases)(
    "%s is handed out again: %s",
    ([, isHandedOut, claim]) =>
      over((world) =>
        Effect.gen(function*() {
          yield* claimed(world, claim)
          assert.deepStrictEqual(
            yield* world.open().takeUntil(start),
            isHandedOut ? { id: "a", attempts: 1, at: 0 } : undefined
          )
        })
      )
  )

  it.effect("of another user is not handed out again", () =>
    over((world) =>
      Effect.gen(function*() {
        yield* claimed(world, { pid: 4_000_000 })
        const kill = vi.spyOn(process, "kill").mockImplementation(() => {
          throw errorOf("EPERM")
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => kill.mockRestore()))
        assert.strictEqual(yield* world.open().takeUntil(start), undefined)
        assert.deepStrictEqual(kill.mock.calls, [[4_000_000, 0]])
      })
    ))

  it.effect("and handles for longer than a minute is handed out to nobody else in it", () =>
    over(({ open, state }) =>
      Effect.gen(function*() {
        const { offer, take, takeUntil } = open()
        yield* offer("a")
        const second = yield* take(() => {
          state.now += 600_000
          return takeUntil(state.now)
        })
        assert.strictEqual(second, undefined)
      })
    ))

  it.effect("can be gone when it is looked at: another process was faster", () =>
    over(({ open }) =>
      Effect.gen(function*() {
        const { offer, takeUntil } = open()
        for (const disk of [emptied, taken]) {
          yield* offer("a")
          assert.strictEqual(yield* withDisk(disk)(takeUntil(start)), undefined)
        }
        yield* offer("b")
        assert.strictEqual((yield* takeUntil(start))?.id, "b")
      })
    ))
})
