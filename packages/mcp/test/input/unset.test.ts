import * as Scenario from "@coalesce-runs/simulator/Scenario"
import * as Simulator from "@coalesce-runs/simulator/Simulator"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { toIana } from "../../src/input/windowsZones.ts"
import { diagnoseRun } from "../../src/tools/diagnoseRun/tool.ts"
import { listRuns } from "../../src/tools/listRuns/tool.ts"
import { summarizeRuns } from "../../src/tools/summarizeRuns/tool.ts"
import { layerOf } from "../support/asked.ts"
import { run } from "../support/call.ts"
import { copyOfBin, run as runBin } from "../support/process.ts"

const scenario = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })

const over = (env: Record<string, string> = {}) =>
  Effect.provide(Layer.merge(layerOf(scenario), ConfigProvider.layer(ConfigProvider.fromEnvRecord(env))))

const requests = Effect.flatMap(Simulator.Simulator, ({ requests }) => Effect.map(requests, (all) => all.length))

describe("an argument that stands for nothing", () => {
  it.effect.each(["null", "undefined", "None", "nil", "", " "])(
    "counts as left out: %j",
    (word) =>
      Effect.gen(function*() {
        const plain = yield* run(listRuns)({ limit: 2, timeZone: "UTC" })
        const odd = yield* run(listRuns)({
          limit: 2,
          timeZone: "UTC",
          environmentID: word,
          window: word,
          jobID: word,
          detail: word,
          runStatus: [word]
        })
        expect(odd).toEqual(plain)
      }).pipe(over())
  )

  it.effect("counts as left out with one note, where the client did not fill it in", () =>
    Effect.gen(function*() {
      const plain = yield* run(listRuns)({ limit: 2, timeZone: "UTC" })
      const odd = yield* run(listRuns)({ limit: 2, timeZone: "UTC", environmentID: "${input:x}", window: "%WINDOW%" })
      expect(odd.facts).toEqual(plain.facts)
      expect(odd.text.match(/did not fill in/g)).toHaveLength(1)
      expect(odd.text).toContain("The client did not fill in environmentID, window: they count as not set.")
    }).pipe(over()))
})

describe("a time zone", () => {
  it.effect("that Windows names is read by its IANA name", () =>
    Effect.gen(function*() {
      const { facts, text } = yield* run(summarizeRuns)({ timeZone: "GMT Standard Time" })
      expect(facts).toEqual((yield* run(summarizeRuns)({ timeZone: "Europe/London" })).facts)
      expect(text).toContain("Europe/London")
    }).pipe(over()))

  it.effect("of the configuration too", () =>
    Effect.gen(function*() {
      expect((yield* run(summarizeRuns)({})).text).toContain("Europe/Berlin")
    }).pipe(over({ COALESCE_TIME_ZONE: "W. Europe Standard Time" })))

  it.effect.each<[name: string, call: Effect.Effect<unknown, string, Layer.Success<ReturnType<typeof layerOf>>>]>([
    ["the latest runs", run(listRuns)({ limit: 2 })],
    ["runs of the last hours", run(listRuns)({ since: "12h" })],
    ["runs between two instants", run(listRuns)({ since: "2026-03-09T18:00:00Z", until: "2026-03-10T06:00:00+01:00" })],
    ["one run", run(diagnoseRun)({ runID: 1 })]
  ])(
    "of the configuration that does not exist fails no call that needs none: %s",
    ([, call]) =>
      Effect.gen(function*() {
        const said = yield* call.pipe(Effect.as(""), Effect.catch(Effect.succeed))
        expect(said).not.toContain("COALESCE_TIME_ZONE")
        expect(yield* requests).toBeGreaterThan(0)
      }).pipe(over({ COALESCE_TIME_ZONE: "Mars/Olympus" }))
  )

  it.effect.each<[name: string, call: Effect.Effect<unknown, string, Layer.Success<ReturnType<typeof layerOf>>>]>([
    ["a window", run(listRuns)({ window: "today" })],
    ["a window that nobody named", run(summarizeRuns)({})],
    ["a date", run(listRuns)({ since: "2026-03-09" })],
    ["a time without an offset", run(listRuns)({ since: "12h", until: "2026-03-10T06:00" })]
  ])("of the configuration that does not exist is named where it is needed: %s", ([, call]) =>
    Effect.gen(function*() {
      expect(yield* Effect.flip(call)).toContain("COALESCE_TIME_ZONE")
      expect(yield* requests).toBe(0)
    }).pipe(over({ COALESCE_TIME_ZONE: "Mars/Olympus" })))

  it.effect("that was not filled in counts as not set", () =>
    Effect.gen(function*() {
      const { facts } = yield* run(summarizeRuns)({})
      expect(facts).toEqual((yield* run(summarizeRuns)({ timeZone: "null" })).facts)
    }).pipe(over({ COALESCE_TIME_ZONE: "${user_config.time_zone}" })))

  it.each([
    ["Romance Standard Time", "Europe/Paris"],
    ["Eastern Standard Time", "America/New_York"],
    ["Eastern Daylight Time", "America/New_York"],
    ["Central Standard Time (Mexico)", "America/Mexico_City"],
    ["UTC-11", "Etc/GMT+11"],
    ["russia time zone 3", "Europe/Samara"],
    ["Europe/London", "Europe/London"],
    ["Mars Standard Time", "Mars Standard Time"]
  ])("%s is %s", (name, iana) => {
    expect(toIana(name)).toBe(iana)
    if (!iana.startsWith("Mars")) expect(() => new Intl.DateTimeFormat("en", { timeZone: iana })).not.toThrow()
  })
})

it("a bearer token that was not filled in is refused: anyone could guess it", async () => {
  const { code, stderr } = await runBin([copyOfBin(), "--http", "--port", "0"], {
    COALESCE_MCP_HTTP_TOKEN: "${COALESCE_MCP_HTTP_TOKEN}"
  })
  expect({ code, said: stderr.includes("COALESCE_MCP_HTTP_TOKEN is a placeholder") }).toEqual({ code: 2, said: true })
})
