// Draws the simulator's last night for the README, as `coalesce-runs timeline --svg` draws a night.
//
// After a build:
//   node scripts/night.mjs            writes docs/images/last-night.svg
//   node scripts/night.mjs --print    prints it
import { RunsInMemory, RunTimeline } from "@coalesce-runs/core"
import { Scenario } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { mkdirSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { toSvg } from "../packages/cli/dist/timeline/svg.js"

const now = "2026-03-10T08:00:00Z"
const timeZone = "Europe/London"

const program = Effect.gen(function*() {
  yield* TestClock.setTime(Date.parse(now))
  const timeline = yield* RunTimeline.read({ timeZone })
  return toSvg(timeline, RunTimeline.words(timeline))
})

const runs = Scenario.runs(Scenario.lastNight({ now, timeZone }))
const svg = await Effect.runPromise(
  program.pipe(Effect.provide(RunsInMemory.layer({ runs })), Effect.provide(TestClock.layer()))
)

if (process.argv[2] === "--print") process.stdout.write(svg)
else {
  const folder = fileURLToPath(new URL("../docs/images/", import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}last-night.svg`, svg)
}
