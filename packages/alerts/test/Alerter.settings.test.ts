// What the settings of alerts.yml make of the service, and what it does where a request or a store fails.
import { Alerter, AlertsConfig } from "@coalesce-runs/alerts"
import { Faults, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as TestClock from "effect/testing/TestClock"
import { testMessages } from "../src/alerter/testMessages.ts"
import { file, finished, iso, pass, runOf, start, telling, world } from "./support/alerter.ts"

const config = (more: string) => AlertsConfig.parse(file.replace("heartbeat: ${HEARTBEAT}\n", "") + more)

type Runs = ReadonlyArray<SimulatedRun.SimulatedRun>

/** Polls once while runs are at work, and once when they have failed, and returns which jobs are told. */
const toldJobs = (
  more: string,
  ids: ReadonlyArray<number>,
  change: (run: SimulatedRun.SimulatedRun) => SimulatedRun.SimulatedRun
) =>
  Effect.gen(function*() {
    yield* TestClock.setTime(DateTime.toEpochMillis(start))
    const runs = (status: string): Runs => ids.map((id) => change(runOf(id, status, 14 + id)))
    const { services } = world(runs("running"))
    return yield* Effect.gen(function*() {
      const { update } = yield* Simulator.Simulator
      const slack = telling()
      const once = finished(
        Effect.flatMap(config(more), (config) => Alerter.once(config, { destinations: [slack.destination] }))
      )
      yield* once
      yield* update(() => runs("failed"))
      yield* once
      return slack.told.flatMap(({ jobs }) => jobs.listed.map(({ jobID = 0 }) => jobID)).sort((a, b) => a - b)
    }).pipe(Effect.provide(services))
  })

describe("the runs of a file", () => {
  const same = (run: SimulatedRun.SimulatedRun) => run
  const nameless = (run: SimulatedRun.SimulatedRun) => ({ ...run, runDetails: { environmentID: "3", jobID: 15 } })
  const moved = (run: SimulatedRun.SimulatedRun) =>
    run.id === 1 ? run : { ...run, environmentID: "4", runDetails: { environmentID: "4", jobID: 16 } }

  const cases: ReadonlyArray<
    readonly [
      title: string,
      more: string,
      ids: ReadonlyArray<number>,
      change: (run: SimulatedRun.SimulatedRun) => SimulatedRun.SimulatedRun,
      told: Array<number>
    ]
  > = [
    ["all that there are", "", [1, 2], same, [15, 16]],
    ["those of a job, by its id", "job: 16\n", [1, 2], same, [16]],
    ["those of a job, by its name in any case", "job: JOB 15\n", [1, 2], same, [15]],
    ["none of a job without a name, where a name is set", "job: Job 16\n", [1], nameless, []],
    ["those of an environment", "environment: 4\n", [1, 2], moved, [16]]
  ]

  it.effect.each(cases)(
    "are %s",
    ([, more, ids, change, told]) =>
      Effect.map(toldJobs(more, ids, change), (jobs) => assert.deepStrictEqual(jobs, told))
  )
})

describe("the times of a file", () => {
  it.effect("keep a first failure quiet", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([runOf(1, "running")])
      yield* Effect.gen(function*() {
        const { update } = yield* Simulator.Simulator
        const slack = telling()
        const once = finished(Effect.flatMap(config("quiet: 10 minutes\n"), (config) =>
          Alerter.once(config, { destinations: [slack.destination] })))
        yield* once
        yield* update(() => [runOf(1, "failed")])
        yield* once
        assert.deepStrictEqual(slack.lines(), [])
        yield* pass("10 minutes")
        yield* once
        assert.deepStrictEqual(slack.lines(), ["opened first failures"])
      }).pipe(Effect.provide(services))
    }))

  it.effect("poll every half minute while a run is at work, and every two minutes while none is", () =>
    Effect.gen(function*() {
      const polls = (status: string) =>
        Effect.gen(function*() {
          yield* TestClock.setTime(DateTime.toEpochMillis(start))
          const { beats, services } = world([runOf(1, status)])
          return yield* Effect.gen(function*() {
            const fiber = yield* Effect.flatMap(AlertsConfig.parse(file), (config) =>
              Effect.forkChild(Alerter.run(config, { destinations: [telling().destination] })))
            for (let step = 0; step < 24; step++) {
              yield* pass("10 seconds")
            }
            yield* Fiber.interrupt(fiber)
            return beats.length
          }).pipe(Effect.provide(services))
        })
      assert.deepStrictEqual([yield* polls("running"), yield* polls("completed")], [9, 3])
    }))

  it.effect("check the health of runs at most every 15 minutes, of the job alone, and not where a poll failed", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const stuck = (id: number) => ({
        ...runOf(id, "running", 14 + id),
        runStartTime: iso(DateTime.subtract(start, { hours: 30 }))
      })
      const { services } = world([])
      yield* Effect.gen(function*() {
        const { clearRequests, requests, setFaults, update } = yield* Simulator.Simulator
        const slack = telling()
        const once = finished(
          Effect.exit(
            Effect.flatMap(
              config("job: 15\nhealth: { since: 48h }\n"),
              (config) => Alerter.once(config, { destinations: [slack.destination] })
            )
          )
        )
        yield* setFaults([Faults.always(Faults.status(500))])
        assert.isTrue(Exit.isFailure(yield* once))
        assert.lengthOf(yield* requests, 1)
        yield* setFaults([])
        assert.isTrue(Exit.isSuccess(yield* once))
        yield* update(() => [stuck(1), stuck(2)])
        yield* clearRequests
        assert.isTrue(Exit.isSuccess(yield* once))
        const ofPoll = (yield* requests).length
        assert.deepStrictEqual(slack.lines(), [])
        yield* pass("15 minutes")
        yield* clearRequests
        assert.isTrue(Exit.isSuccess(yield* once))
        assert.isAbove((yield* requests).length, ofPoll)
        assert.deepStrictEqual(slack.lines(), ["opened first stuck"])
        assert.deepStrictEqual(slack.told[0]?.jobs.listed.map(({ jobID }) => jobID), [15])
      }).pipe(Effect.provide(services))
    }))
})

describe("a poll that fails", () => {
  it.effect("waits longer each time, and as long as the response asks", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([])
      yield* Effect.gen(function*() {
        const { setFaults } = yield* Simulator.Simulator
        const waits: Array<number> = []
        const once = finished(Effect.exit(Effect.flatMap(config(""), (config) =>
          Alerter.once(config, {
            destinations: [telling().destination],
            onEvent: (event) =>
              Effect.sync(() => {
                if (event._tag === "PollFailed") waits.push(Duration.toSeconds(event.retryIn))
              })
          }))))
        yield* once
        yield* setFaults([Faults.always(Faults.status(503))])
        yield* once
        yield* setFaults([Faults.always(Faults.status(429, { retryAfter: 200 }))])
        yield* once
        yield* pass("200 seconds")
        yield* setFaults([Faults.always(Faults.status(429, { retryAfter: 1 }))])
        yield* once
        assert.deepStrictEqual(waits, [30, 200, 120])
        // One that goes well begins anew.
        yield* setFaults([])
        yield* once
        yield* setFaults([Faults.always(Faults.status(503))])
        yield* once
        assert.strictEqual(waits.at(-1), 30)
      }).pipe(Effect.provide(services))
    }))
})

describe("the destinations of a file", () => {
  it.effect("are those that are told, unless others are passed", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([])
      yield* Effect.gen(function*() {
        assert.isUndefined(yield* finished(Effect.flatMap(config(""), (config) => Alerter.once(config))))
      }).pipe(Effect.provide(services))
    }))
})

describe("the baseline that is kept", () => {
  it.effect("is learned anew where it is of another version, and told in the zone of the file", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(DateTime.toEpochMillis(start))
      const { services } = world([runOf(1, "completed")])
      yield* Effect.gen(function*() {
        const keyValues = yield* KeyValueStore.KeyValueStore
        yield* keyValues.set("alerts/baseline", JSON.stringify({ version: 0 }))
        const once = (zone: string) =>
          finished(Effect.flatMap(
            AlertsConfig.parse(file.replace("UTC", zone).replace("heartbeat: ${HEARTBEAT}\n", "")),
            (config) => Alerter.once(config, { destinations: [telling().destination] })
          ))
        const zone = Effect.map(
          keyValues.get("alerts/baseline"),
          (text) => /"timeZone":"([^"]+)"/.exec(text ?? "")?.[1]
        )
        yield* once("UTC")
        assert.strictEqual(yield* zone, "UTC")
        yield* pass("15 minutes")
        yield* once("Asia/Tokyo")
        assert.strictEqual(yield* zone, "Asia/Tokyo")
      }).pipe(Effect.provide(services))
    }))
})

describe("Alerter.test", () => {
  it("says that it is a test, and nothing else", () => {
    const messages = testMessages(start)
    assert.deepStrictEqual(messages.map(({ report }) => [report.headline, report.lines, report.nextSteps]), [
      [
        ["This is a test of coalesce-runs: nothing happened"],
        [["Alerts about Coalesce runs reach this place."]],
        []
      ],
      [["This was a test of coalesce-runs: nothing happened"], [["Alerts about Coalesce runs reach this place."]], []]
    ])
    assert.deepStrictEqual(messages.map(({ jobs, report }) => [jobs.listed, report.sections]), [[[], []], [[], []]])
  })

  const withSecrets = `version: 1
timeZone: UTC
destinations:
  log: { type: stdout }
  onCall: { type: pagerDuty, routingKey: "\${KEY}" }
  teams: { type: teams, url: "\${URL}" }
  other: { type: teams, url: "\${OTHER_URL}" }
`

  const tested = (names?: ReadonlyArray<string>) =>
    Effect.gen(function*() {
      const sent: Array<string> = []
      const client = HttpClient.make((request) =>
        Effect.gen(function*() {
          const body = yield* Effect.promise(() => HttpClientRequest.toWeb(request).pipe(Effect.runPromise)).pipe(
            Effect.flatMap((web) => Effect.promise(() => web.text()))
          )
          sent.push(/"event_action":"(\w+)"/.exec(body)?.[1] ?? request.url)
          return HttpClientResponse.fromWeb(
            request,
            new Response("", { status: request.url.includes("refuses") ? 400 : 202 })
          )
        })
      )
      const results = yield* Effect.flatMap(AlertsConfig.parse(withSecrets), (config) => Alerter.test(config, names))
        .pipe(
          Effect.provideService(HttpClient.HttpClient, client),
          Effect.provideService(
            ConfigProvider.ConfigProvider,
            ConfigProvider.fromUnknown({
              KEY: "0123456789abcdef0123456789abcdef",
              URL: "https://teams.example/x",
              OTHER_URL: "https://teams.example/refuses"
            })
          )
        )
      return { sent: sent.sort(), results: results.map(({ destination, error }) => [destination, error?.status]) }
    })

  it.effect("sends to each destination, resolves what it triggered, and says what came of it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* tested(), {
        sent: ["https://teams.example/refuses", "https://teams.example/x", "resolve", "trigger"],
        results: [["log", undefined], ["onCall", undefined], ["teams", undefined], ["other", 400]]
      })
      assert.deepStrictEqual(yield* tested(["onCall", "nobody"]), {
        sent: ["resolve", "trigger"],
        results: [["onCall", undefined]]
      })
    }))
})
