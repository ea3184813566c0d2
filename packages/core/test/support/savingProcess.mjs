// Saves one version after another in the directory that it is given, until it is killed. It runs the built package.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { layerCheckpointFile } from "../../dist/node.js"
import { RunCheckpoint } from "../../dist/RunCheckpoint.js"

const [, , directory = ""] = process.argv

await Effect.runPromise(
  Effect.gen(function*() {
    const store = yield* RunCheckpoint
    let version = Option.match(yield* store.load("nightly"), { onNone: () => 0, onSome: ({ version }) => version })
    while (true) {
      version = yield* store.save("nightly", "x".repeat(20_000) + (version + 1), version)
      process.send?.(version)
    }
  }).pipe(Effect.provide(layerCheckpointFile({ directory })))
)
