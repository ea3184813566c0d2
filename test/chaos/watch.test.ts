// No end of a run is lost, none is told that did not happen, and none twice without a crash.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inLanes, meets, scale } from "./lanes.ts"
import { quickKinds } from "./server/fault.ts"
import { type ChaosServer, start } from "./server/server.ts"
import { playWatch, watchSchedule } from "./watch.ts"
import { watchRegressions } from "./watchRegressions.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

describe("watching runs on a server that fails", () => {
  it.each(watchRegressions)("$name", async ({ schedule }) => {
    const token = `watch_${tokens++}_+/=~cAnArY0123456789`
    expect(await Effect.runPromise(playWatch(server, schedule, token))).toBeUndefined()
  })

  it("tells each end, through errors, crashes and restarts", async () => {
    await inLanes(
      watchSchedule,
      80 * scale,
      (drawn) => Effect.runPromise(playWatch(server, drawn, `watch_${tokens++}_+/=~cAnArY0123456789`)),
      // Each polls for long: more of them at once only wait for one another.
      8
    )
    meets(server, [...quickKinds, "again", "duplicates", "hidden", ...(scale < 5 ? [] : ["hang", "endless"])])
  }, 60_000 + 150_000 * scale)
})
