/**
 * Loads what a command needs when the command runs, so that help and completions read none of it: core, the simulator and
 * whatever only one command uses. Each `import()` becomes a file beside the bin: see `scripts/bundle.mjs` of the repository.
 */
import * as Effect from "effect/Effect"

/** A module of `handlers/`: its effect answers, and gives the exit code. */
export interface Handler<Input> {
  readonly handle: (input: Input) => Effect.Effect<number, unknown>
}

/** Returns the handler of a command, which runs in the module that `load` imports, and ends with its exit code. */
export const onDemand = <Input>(load: () => Promise<Handler<Input>>) => (input: Input): Effect.Effect<void> =>
  Effect.flatMap(
    Effect.promise(() => Promise.all([load(), import("./ended.ts")])),
    ([{ handle }, { ended }]) => ended(handle(input))
  )
