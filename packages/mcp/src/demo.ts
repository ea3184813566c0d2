/** Serves sample data: the simulator's `lastNight` in this process, on loopback. Loaded only for `--demo`. */
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { say } from "./ending.ts"
import type { Connection } from "./runtime.ts"

export interface Demo extends Connection {
  readonly close: () => Promise<void>
}

export const start = async (): Promise<Demo> => {
  const scope = Scope.makeUnsafe()
  const simulator = await Effect.runPromise(
    Simulator.make().pipe(Scope.provide(scope), Effect.provide(Layer.succeed(Logger.LogToStderr, true)))
  )
  say("coalesce-runs-mcp serves sample data from a simulator on this machine")
  return {
    accessToken: Redacted.value(simulator.token),
    baseUrl: simulator.url,
    close: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
