// A check on a server that fails says the same as without a fault, or what it could not read, or the right error.
import { afterAll, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { healthSchedule, playHealth } from "./health.ts"
import { inLanes, meets, scale } from "./lanes.ts"
import { quickKinds } from "./server/fault.ts"
import { type ChaosServer, start } from "./server/server.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

describe("checking runs on a server that fails", () => {
  it("says the same as without a fault, or what is unavailable, or the right error", async () => {
    await inLanes(
      healthSchedule,
      80 * scale,
      (drawn) => Effect.runPromise(playHealth(server, drawn, `health_${tokens++}_+/=~cAnArY0123456789`)),
      // A check computes more than it waits: with more at once, one takes longer than its own time on a busy machine.
      8
    )
    meets(server, quickKinds)
  }, 60_000 + 150_000 * scale)
})
