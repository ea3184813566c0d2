// How large a checkpoint becomes, whatever ids and statuses the API returns.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { Run, RunWatch } from "../src/index.ts"
import { clientOver, type WireRun } from "./support/server.ts"

describe("the size of a checkpoint", () => {
  const [first, apart] = [9_000_000_000, 50_000]
  const run = (runStatus: string): WireRun => ({
    id: first + 301 * apart,
    runType: "refresh",
    runStatus,
    environmentID: "1"
  })

  /** Ids of ten digits that lie far apart, and every optional field set. It has more ranges of ids than are kept. */
  const hostile = (count: number): RunWatch.Checkpoint => ({
    version: 1,
    watches: { origin: "https://app.coalescesoftware.io" },
    newestID: first + 300 * apart,
    settledUpTo: first,
    seen: Array.from({ length: 300 }, (_, n) => [first + (n + 1) * apart - 2000, first + (n + 1) * apart]),
    unfinished: Array.from({ length: count }, (_, n) => ({
      id: Run.RunId.make(first - (count - n) * apart),
      runStatus: ["running", "waitingToRun", "paused"][n % 3] ?? "",
      missing: 1
    })),
    ended: Array.from({ length: 64 }, (_, n) => ({
      id: Run.RunId.make(first + 1 + n * apart),
      runStatus: "failed",
      runEndTime: DateTime.makeUnsafe(1_700_000_000_000 + ((n * 37) % 64) * 123_456_789),
      goingOn: 1
    })),
    marks: Array.from({ length: 20 }, (_, n) => ({
      at: DateTime.makeUnsafe(1_800_000_000_000 + n),
      newestID: first + (280 + n) * apart,
      isDue: true
    })),
    olderThan: first
  })

  it.effect.each([[100, 4096], [2000, 32_768]] as const)(
    "with %s unfinished runs is at most %s bytes, however far its ids lie apart and however long a status is",
    ([count, most]) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_800_000_000_000)
        let history = [run("s".repeat(5000))]
        const { layer } = clientOver({ history: () => history })
        const poll = (from: RunWatch.Checkpoint | string) =>
          Effect.provide(RunWatch.poll(from, {}, { maxWatched: 2001 }), layer)
        const begin = hostile(count)
        const { checkpoint, events } = yield* poll(begin)
        assert.deepStrictEqual(events.map(({ _tag }) => _tag), ["Appeared"])
        assert.strictEqual(checkpoint.unfinished.length, count + 1)
        assert.strictEqual(checkpoint.ended.length, 64)
        assert.deepStrictEqual(checkpoint.seen.at(-2), begin.seen.at(-1))
        const text = RunWatch.encodeCheckpoint(checkpoint)
        assert.isAtMost(Buffer.byteLength(text), most)
        assert.deepStrictEqual(Result.getOrThrow(RunWatch.decodeCheckpoint(text)), checkpoint)
        // The long status is the same one still, and another one is told whole.
        assert.deepStrictEqual((yield* poll(text)).events, [])
        history = [run(`${"s".repeat(5000)}, then more`)]
        const [changed] = (yield* poll(text)).events
        assert.strictEqual(changed?._tag === "StatusChanged" ? changed.to : "", `${"s".repeat(5000)}, then more`)
      })
  )
})
