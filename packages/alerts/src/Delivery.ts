/**
 * Delivers messages to destinations through an outbox: a message is stored first, and then sent until it is taken. The outbox is
 * effect's `PersistedQueue`, one queue a destination, over memory, SQL or Redis.
 *
 * **What it guarantees**
 *
 * - Nothing is lost: a message is sent at least once, whatever happens to the process. What a destination refuses for good, or
 *   has not taken within `giveUpAfter`, becomes a dead letter, which is kept and can be shown.
 * - The messages of an incident come to a destination in order. Those of other incidents do not wait for them.
 * - A destination that is down delays no other.
 *
 * **Details**
 *
 * Threads, positions and dead letters are in a `KeyValueStore`. Keep both stores in one place.
 *
 * @since 0.1.0
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Destination } from "./Destination.ts"
import { Message } from "./Incident.ts"

/** A message that a destination did not take. */
export const DeadLetter = Schema.Struct({
  destination: Schema.String,
  message: Message,
  /** Why it was given up, such as `slack did not take message 1x-1 (status 404): the address does not exist.` */
  reason: Schema.String,
  /** When it was given up. */
  at: Message.fields.at
})

export interface DeadLetter extends Schema.Schema.Type<typeof DeadLetter> {}

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
   * Stores messages for every destination, or for those with these names. A message that is stored already is not stored again. Call
   * it before the state of the incidents is stored.
   */
  readonly enqueue: (
    messages: ReadonlyArray<Message>,
    to?: ReadonlyArray<string>
  ) => Effect.Effect<void, DeliveryStoreError>
  /** Sends what is stored and what will be, to all destinations at once, without end. */
  readonly run: Effect.Effect<never, DeliveryStoreError, HttpClient.HttpClient>
  /** Returns what was given up, for each destination in order. At most the last 1,000 of each. */
  readonly deadLetters: Effect.Effect<ReadonlyArray<DeadLetter>, DeliveryStoreError>
}

/** A message of the outbox, and the sequence of the message of its incident that goes before it. 0 if there is none. */
const Entry = Schema.Struct({ message: Message, after: Schema.Int })

/** How far a destination is with an incident. */
const Position = Schema.Struct({ done: Schema.Int, thread: Schema.optionalKey(Schema.String) })

const maxDeadLetters = 1000

/** Longer than this a destination may not ask to wait: it may be tried sooner. */
const longestWait = Duration.hours(1)

/** The attempts of a queue end by age, not by number. */
const maxAttempts = 2_147_483_647

const retrySchedule = Schedule.min([Schedule.exponential("5 seconds"), Schedule.spaced("5 minutes")])

/** The message before it is still on its way. */
class NotYet extends Schema.TaggedError<NotYet>("@coalesce-runs/alerts/NotYet")("NotYet", {}) {}

const outboxOf = Effect.fnUntraced(function*(destination: Destination, giveUpAfter: Duration.Duration) {
  const { name } = destination
  const keyValues = yield* KeyValueStore.KeyValueStore
  const queue = yield* PersistedQueue.make({ name: `alerts/${name}`, schema: Entry, maxAttempts, retrySchedule })
  const enqueued = KeyValueStore.toSchemaStore(keyValues, Schema.Array(Schema.Int))
  const positions = KeyValueStore.toSchemaStore(keyValues, Position)
  const letters = KeyValueStore.toSchemaStore(keyValues, Schema.Array(DeadLetter))
  const keyOf = (kind: string, incidentID: string) => `alerts/${name}/${kind}/${incidentID}`
  const deadKey = `alerts/${name}/dead`
  const orStoreError = Effect.mapError((cause: unknown) => new DeliveryStoreError({ destination: name, cause }))

  const offer = Effect.fnUntraced(function*(message: Message) {
    const key = keyOf("enqueued", message.incidentID)
    const before = Option.getOrElse(yield* enqueued.get(key), (): ReadonlyArray<number> => [])
    const after = Math.max(0, ...before.filter((sequence) => sequence < message.sequence))
    if (!before.includes(message.sequence)) yield* enqueued.set(key, [...before, message.sequence])
    yield* queue.offer({ message, after }, { id: message.id })
  }, orStoreError)

  const bury = Effect.fnUntraced(function*(message: Message, reason: string) {
    const before = Option.getOrElse(yield* letters.get(deadKey), (): ReadonlyArray<DeadLetter> => [])
    if (before.some((letter) => letter.message.id === message.id)) return
    const letter = { destination: name, message, reason, at: yield* DateTime.now }
    yield* letters.set(deadKey, [...before, letter].slice(-maxDeadLetters))
  }, orStoreError)

  /** Sends a message, and gives it up if that is of no use. Fails if it is to be tried again. */
  const attempt = Effect.fnUntraced(function*(message: Message, thread: string | undefined) {
    return yield* destination.send(message, thread).pipe(
      Effect.catchTag(
        "DeliveryFailed",
        Effect.fnUntraced(function*(error) {
          const isOld = DateTime.isLessThan(DateTime.addDuration(message.at, giveUpAfter), yield* DateTime.now)
          if (error.isRetryable && !isOld) {
            // It asks for all messages to wait, not only for this one.
            if (error.retryAfterMillis !== undefined) {
              yield* Effect.sleep(Duration.min(Duration.millis(error.retryAfterMillis), longestWait))
            }
            return yield* error
          }
          yield* bury(message, error.message)
          return thread
        })
      )
    )
  })

  const deliver = Effect.fnUntraced(function*({ after, message }: typeof Entry.Type) {
    const key = keyOf("position", message.incidentID)
    const { done, thread } = Option.getOrElse(yield* orStoreError(positions.get(key)), (): typeof Position.Type => ({
      done: 0
    }))
    if (done >= message.sequence) return
    if (done < after) return yield* new NotYet()
    const receipt = yield* attempt(message, thread)
    const position = { done: message.sequence, ...(receipt === undefined ? {} : { thread: receipt }) }
    yield* orStoreError(positions.set(key, position))
  })

  const run = queue.take(deliver).pipe(
    Effect.catchTag(
      "PersistedQueueError",
      (cause) => Effect.fail(new DeliveryStoreError({ destination: name, cause }))
    ),
    // The queue brings the message again, later.
    Effect.catchTag(["NotYet", "DeliveryFailed"], () => Effect.void),
    Effect.forever
  )
  return {
    name,
    offer,
    run,
    deadLetters: Effect.map(orStoreError(letters.get(deadKey)), Option.getOrElse((): ReadonlyArray<DeadLetter> => []))
  }
})

/** Makes an outbox over the stores in context. */
export const make = Effect.fnUntraced(function*(
  { destinations, giveUpAfter = "7 days" }: Options
): Effect.fn.Return<Delivery, never, KeyValueStore.KeyValueStore | PersistedQueue.PersistedQueueFactory> {
  const patience = Duration.fromInputUnsafe(giveUpAfter)
  const outboxes = yield* Effect.forEach(destinations, (destination) => outboxOf(destination, patience))
  return {
    enqueue: (messages, to) =>
      Effect.forEach(
        outboxes.filter(({ name }) => to === undefined || to.includes(name)),
        ({ offer }) => Effect.forEach(messages, offer, { discard: true }),
        { discard: true }
      ),
    run: Effect.andThen(
      Effect.forEach(outboxes, ({ run }) => run, { concurrency: "unbounded", discard: true }),
      Effect.never
    ),
    deadLetters: Effect.map(Effect.forEach(outboxes, ({ deadLetters }) => deadLetters), (all) => all.flat())
  }
})
