/**
 * Delivers messages to destinations through an outbox: a message is stored first, and then sent until it is taken. The outbox is
 * effect's `PersistedQueue`, one queue a destination, over files, SQL, Redis or memory.
 *
 * **What it guarantees**
 *
 * - Nothing is lost: a message is sent at least once, whatever happens to the process. What a destination refuses for good, or
 *   has not taken within `giveUpAfter`, becomes a dead letter, which is kept, can be shown, and can be sent again.
 * - The messages of an incident come to a destination in order. Those of other incidents do not wait for them. One that its store has lost
 *   holds up no other forever: those that it was before are sent without it.
 * - A destination that is down delays no other.
 *
 * **Details**
 *
 * Threads, positions and dead letters are in a `KeyValueStore`. Keep both stores in one place: `layerFiles` of
 * `@coalesce-runs/alerts/node` is a directory with both.
 *
 * @since 0.1.0
 */
import type * as RunsError from "@coalesce-runs/core/RunsError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as KeyValueStore from "effect/persistence/KeyValueStore"
import type * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schema from "effect/Schema"
import { checkOptions, duration, names, required } from "./check/options.ts"
import type { DeadLetter } from "./delivery/model.ts"
import * as outbox from "./delivery/outbox.ts"
import type { Destination } from "./Destination.ts"
import * as settings from "./destination/settings.ts"
import type { Message } from "./Incident.ts"

export { DeadLetter } from "./delivery/model.ts"

/** A store of the outbox could not be read or written. */
export class DeliveryStoreError extends Schema.TaggedError<DeliveryStoreError>(
  "@coalesce-runs/alerts/DeliveryStoreError"
)("DeliveryStoreError", { destination: Schema.String, cause: Schema.Defect() }) {
  override get message(): string {
    return `The outbox of ${this.destination} could not be read or written`
  }
}

/** How messages are delivered. */
export interface Options {
  /** Where messages go. Their names differ. */
  readonly destinations: ReadonlyArray<Destination>
  /** How long a message is tried before it becomes a dead letter. Default: 7 days. */
  readonly giveUpAfter?: Duration.Input | undefined
}

/** An outbox. */
export interface Delivery {
  /**
   * Stores messages for every destination, or for those with these names. A message that is stored already is not stored again. Call it before
   * the checkpoint of the watch is stored. It fails with an `InvalidQuery` if `to` is no array of names.
   */
  readonly enqueue: (
    messages: ReadonlyArray<Message>,
    to?: ReadonlyArray<string>
  ) => Effect.Effect<void, DeliveryStoreError | RunsError.InvalidQuery>
  /** Sends what is stored and what will be, to all destinations at once, without end. */
  readonly run: Effect.Effect<never, DeliveryStoreError, HttpClient.HttpClient>
  /**
   * Sends what is due, once, and ends. What is not taken waits for the next time, and so does what is left for a destination that
   * gave no response to three messages in succession. For a cron job.
   */
  readonly settle: Effect.Effect<void, DeliveryStoreError, HttpClient.HttpClient>
  /** Returns what was given up, for each destination in order. At most the last 1,000 of each. */
  readonly deadLetters: Effect.Effect<ReadonlyArray<DeadLetter>, DeliveryStoreError>
  /**
   * Puts the dead letters of all destinations, or of those with these names, back into the outbox, and returns how many. Each
   * is tried once at least, however old it is. It fails with an `InvalidQuery` if `destinations` is no array of names.
   */
  readonly resend: (
    destinations?: ReadonlyArray<string>
  ) => Effect.Effect<number, DeliveryStoreError | RunsError.InvalidQuery>
}

/** Makes an outbox over the stores in context. It fails with an `InvalidQuery` where an option is wrong. */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<
  Delivery,
  RunsError.InvalidQuery,
  KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory
> {
  yield* checkOptions(options, { destinations: required(settings.destinations), giveUpAfter: duration })
  const { destinations, giveUpAfter = "7 days" } = options
  const patience = Duration.fromInputUnsafe(giveUpAfter)
  const outboxes = yield* Effect.forEach(destinations, (destination) => outbox.make(destination, patience))
  /** Does it for each outbox, or for those that are chosen. */
  const forEach = <A, E, R>(
    run: (outbox: (typeof outboxes)[number]) => Effect.Effect<A, E, R>,
    options: { readonly concurrency?: "unbounded"; readonly only?: ReadonlyArray<string> | undefined } = {}
  ) =>
    Effect.forEach(
      outboxes.filter(({ name }) => options.only?.includes(name) ?? true),
      (outbox) => Effect.mapError(run(outbox), (cause) => new DeliveryStoreError({ destination: outbox.name, cause })),
      options
    )
  return {
    enqueue: (messages, to) =>
      Effect.andThen(
        checkOptions({ to }, { to: names }),
        () => Effect.asVoid(forEach(({ offer }) => Effect.forEach(messages, offer), { only: to }))
      ),
    run: Effect.andThen(forEach(({ run }) => run, { concurrency: "unbounded" }), Effect.never),
    settle: Effect.asVoid(forEach(({ settle }) => settle, { concurrency: "unbounded" })),
    deadLetters: Effect.map(forEach(({ deadLetters }) => deadLetters), (all) => all.flat()),
    resend: (only) =>
      Effect.andThen(
        checkOptions({ destinations: only }, { destinations: names }),
        () => Effect.map(forEach(({ resend }) => resend, { only }), (counts) => counts.reduce((a, b) => a + b, 0))
      )
  }
})
