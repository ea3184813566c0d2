// A process that takes from a queue of files and prints what it handled, that offers to it, or that counts keys. Run from the build.
import { layerFiles } from "@coalesce-runs/alerts/node"
import * as Effect from "effect/Effect"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { existsSync, writeSync } from "node:fs"

const [, , directory, what, from, to] = process.argv

const program = Effect.gen(function*() {
  if (what === "keys") return writeSync(1, `${(yield* (yield* KeyValueStore.KeyValueStore).keys).length}\n`)
  const queue = yield* PersistedQueue.make({
    name: "numbers",
    schema: Schema.Int,
    maxAttempts: 1000,
    retrySchedule: Schedule.spaced("10 millis")
  })
  if (what === "offer") {
    for (let number = Number(from); number < Number(to); number++) {
      yield* queue.offer(number, { id: `number ${number}` })
      writeSync(1, `${number}\n`)
    }
    return
  }
  if (from !== undefined) {
    // It is ready, and begins with the others once this file is there.
    writeSync(1, "0\n")
    yield* Effect.sleep("2 millis").pipe(Effect.repeat({ until: () => Effect.sync(() => existsSync(from)) }))
  }
  yield* Effect.forever(
    queue.take((number, { attempts }) =>
      Effect.sync(() => writeSync(1, `${number}\n`)).pipe(
        // A third of them fails the first time.
        Effect.andThen(number % 3 === 0 && attempts === 1 ? Effect.fail("again") : Effect.void)
      )
    ).pipe(Effect.catchIf((error) => error === "again", () => Effect.void))
  )
})

await Effect.runPromise(Effect.scoped(Effect.provide(program, layerFiles({ directory }))))
