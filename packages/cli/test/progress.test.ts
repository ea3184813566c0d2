import * as RunList from "@coalesce-runs/core/RunList"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { withProgress } from "../src/progress.ts"

const clear = "\r\u001b[K"

/** A stream that keeps what is written to it. */
const screenOf = (isTTY: boolean) => {
  const written: Array<string> = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

describe("withProgress", () => {
  it.effect("shows a spinner in a terminal after 500 ms, not before, and erases it at the end", () =>
    Effect.gen(function*() {
      const screen = screenOf(true)
      const waiting = yield* Effect.forkChild(
        withProgress("Reading runs", () => Effect.as(Effect.sleep("650 millis"), "answer"), screen)
      )
      yield* TestClock.adjust("499 millis")
      assert.deepStrictEqual(screen.written, [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(screen.written, [`${clear}⠋ Reading runs`])
      yield* TestClock.adjust("150 millis")
      assert.strictEqual(yield* Fiber.join(waiting), "answer")
      const whole = [`${clear}⠋ Reading runs`, `${clear}⠙ Reading runs`, clear]
      assert.deepStrictEqual(screen.written, whole)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(screen.written, whole)
    }))

  it.effect("says how far a reading is", () =>
    Effect.gen(function*() {
      const screen = screenOf(true)
      const reading = Effect.gen(function*() {
        const tell = yield* RunList.Progress
        yield* tell(200, 900)
        yield* Effect.sleep("550 millis")
      })
      yield* Effect.forkChild(withProgress("Reading runs", () => reading, screen))
      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual(screen.written, [`${clear}⠋ Reading runs: 200 of 900`])
    }))

  it.effect("erases the spinner for good before the first output of an effect that goes on", () =>
    Effect.gen(function*() {
      const screen = screenOf(true)
      const watching = (gone: Effect.Effect<void>) =>
        Effect.sleep("550 millis").pipe(
          Effect.andThen(gone),
          Effect.andThen(Effect.sync(() => screen.write("event\n"))),
          Effect.andThen(Effect.never)
        )
      yield* Effect.forkChild(withProgress("Watching runs", watching, screen))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(screen.written, [`${clear}⠋ Watching runs`, clear, "event\n"])
    }))

  it.effect("erases the spinner of an effect that fails or is interrupted", () =>
    Effect.gen(function*() {
      const failing = screenOf(true)
      const failed = yield* Effect.forkChild(
        withProgress("Checking", () => Effect.andThen(Effect.sleep("550 millis"), Effect.fail("no")), failing)
      )
      const endless = screenOf(true)
      const interrupted = yield* Effect.forkChild(withProgress("Checking", () => Effect.never, endless))
      yield* TestClock.adjust("550 millis")
      yield* Fiber.interrupt(interrupted)
      assert.strictEqual(yield* Effect.flip(Fiber.join(failed)), "no")
      for (const { written } of [failing, endless]) assert.deepStrictEqual(written, [`${clear}⠋ Checking`, clear])
    }))

  it.effect("writes nothing for an answer within 500 ms, and nothing where stderr is no terminal", () =>
    Effect.gen(function*() {
      const fast = screenOf(true)
      const pipe = screenOf(false)
      yield* Effect.forkChild(withProgress("Checking", () => Effect.sleep("400 millis"), fast))
      yield* Effect.forkChild(withProgress("Checking", () => Effect.sleep("1 minute"), pipe))
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual([fast.written, pipe.written], [[], []])
    }))
})
