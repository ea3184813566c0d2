// The service ends at any step of its stores: what it tells in the end is the same.
import { Alerter, AlertsConfig, type Incident } from "@coalesce-runs/alerts"
import { RunCheckpoint } from "@coalesce-runs/core"
import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as TestClock from "effect/testing/TestClock"
import { recorder } from "./support/recorder.ts"

const start = DateTime.toUtc(DateTime.makeUnsafe("2026-11-03T02:00Z"))
const iso = (minutes: number) => DateTime.formatIso(DateTime.add(start, { minutes }))

const file = `
version: 1
timeZone: UTC
destinations:
  slack:
    type: stdout
`

const runOf = (id: number, runStatus: string, minutes: number): SimulatedRun.SimulatedRun => ({
  id,
  runType: "refresh",
  runStatus,
  environmentID: "3",
  runStartTime: iso(minutes),
  ...(runStatus === "running" ? {} : { runEndTime: iso(minutes + 1) }),
  ...(id === 1 ? {} : { reRunID: 1 }),
  runDetails: { environmentID: "3", jobID: 15, jobName: "Nightly", nodesInRun: 1 }
})

/** Counts what is written, and ends the process before the write of this number. */
const makeCrash = () => {
  const crash = { writes: 0, at: Infinity }
  const step = Effect.suspend(() => ++crash.writes === crash.at ? Effect.die("crash") : Effect.void)
  const before =
    <Args extends ReadonlyArray<unknown>, A, E, R>(write: (...args: Args) => Effect.Effect<A, E, R>) =>
    (...args: Args) => Effect.andThen(step, write(...args))
  const Checkpoints = Layer.effect(
    RunCheckpoint.RunCheckpoint,
    Effect.map(RunCheckpoint.RunCheckpoint, ({ load, save }) => ({ load, save: before(save) }))
  ).pipe(Layer.provide(RunCheckpoint.layerMemory))
  const KeyValues = Layer.effect(
    KeyValueStore.KeyValueStore,
    Effect.map(KeyValueStore.KeyValueStore, (store) => ({ ...store, set: before(store.set) }))
  ).pipe(Layer.provide(KeyValueStore.layerMemory))
  const Queues = PersistedQueue.layer.pipe(
    Layer.provide(Layer.effect(
      PersistedQueue.PersistedQueueStore,
      Effect.map(PersistedQueue.PersistedQueueStore, (store) => ({ ...store, offer: before(store.offer) }))
    )),
    Layer.provide(PersistedQueue.layerStoreMemory)
  )
  return { crash, stores: Layer.mergeAll(Checkpoints, KeyValues, Queues) }
}

const unused = Layer.succeed(HttpClient.HttpClient, HttpClient.make(() => Effect.die("no HTTP here")))

/** Lets time pass until an effect ends. */
const finished = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let step = 0; step < 120 && fiber.pollUnsafe() === undefined; step++) {
      yield* TestClock.adjust("500 millis")
      yield* Effect.replicateEffect(Effect.yieldNow, 2000)
    }
    return yield* Fiber.join(fiber)
  })

/** A run fails while the service ends at a write. Then it starts again, after the run was made good where that is asked for. */
const story = (at: number, isMadeGood: boolean) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(DateTime.toEpochMillis(start))
    const { crash, stores } = makeCrash()
    const told: Array<Incident.Message> = []
    const { destination } = recorder("slack", (message) =>
      Effect.sync(() => {
        told.push(message)
        return undefined
      }))
    const services = Layer.mergeAll(Simulator.layerClient({ runs: [runOf(1, "running", 0)] }), stores, unused)
    return yield* Effect.gen(function*() {
      const { update } = yield* Simulator.Simulator
      const config = yield* AlertsConfig.parse(file)
      const once = finished(Alerter.once(config, { destinations: [destination] }))
      assert.isTrue(Exit.isSuccess(yield* once))
      yield* TestClock.adjust("5 minutes")
      yield* update(() => [runOf(1, "failed", 3)])
      crash.writes = 0
      crash.at = at
      const isCrashed = Exit.isFailure(yield* once)
      crash.at = Infinity
      yield* TestClock.adjust("20 minutes")
      if (isMadeGood) yield* update((runs) => [...runs, runOf(2, "completed", 10)])
      for (let call = 0; call < 2; call++) {
        assert.isTrue(Exit.isSuccess(yield* once))
        yield* TestClock.adjust("20 minutes")
      }
      return { isCrashed, ids: [...new Set(told.map(({ id }) => id))], told: told.map(({ status }) => status) }
    }).pipe(Effect.provide(services))
  })

describe("an alerter that ends at a write", () => {
  it.effect("tells the failure once all the same", () =>
    Effect.gen(function*() {
      let crashes = 0
      for (let at = 1; at <= 12; at++) {
        const { ids, isCrashed, told } = yield* story(at, false)
        if (isCrashed) crashes++
        assert.lengthOf(ids, 1, `at write ${at}`)
        assert.deepStrictEqual([...new Set(told)], ["opened"], `at write ${at}`)
        assert.isAtMost(told.length, 2)
      }
      assert.isAtLeast(crashes, 4)
    }), 60_000)

  it.effect(
    "tells of no failure without its end, if a re-run makes it good before the next start",
    () =>
      Effect.gen(function*() {
        const outcomes = new Set<string>()
        for (let at = 1; at <= 12; at++) {
          const { told } = yield* story(at, true)
          outcomes.add([...new Set(told)].join(" "))
        }
        // It is good before anything was saved of it, or it was opened and is resolved.
        assert.deepStrictEqual([...outcomes].sort(), ["", "opened resolved"])
      }),
    60_000
  )
})
