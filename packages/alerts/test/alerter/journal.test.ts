// What an alerter keeps, where its process ends, and where another works on the same store.
import { AlertsConfig, type Delivery, type Incident } from "@coalesce-runs/alerts"
import { RunCheckpoint, RunsInMemory } from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as journals from "../../src/alerter/journal.ts"

const parsed = AlertsConfig.parse(`
version: 1
timeZone: UTC
destinations:
  slack:
    type: stdout
  pager:
    type: stdout
default: slack
routes:
  - kind: watch
    to: pager
`)

/** A store that counts what is saved, and where everybody gets a turn behind each step. */
const counted = Effect.gen(function*() {
  const { load, save } = yield* RunCheckpoint.RunCheckpoint
  const saves: Array<number> = []
  const store = RunCheckpoint.RunCheckpoint.of({
    load: (key) => Effect.tap(load(key), () => Effect.yieldNow),
    save: (key, value, version) =>
      Effect.tap(save(key, value, version), (newer) => Effect.sync(() => saves.push(newer)))
  })
  return { saves, store }
}).pipe(Effect.provide(RunCheckpoint.layerMemory))

/** An outbox that writes down what is put into it, and where it is to go. */
const outbox = (enqueued: Effect.Effect<void> = Effect.void) => {
  const entries: Array<string> = []
  const delivery: Delivery.Delivery = {
    enqueue: (messages, to = []) =>
      Effect.andThen(
        enqueued,
        Effect.sync(() => {
          entries.push(...messages.map(({ at, id, status }) =>
            `${status} ${id.slice(-1)} of ${DateTime.formatIsoDate(at)} to ${to.join(", ")}`
          ))
        })
      ),
    run: Effect.never,
    settle: Effect.void,
    deadLetters: Effect.succeed([]),
    resend: () => Effect.succeed(0)
  }
  return { delivery, entries }
}

/** Tells the third failed poll in succession. */
const polls = (failedPolls: number): Incident.Observation =>
  failedPolls < 3 ? {} : { watch: { state: "pollsFailed", failedPolls, message: "Coalesce is down." } }

const start = Effect.gen(function*() {
  const config = yield* parsed
  const { saves, store } = yield* counted
  const open = (delivery: Delivery.Delivery) =>
    Effect.provideService(journals.make(config, "alerts-incidents", delivery), RunCheckpoint.RunCheckpoint, store)
  return { open, saves, store }
})

describe("the journal of an alerter", () => {
  it.effect("counts each failed poll once where two alerters share a store, and both tell one message", () =>
    Effect.gen(function*() {
      const { open, saves } = yield* start
      const [one, two] = [outbox(), outbox()]
      const both = yield* Effect.forEach([one, two], ({ delivery }) => open(delivery))
      yield* Effect.forEach(
        both,
        (journal) => Effect.replicateEffect(journal.fail(polls, {}), 4),
        { concurrency: "unbounded" }
      )
      const [journal] = yield* Effect.forEach(both, ({ load }) => load)
      assert.strictEqual(journal?.failedPolls, 8)
      assert.deepStrictEqual(saves, [1, 2, 3, 4, 5, 6, 7, 8])
      assert.deepStrictEqual([...new Set([...one.entries, ...two.entries])], ["opened 1 of 1970-01-01 to pager"])
    }))

  it.effect("tells what a process had saved that was killed before it told", () =>
    Effect.gen(function*() {
      const { open } = yield* start
      const killed = outbox(Effect.die("killed"))
      const before = yield* open(killed.delivery)
      for (let poll = 1; poll <= 2; poll++) yield* before.fail(polls, {})
      assert.isTrue(Exit.isFailure(yield* Effect.exit(before.fail(polls, {}))))
      assert.deepStrictEqual(killed.entries, [])

      const after = outbox()
      const next = yield* open(after.delivery)
      // Nothing is new: it is told all the same, and once.
      for (let change = 0; change < 3; change++) {
        yield* next.fail(() => ({}), {})
        assert.deepStrictEqual(after.entries, ["opened 1 of 1970-01-01 to pager"])
      }
      const { failedPolls } = yield* next.load
      assert.strictEqual(failedPolls, 6)
    }))

  it.effect("tells a message again where the outbox did not take it", () =>
    Effect.gen(function*() {
      const { open } = yield* start
      let isBroken = true
      const full = outbox(Effect.suspend(() => isBroken ? Effect.die("the disk is full") : Effect.void))
      const journal = yield* open(full.delivery)
      yield* Effect.exit(Effect.replicateEffect(journal.fail(polls, {}), 3))
      assert.deepStrictEqual(full.entries, [])
      isBroken = false
      yield* journal.fail(polls, {})
      assert.deepStrictEqual(full.entries, ["opened 1 of 1970-01-01 to pager"])
    }))

  it.effect("is not saved where nothing is new", () =>
    Effect.gen(function*() {
      const { open, saves } = yield* start
      const { delivery, entries } = outbox()
      const journal = yield* open(delivery)
      const observe = (observation: Incident.Observation, kept?: journals.Kept) =>
        journal.observe(observation, {}, kept)
      yield* observe({})
      yield* observe({}, { failedPolls: 0 })
      assert.deepStrictEqual(saves, [])
      yield* observe(polls(3))
      yield* observe(polls(3))
      yield* observe({})
      assert.deepStrictEqual(saves, [1])
      assert.deepStrictEqual(entries, ["opened 1 of 1970-01-01 to pager"])
      const checkedAt = DateTime.toUtc(yield* DateTime.now)
      yield* observe({}, { checkedAt })
      assert.deepStrictEqual(saves, [1, 2])
      assert.deepStrictEqual((yield* journal.load).checkedAt, checkedAt)
      assert.deepStrictEqual(entries, ["opened 1 of 1970-01-01 to pager"])
    }).pipe(Effect.provide(RunsInMemory.layer({ runs: [] }))))

  it.effect("that is damaged is an error of its store", () =>
    Effect.gen(function*() {
      const { open, store } = yield* start
      yield* store.save("alerts-incidents", `{"version":1,"incidents":`, 0)
      const { delivery } = outbox()
      const error = yield* Effect.flip((yield* open(delivery)).fail(polls, {}))
      assert.strictEqual(error._tag, "CheckpointStoreError")
      assert.strictEqual(error.message, `The checkpoint "alerts-incidents" could not be loaded`)
      assert.isTrue(Option.isSome(yield* store.load("alerts-incidents")))
    }))
})
