// A server that restarts costs no run, and no end of one: what is read meanwhile is sent again, or resumes where it stopped.
import { RunHealth, RunsClient, RunWatch } from "@coalesce-runs/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Retry from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { scale, timeout } from "./lanes.ts"
import { life, plain } from "./plain.ts"
import { type Reading, readOn } from "./reader.ts"
import { epoch, type Schedule } from "./schedule.ts"
import type { Life } from "./server/history.ts"
import { type ChaosServer, type Session, start } from "./server/server.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const token = "restarts_+/=~cAnArY0123456789"

/** So often each of them is read through a server that restarts again and again. */
const rounds = Math.ceil(scale / 5)

const count = 120

const lives = Array.from({ length: count }, (_, index) => life(index + 1, index))

/** Opens a session whose responses come in pieces, so that a restart breaks off some of them. */
const open = (schedule: Schedule): Session => {
  const session = server.open(token, schedule)
  session.faultOf = () => ({ kind: "drip", pieces: 4 })
  return session
}

/**
 * Restarts the server as long as an effect takes, down for 1 to 20 ms each time, and returns how often it did. It is up for a few requests
 * each time: otherwise nothing would come through.
 */
const amidRestarts = <A, E>(
  session: Session,
  effect: Effect.Effect<A, E>,
  least = 3
): Effect.Effect<readonly [A, number], E> =>
  Effect.gen(function*() {
    let restarts = 0
    let isOver = false
    const restarting = Effect.promise(async () => {
      while (!isOver) {
        const from = session.served.length
        while (!isOver && session.served.length < from + least + restarts % 4) {
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        if (isOver) return
        await server.restart(1 + (restarts++ * 7) % 20)
      }
    })
    const [result] = yield* Effect.all(
      [Effect.ensuring(effect, Effect.sync(() => isOver = true)), restarting],
      { concurrency: 2 }
    )
    return [result, restarts] as const
  })

const clientOf = (retry: Retry.Schedule<unknown>) =>
  RunsClient.make({ accessToken: token, baseUrl: server.origin, retry, timeout }).pipe(
    Effect.orDie,
    Effect.provide(FetchHttpClient.layer)
  )

/** Sends again for longer than any restart takes. */
const patient = Retry.spaced("5 millis")

const readers = ["list", "pages", "listPage", "history", "window"] as const

const scheduleOf = (reader: Schedule["reader"]): Schedule => ({
  ...plain,
  reader,
  lives,
  query: { ...plain.query, orderBy: reader === "window" ? "runStartTime" : "id", pageSize: 4 },
  concurrency: 4,
  window: [0, count]
})

/** Every run once, in the order of the reader. */
const isWhole = (reader: Schedule["reader"], { used }: Reading): void => {
  const ids = used.map(({ id }): number => id)
  assert.deepStrictEqual(ids, lives.map(({ id }) => id).toReversed(), reader)
}

const window = { since: DateTime.makeUnsafe(epoch), until: DateTime.makeUnsafe(epoch + 3_600_000) }

describe("a server that restarts", () => {
  it.live.each(readers)(
    "costs %s no run, and nobody learns of it where requests are sent again",
    (reader) =>
      Effect.gen(function*() {
        for (let round = 0; round < rounds; round++) {
          const schedule = scheduleOf(reader)
          const session = open(schedule)
          const client = yield* clientOf(patient)
          const reading: Reading = { used: [], position: undefined }
          const [{ error }, restarts] = yield* amidRestarts(
            session,
            readOn(client, schedule, "fail", Infinity, reading)
          )
          assert.isUndefined(error)
          assert.isAbove(restarts, 1)
          isWhole(reader, reading)
        }
      }),
    60_000 + 20_000 * scale
  )

  it.live.each(readers)(
    "ends %s with an error that may pass, from which it resumes to the complete set",
    (reader) =>
      Effect.gen(function*() {
        const schedule = scheduleOf(reader)
        const session = open(schedule)
        const reading: Reading = { used: [], position: undefined }
        let errors = 0
        const toTheEnd = Effect.gen(function*() {
          for (;;) {
            // A process of its own each time.
            const client = yield* clientOf(Retry.recurs(0))
            const { error } = yield* readOn(client, schedule, "fail", Infinity, reading)
            if (error === undefined) return
            errors++
            assert.strictEqual(error._tag, "TransportError")
            assert.isTrue(error.isRetryable)
            if ("resumeFrom" in error) reading.position = error.resumeFrom ?? reading.position
            yield* Effect.sleep("2 millis")
          }
        })
        yield* amidRestarts(session, toTheEnd)
        assert.isAbove(errors, 0)
        isWhole(reader, reading)
      }),
    60_000
  )

  it.live("costs a watch no end of a run: failed polls are told, and each end once", () =>
    Effect.gen(function*() {
      const running: ReadonlyArray<Life> = Array.from({ length: 30 }, (_, index) => ({
        id: index + 1,
        runType: "refresh",
        environmentID: "1",
        phases: [
          { at: 0, runStatus: "running", start: epoch + index },
          // Long after the watch has begun, though its first polls may fail.
          { at: 40 + index, runStatus: "completed", start: epoch + index, end: epoch + 1000 + index }
        ]
      }))
      const session = open({ ...plain, lives: running })
      const client = yield* clientOf(Retry.recurs(0))
      const ended: Array<number> = []
      let failedPolls = 0
      const watching = RunWatch.watch({}, { every: "1 millis", idleEvery: "1 millis" }).pipe(
        Stream.takeUntil((event) => {
          if (event._tag === "Ended") ended.push(event.run.id)
          if (event._tag === "PollFailed") failedPolls++
          return ended.length === running.length
        }),
        Stream.runDrain,
        Effect.provideService(RunsClient.RunsClient, client)
      )
      // The first poll alone makes 8 requests.
      yield* amidRestarts(session, watching, 16)
      assert.deepStrictEqual(ended.toSorted((a, b) => a - b), running.map(({ id }) => id))
      assert.isAbove(failedPolls, 0)
    }), 60_000)

  it.live("leaves a check as it is", () =>
    Effect.gen(function*() {
      const some = lives.map(({ phases, ...rest }, index): Life => ({
        ...rest,
        phases: phases.map((phase) => ({ ...phase, runStatus: index % 3 === 0 ? "failed" : "completed" }))
      }))
      const session = open({ ...plain, style: { ...plain.style, next: "last", clamp: 10 }, lives: some })
      const client = yield* clientOf(patient)
      const check = RunHealth.check({ ...window, timeZone: "UTC", baseline: "none", partTimeout: "2 minutes" }).pipe(
        Effect.provideService(RunsClient.RunsClient, client)
      )
      const encode = Schema.encodeSync(RunHealth.Health)
      const whole = yield* check
      const [amid, restarts] = yield* amidRestarts(session, check)
      assert.isAbove(restarts, 1)
      assert.deepStrictEqual({ ...encode(amid), checkedAt: "" }, { ...encode(whole), checkedAt: "" })
    }), 60_000)
})
