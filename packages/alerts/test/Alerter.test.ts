// The service on the virtual clock: what it tells, of runs and of itself, and what it keeps.
import { Alerter } from "@coalesce-runs/alerts"
import { Faults, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { finished, iso, parsed, pass, runOf, start, telling, world } from "./support/alerter.ts"

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
        assert.deepStrictEqual(slack.lines(), ["opened first watch"])
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
