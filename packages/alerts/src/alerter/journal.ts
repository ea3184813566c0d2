/**
 * Keeps what an alerter knows: the incidents, where they were told, and what is to be told. All of it is one text in the store of
 * checkpoints, so that it changes as a whole, and only one of several alerters makes each change.
 */
import * as RunCheckpoint from "@coalesce-runs/core/RunCheckpoint"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type { Config } from "../AlertsConfig.ts"
import type * as Delivery from "../Delivery.ts"
import * as Incident from "../Incident.ts"
import * as Routes from "../Routes.ts"

const Time = Incident.Message.fields.at

const Journal = Schema.Struct({
  version: Schema.Literal(1),
  incidents: Incident.State,
  routes: Routes.State,
  /** What the last change told. It is put into the outbox after the change is saved, and again where that may not have happened. */
  tellings: Schema.Array(Schema.Struct({ message: Incident.Message, to: Schema.Array(Schema.String) })),
  /** Polls that failed in succession. */
  failedPolls: Schema.Int,
  /** When the health of runs was checked last. */
  checkedAt: Schema.optionalKey(Time)
})

export interface Journal extends Schema.Schema.Type<typeof Journal> {}

const Stored = Schema.fromJsonString(Schema.toCodecJson(Journal))
const encode = Schema.encodeSync(Stored)
const decode = Schema.decodeEffect(Stored)

const empty: Journal = {
  version: 1,
  incidents: Incident.begin(),
  routes: Routes.begin(),
  tellings: [],
  failedPolls: 0
}

/** What is kept of an observation beside the incidents. */
export interface Kept extends Partial<Pick<Journal, "checkedAt" | "failedPolls">> {}

export const make = Effect.fnUntraced(function*(config: Config, key: string, delivery: Delivery.Delivery) {
  const store = yield* RunCheckpoint.RunCheckpoint
  const semaphore = yield* Semaphore.make(1)
  /** The version whose tellings are in the outbox for sure. */
  let enqueued = 0

  const load = Effect.gen(function*() {
    const saved = Option.getOrUndefined(yield* store.load(key))
    if (saved === undefined) return { journal: empty, version: 0 }
    const journal = yield* Effect.mapError(
      decode(saved.value),
      (cause) => new RunCheckpoint.CheckpointStoreError({ key, operation: "load", cause })
    )
    return { journal, version: saved.version }
  })

  /** Saves a journal and tells what it has to tell. Returns whether another alerter was faster. */
  const save = (journal: Journal, version: number) =>
    store.save(key, encode(journal), version).pipe(
      Effect.flatMap((newer) => Effect.as(enqueue(journal, newer), true)),
      Effect.catchTag("CheckpointConflict", () => Effect.succeed(false)),
      Effect.uninterruptible
    )

  const enqueue = ({ tellings }: Journal, version: number) =>
    version === enqueued
      ? Effect.void
      : Effect.andThen(
        Effect.forEach(tellings, ({ message, to }) => delivery.enqueue([message], to)),
        Effect.sync(() => {
          enqueued = version
        })
      )

  /** Changes the journal by a step of the incidents, and returns it. Where another alerter was faster it begins again. */
  const change = <E, R>(
    next: (journal: Journal) => Effect.Effect<Incident.Step & { readonly kept: Kept }, E, R>
  ) =>
    semaphore.withPermit(Effect.gen(function*() {
      while (true) {
        const { journal, version } = yield* load
        // The process that saved it may have been killed before it told.
        yield* enqueue(journal, version)
        const { kept, ...step } = yield* next(journal)
        const { state: routes, tellings } = Routes.advance(config, journal.routes, step, yield* DateTime.now)
        const after: Journal = { ...journal, ...kept, incidents: step.state, routes, tellings }
        const isNew = tellings.length > 0 || encode({ ...after, tellings: journal.tellings }) !== encode(journal)
        if (!isNew || (yield* save(after, version))) return after
      }
    }))

  return {
    load: Effect.map(load, ({ journal }) => journal),
    /** Observes, and tells what is due. */
    observe: (observation: Incident.Observation, options: Incident.Options, kept: Kept = {}) =>
      change(({ incidents }) =>
        Effect.map(Incident.observe(incidents, observation, options), (step) => ({ ...step, kept }))
      ),
    /** Counts a poll that failed, without a request: what needs a diagnosis stays due. */
    fail: (observe: (failedPolls: number) => Incident.Observation, options: Incident.Options) =>
      change((journal) =>
        Effect.map(DateTime.now, (at) => {
          const failedPolls = journal.failedPolls + 1
          const step = Incident.advance(journal.incidents, observe(failedPolls), { diagnoses: [] }, at, options)
          return { ...step, kept: { failedPolls } }
        })
      )
  }
})
