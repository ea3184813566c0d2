/** The service on the virtual clock, with the simulator, stores in memory and an address for heartbeats. */
import { AlertsConfig, type Incident } from "@coalesce-runs/alerts"
import { RunCheckpoint } from "@coalesce-runs/core"
import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { type Behavior, recorder } from "./recorder.ts"

export const start = DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T02:00Z"))

export const file = `
version: 1
timeZone: UTC
heartbeat: \${HEARTBEAT}
failedPolls: 4
destinations:
  slack:
    type: stdout
`

export const iso = (at: DateTime.Utc) => DateTime.formatIso(at)

export const runOf = (id: number, runStatus: string, jobID = 15, ended = start): SimulatedRun.SimulatedRun => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "3",
  runStartTime: iso(DateTime.subtract(start, { minutes: 5 })),
  ...(runStatus === "running" ? {} : { runEndTime: iso(ended) }),
  runDetails: { environmentID: "3", jobID, jobName: `Job ${jobID}`, nodesInRun: 1 }
})

/** Stores in memory that outlive the alerters. */
const Stores = Layer.mergeAll(
  RunCheckpoint.layerMemory,
  KeyValueStore.layerMemory,
  PersistedQueue.layer.pipe(Layer.provide(PersistedQueue.layerStoreMemory))
)

const addresses = ConfigProvider.layer(
  Effect.succeed(ConfigProvider.fromEnvRecord({ HEARTBEAT: "https://heartbeat.example/secret-path" }))
)

/** Lets time pass in steps, and everybody finish what needs no time. */
export const pass = (duration: Duration.Input) =>
  Effect.andThen(TestClock.adjust(duration), Effect.replicateEffect(Effect.yieldNow, 2000))

/**
 * Lets time pass until an effect ends. In small steps: a queue that brings nothing for a second counts as one where nothing is due,
 * and it brings nothing while the clock jumps.
 */
export const finished = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect)
    for (let step = 0; step < 600 && fiber.pollUnsafe() === undefined; step++) yield* pass("100 millis")
    return yield* Fiber.join(fiber)
  })

const takes: Behavior = () => Effect.undefined

/** A destination that keeps what was told, as `opened watch: …`. */
export const telling = (behavior: Behavior = takes) => {
  const told: Array<Incident.Message> = []
  const { destination } = recorder(
    "slack",
    (message, attempt) =>
      Effect.tap(behavior(message, attempt), (failure) =>
        Effect.sync(() => {
          if (failure === undefined) told.push(message)
        }))
  )
  return { destination, told, lines: () => told.map(({ kind, status, why }) => `${status} ${why} ${kind}`) }
}

/** Runs a story with the alerter's world: the simulator, the stores, and an address for heartbeats. */
export const world = (runs: ReadonlyArray<SimulatedRun.SimulatedRun>, heartbeatStatus = 200) => {
  const beats: Array<string> = []
  const Heartbeat = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request) =>
      Effect.sync(() => {
        beats.push(request.url)
        return HttpClientResponse.fromWeb(request, new Response("", { status: heartbeatStatus }))
      })
    )
  )
  const Runs = Simulator.layerClient({ runs }, { retry: Schedule.recurs(0) })
  return { beats, services: Layer.mergeAll(Runs, Stores, Heartbeat, addresses) }
}

export const parsed = AlertsConfig.parse(file)
