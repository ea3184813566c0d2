// A check on a server that fails says the same as without a fault, or what it could not read, or the right error.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type HealthSchedule, healthSchedule, playHealth } from "./health.ts"
import { inLanes, meets, scale } from "./lanes.ts"
import { type Fault, quickKinds } from "./server/fault.ts"
import { type ChaosServer, start } from "./server/server.ts"

const down: Fault = { kind: "status", status: 503, body: "json", ending: "whole" }

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

/** Every request fails but the first ones: not left to chance, where the history before the window is seldom lost alone. */
const failingFrom = (first: number): HealthSchedule => ({
  lives: [],
  faults: Array.from({ length: 40 }, (_, index) => index < first ? undefined : down),
  retries: 0,
  learns: true
})

describe("checking runs on a server that fails", () => {
  it.each([1, 2, 3, 4, 5, 6])(
    "says that it knows nothing usual, where requests fail behind the first %s",
    async (first) => {
      const token = `health_${tokens++}_+/=~cAnArY0123456789`
      expect(await Effect.runPromise(playHealth(server, failingFrom(first), token))).toBeUndefined()
    }
  )

  it("says the same as without a fault, or what is unavailable, or the right error", async () => {
    await inLanes(
      healthSchedule,
      80 * scale,
      (drawn) => Effect.runPromise(playHealth(server, drawn, `health_${tokens++}_+/=~cAnArY0123456789`)),
      // A check computes more than it waits: with more at once, one takes longer than its own time on a busy machine.
      8
    )
    meets(server, [...quickKinds, ...(scale < 5 ? [] : ["again", "duplicates", "hang", "endless"])])
  }, 60_000 + 150_000 * scale)
})
