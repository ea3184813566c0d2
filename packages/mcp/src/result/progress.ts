/** How a call says that it is still reading. Nobody listens, unless the client asked for it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Tells how many rows were looked at so far. */
export const Progress = Context.Reference<(rows: number) => Effect.Effect<void>>("@coalesce-runs/mcp/Progress", {
  defaultValue: () => () => Effect.void
})
