// The service on the virtual clock: what it tells, of runs and of itself, and what it keeps.
import { Alerter, AlertsConfig, type Incident } from "@coalesce-runs/alerts"
import { RunCheckpoint } from "@coalesce-runs/core"
import { Faults, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { type Behavior, recorder } from "./support/recorder.ts"

const start = DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T02:00Z"))

const file = `
version: 1
timeZone: UTC
heartbeat: \${HEARTBEAT}
failedPolls: 4
destinations:
  slack:
    type: stdout
`

const iso = (at: DateTime.Utc) => DateTime.formatIso(at)

const runOf = (id: number, runStatus: string, jobID = 15, ended = start): SimulatedRun.SimulatedRun => ({
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
const pass = (duration: Duration.Input) =>
  Effect.andThen(TestClock.adjust(duration), Effect.replicateEffect(Effect.yieldNow, 2000))

/**
 * Lets time pass until an effect ends. In small steps: a queue that brings nothing for a second counts as one where nothing is due,
 * and it brings nothing while the clock jumps.
 */
const finished = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect)
    for (let step = 0; step < 600 && fiber.pollUnsafe() === undefined; step++) yield* pass("100 millis")
    return yield* Fiber.join(fiber)
  })

const takes: Behavior = () => Effect.undefined

/** A destination that keeps what was told, as `opened watch: …`. */
const telling = (behavior: Behavior = takes) => {
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
const world = (runs: ReadonlyArray<SimulatedRun.SimulatedRun>, heartbeatStatus = 200) => {
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

const parsed = AlertsConfig.parse(file)

describe("Alerter", () => {
  it.effect("tells a refused sign-in at once and once, goes on, and tells when it is over", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([runOf(1, "running")])
      yield* Effect.gen(function*() {
        const { setFaults } = yield* Simulator.Simulator
        const slack = telling()
        const config = yield* parsed
        const fiber = yield* Effect.forkChild(Alerter.run(config, { destinations: [slack.destination] }))
        yield* pass("1 minute")
        assert.deepStrictEqual(slack.lines(), [])
        yield* setFaults([Faults.always(Faults.status(401))])
        yield* pass("2 minutes")
        assert.deepStrictEqual(slack.lines(), ["opened first watch"])
        yield* pass("3 hours")
        yield* pass("3 hours")
        assert.deepStrictEqual(slack.lines(), ["opened first watch"])
        assert.include(JSON.stringify(slack.told[0]?.report), "refuses the sign-in")
        yield* setFaults([])
        yield* pass("10 minutes")
        assert.deepStrictEqual(slack.lines(), ["opened first watch", "resolved recovered watch"])
        assert.isUndefined(fiber.pollUnsafe())
        yield* Fiber.interrupt(fiber)
      }).pipe(Effect.provide(services))
    }))

  it.effect("tells failed polls once there are as many as the file says, and what ended meanwhile after that", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { beats, services } = world([runOf(1, "running")])
      yield* Effect.gen(function*() {
        const { setFaults, update } = yield* Simulator.Simulator
        const slack = telling()
        const failures: Array<number> = []
        const config = yield* parsed
        const fiber = yield* Effect.forkChild(Alerter.run(config, {
          destinations: [slack.destination],
          onEvent: (event) =>
            Effect.sync(() => {
              if (event._tag === "PollFailed") failures.push(slack.told.length)
            })
        }))
        yield* pass("40 seconds")
        const before = beats.length
        assert.isAbove(before, 0)
        yield* setFaults([Faults.always(Faults.status(503))])
        yield* update((runs) => runs.map(() => runOf(1, "failed", 15, DateTime.add(start, { minutes: 2 }))))
        for (let minute = 0; minute < 12; minute++) yield* pass("1 minute")
        assert.deepStrictEqual(slack.lines(), ["opened first watch"])
        // The fourth tells: the fifth finds that it was told.
        assert.deepStrictEqual([failures[2], failures[4]], [0, 1])
        assert.lengthOf(beats, before)
        yield* setFaults([])
        for (let minute = 0; minute < 12; minute++) yield* pass("1 minute")
        assert.sameMembers(slack.lines(), ["opened first watch", "resolved recovered watch", "opened first failures"])
        assert.isAbove(beats.length, before)
        yield* Fiber.interrupt(fiber)
      }).pipe(Effect.provide(services))
    }))

  it.effect("calls the heartbeat after good polls alone, and goes on where it is not taken", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { beats, services } = world([runOf(1, "running")], 302)
      yield* Effect.gen(function*() {
        const { setFaults } = yield* Simulator.Simulator
        const config = yield* parsed
        const options = { destinations: [telling().destination] }
        const once = finished(Effect.exit(Alerter.once(config, options)))
        assert.isTrue(Exit.isSuccess(yield* once))
        assert.deepStrictEqual(beats, ["https://heartbeat.example/secret-path"])
        yield* setFaults([Faults.always(Faults.status(500))])
        assert.isTrue(Exit.isFailure(yield* once))
        assert.lengthOf(beats, 1)
      }).pipe(Effect.provide(services))
    }))

  it.effect("counts failed polls over calls of once, and tells them", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([runOf(1, "running")])
      yield* Effect.gen(function*() {
        const { setFaults } = yield* Simulator.Simulator
        const config = yield* parsed
        const slack = telling()
        const once = finished(Effect.exit(Alerter.once(config, { destinations: [slack.destination] })))
        yield* setFaults([Faults.always(Faults.status(503))])
        for (let call = 1; call <= 3; call++) assert.isTrue(Exit.isFailure(yield* once))
        assert.deepStrictEqual(slack.lines(), [])
        assert.isTrue(Exit.isFailure(yield* once))
        assert.isTrue(Exit.isFailure(yield* once))
        assert.deepStrictEqual(slack.lines(), ["opened first watch"])
        yield* setFaults([])
        assert.isTrue(Exit.isSuccess(yield* once))
        assert.deepStrictEqual(slack.lines(), ["opened first watch", "resolved recovered watch"])
      }).pipe(Effect.provide(services))
    }))

  it.effect("learns what is usual once: a restart reads only what is new", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const history = Array.from({ length: 5000 }, (_, index) => ({
        ...runOf(index + 1, "completed", 1 + index % 7),
        runStartTime: iso(DateTime.subtract(start, { minutes: (5000 - index) * 7 })),
        runEndTime: iso(DateTime.subtract(start, { minutes: (5000 - index) * 7 - 3 }))
      }))
      const { services } = world(history)
      yield* Effect.gen(function*() {
        const { clearRequests, requests } = yield* Simulator.Simulator
        const config = yield* parsed
        const learning = Effect.map(requests, (all) =>
          all.filter(({ path, query }) => path.endsWith("/runs") && query["limit"] === "1000").length)
        const life = Effect.gen(function*() {
          yield* clearRequests
          const fiber = yield* Effect.forkChild(Alerter.run(config, { destinations: [telling().destination] }))
          for (let minute = 0; minute < 20; minute++) {
            yield* pass("1 minute")
          }
          yield* Fiber.interrupt(fiber)
          return yield* learning
        })
        const first = yield* life
        const second = yield* life
        assert.isAtLeast(first, 5)
        assert.isAtMost(second, 4)
      }).pipe(Effect.provide(services))
    }))
})
