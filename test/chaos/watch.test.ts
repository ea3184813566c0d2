// No end of a run is lost, none is told that did not happen, and none twice without a crash.
import { afterAll, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inLanes, scale } from "./lanes.ts"
import { type ChaosServer, start } from "./server/server.ts"
import { playWatch, watchSchedule } from "./watch.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

describe("watching runs on a server that fails", () => {
  it("tells each end, through errors, crashes and restarts", async () => {
    await inLanes(
      watchSchedule,
      80 * scale,
      (drawn) => Effect.runPromise(playWatch(server, drawn, `watch_${tokens++}_+/=~cAnArY0123456789`))
    )
  }, 60_000 + 60_000 * scale)
})
