// Every run comes once and in order, or the right error does, whatever the server does. Resuming completes the set.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inLanes, meets, scale } from "./lanes.ts"
import { play } from "./play.ts"
import { regressions } from "./regressions.ts"
import { schedule } from "./schedule.ts"
import { lies, quickKinds, wrongBodies } from "./server/fault.ts"
import { type ChaosServer, start } from "./server/server.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

describe("reading runs from a server that fails", () => {
  it.each(regressions)("$name", async ({ schedule }) => {
    expect(await Effect.runPromise(play(server, schedule, `chaos_${tokens++}_+/=~cAnArY0123456789`))).toBeUndefined()
  })

  it("gives each run once and in order, or the right error, and resumes to the complete set", async () => {
    await inLanes(
      schedule,
      900 * scale,
      (drawn) => Effect.runPromise(play(server, drawn, `chaos_${tokens++}_+/=~cAnArY0123456789`))
    )
    // The short form has too few for each body.
    meets(server, [...quickKinds, "hang", "endless", ...lies, ...(scale < 5 ? [] : wrongBodies)])
  }, 60_000 + 150_000 * scale)
})
