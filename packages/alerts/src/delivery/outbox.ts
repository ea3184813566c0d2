/** Stores the messages for one destination, and sends them. */
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as PersistedQueue from "effect/persistence/PersistedQueue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { Destination } from "../Destination.ts"
import type { Message } from "../Incident.ts"
import { HasFailed } from "./hasFailed.ts"
import { DeadLetter, Entry, Position } from "./model.ts"

const maxDeadLetters = 1000

/** Longer than this a destination may not ask to wait: it may be tried sooner. */
const longestWait = Duration.hours(1)

/** The attempts of a queue end by age, not by number. */
const maxAttempts = 2_147_483_647

const longestDelay = Duration.minutes(5)
const retrySchedule = Schedule.min([Schedule.exponential("5 seconds"), Schedule.spaced(longestDelay)])

/** A queue that brings nothing for so long has nothing that is due. */
const idle = Duration.seconds(1)

/** So many messages in succession are sent to a destination that gives no response, before the others wait for the next time. */
const patienceOfSettle = 3

/** An incident that is over may come back for 6 hours. One that is not over has a message in this time. */
const keptAfterEnd = Duration.hours(12)
const keptOpen = Duration.days(90)

/**
 * How much longer than `giveUpAfter` a message waits, for each one before it. The queue brings what it still has every `longestDelay`, so that each was
 * taken or given up by then, the first of them first.
 */
const margin = Duration.hours(1)

/** The message before it is still on its way. */
class NotYet extends Schema.TaggedError<NotYet>("@coalesce-runs/alerts/NotYet")("NotYet", {}) {}

export const make = Effect.fnUntraced(function*(destination: Destination, giveUpAfter: Duration.Duration) {
  const { name } = destination
  const keyValues = yield* KeyValueStore.KeyValueStore
  const queueName = `alerts/${name}`
  const queue = yield* PersistedQueue.make({ name: queueName, schema: Entry, maxAttempts, retrySchedule })
  const hasFailed = yield* HasFailed
  const stored = KeyValueStore.toSchemaStore(keyValues, Schema.Array(Schema.Int))
  const positions = KeyValueStore.toSchemaStore(keyValues, Position)
  const letters = KeyValueStore.toSchemaStore(keyValues, DeadLetter)
  const prefixOf = (kind: "dead" | "position" | "stored") => `alerts/${name}/${kind}/`
  /** Until then the destination has asked to wait. */
  let pausedUntil: DateTime.Utc | undefined
  /** How many messages in succession it gave no response to. */
  let silent = 0

  const offer = Effect.fnUntraced(function*(message: Message) {
    const key = prefixOf("stored") + message.incidentID
    const before = Option.getOrElse(yield* stored.get(key), (): ReadonlyArray<number> => [])
    const after = Math.max(0, ...before.filter((sequence) => sequence < message.sequence))
    if (!before.includes(message.sequence)) yield* stored.set(key, [...before, message.sequence])
    yield* queue.offer({ message, after }, { id: message.id })
  })

  const deadKeys = Effect.map(keyValues.keys, (keys) => keys.filter((key) => key.startsWith(prefixOf("dead"))).sort())

  const bury = Effect.fnUntraced(function*(message: Message, reason: string) {
    const at = yield* DateTime.now
    yield* Effect.logError(`${reason} It is a dead letter now.`)
    const before = yield* deadKeys
    // The time stands in front, so that keys are in order.
    const key = `${prefixOf("dead")}${DateTime.formatIso(at)}/${message.id}`
    yield* letters.set(key, { destination: name, message, reason, at })
    // It was given up before, and sent again or not marked.
    const isSame = (other: string) => other.endsWith(`/${message.id}`)
    const others = before.filter((other) => !isSame(other))
    const oldest = others.slice(0, Math.max(0, others.length + 1 - maxDeadLetters))
    const removed = before.filter((other) => other !== key && isSame(other))
    for (const other of [...removed, ...oldest]) yield* letters.remove(other)
  })

  /** Sends a message, and gives it up if that is of no use. Fails if it is to be tried again. */
  const attempt = Effect.fnUntraced(function*(message: Message, thread: string | undefined, isNew: boolean) {
    return yield* destination.send(message, thread).pipe(
      Effect.catchTag(
        "DeliveryFailed",
        Effect.fnUntraced(function*(error) {
          const now = yield* DateTime.now
          const isOld = DateTime.isLessThan(DateTime.addDuration(message.at, giveUpAfter), now)
          if (error.isRetryable && (isNew || !isOld)) {
            silent = error.status === undefined ? silent + 1 : 0
            if (error.retryAfterMillis !== undefined) {
              const wait = Duration.min(Duration.millis(error.retryAfterMillis), longestWait)
              pausedUntil = DateTime.addDuration(now, wait)
            }
            return yield* error
          }
          yield* bury(message, error.message)
          return thread
        })
      )
    )
  })

  /**
   * Fails while a message before this one is on its way: it was neither taken nor given up, and the queue can bring it. If it was lost in another
   * way, as with a file that somebody removed, this waits until it would have been given up. That time is counted in attempts of this message: a
   * process that did not run has given no message its last attempt.
   */
  const waitForEarlier = Effect.fnUntraced(
    function*({ after, message }: typeof Entry.Type, done: number, attempts: number) {
      const before = Option.getOrElse(yield* stored.get(prefixOf("stored") + message.incidentID), () => [after])
      const ids = before.filter((sequence) => sequence > done && sequence <= after)
        .map((sequence) => `${message.incidentID}-${sequence}`)
      const earlier = yield* Effect.filter(ids, (id) => Effect.map(hasFailed(queueName, id), (failed) => !failed))
      if (earlier.length === 0) return
      const longest = Duration.sum(giveUpAfter, Duration.times(margin, earlier.length))
      if (Duration.isLessThan(Duration.times(longestDelay, attempts), longest)) return yield* new NotYet()
      yield* Effect.logError(
        `Message ${message.id} no longer waits for what is lost of its incident: ${earlier.join(", ")}.`
      )
    }
  )

  const deliver = Effect.fnUntraced(
    function*(entry: typeof Entry.Type, attempts: number) {
      const { again = false, message } = entry
      const key = prefixOf("position") + message.incidentID
      const position = Option.getOrUndefined(yield* positions.get(key))
      const done = position?.done ?? 0
      if (!again) {
        if (done >= message.sequence) return
        if (done < entry.after) yield* waitForEarlier(entry, done, attempts)
      }
      // A message that was given up by its age is tried once more before it is given up again.
      const receipt = yield* Effect.tapErrorTag(
        attempt(message, position?.thread, again && attempts === 1),
        "DeliveryFailed",
        (error) => attempts === 1 ? Effect.logWarning(`${error.message} It is tried again.`) : Effect.void
      )
      silent = 0
      yield* positions.set(key, {
        done: Math.max(done, message.sequence),
        at: yield* DateTime.now,
        isOver: position !== undefined && done > message.sequence ? position.isOver : message.status === "resolved",
        ...(receipt === undefined ? {} : { thread: receipt })
      })
    }
  )

  const take = (onStart: Effect.Effect<unknown>) =>
    queue.take((entry, { attempts }) => Effect.andThen(onStart, deliver(entry, attempts))).pipe(
      // The queue brings the message again, later.
      Effect.catchTag(["NotYet", "DeliveryFailed"], () => Effect.void)
    )

  const pause = Effect.map(DateTime.now, (now) =>
    pausedUntil !== undefined && DateTime.isGreaterThan(pausedUntil, now)
      ? DateTime.distance(now, pausedUntil)
      : Duration.zero)

  /**
   * Sends what is due, and ends where nothing is, the destination has asked to wait, or gives no response to several messages: each
   * of the others would wait as long for one.
   */
  const settle = Effect.gen(function*() {
    silent = 0
    while (silent < patienceOfSettle && Duration.isZero(yield* pause)) {
      const started = yield* Deferred.make<void>()
      const taking = yield* Effect.forkChild(take(Deferred.succeed(started, undefined)))
      const isDue = yield* Effect.raceFirst(
        Effect.as(Effect.raceFirst(Deferred.await(started), Fiber.await(taking)), true),
        Effect.as(Effect.sleep(idle), false)
      )
      if (!isDue) return yield* Fiber.interrupt(taking)
      yield* Fiber.join(taking)
    }
  })

  /** Forgets incidents that are over for long: nothing is said of them any more. */
  const forget = Effect.gen(function*() {
    const now = yield* DateTime.now
    const prefix = prefixOf("position")
    for (const key of (yield* keyValues.keys).filter((key) => key.startsWith(prefix))) {
      const position = Option.getOrUndefined(yield* positions.get(key))
      if (position === undefined) continue
      const storedKey = prefixOf("stored") + key.slice(prefix.length)
      const waiting = Option.getOrElse(yield* stored.get(storedKey), (): ReadonlyArray<number> => [])
      if (waiting.some((sequence) => sequence > position.done)) continue
      const until = DateTime.addDuration(position.at, position.isOver ? keptAfterEnd : keptOpen)
      if (DateTime.isGreaterThan(until, now)) continue
      yield* stored.remove(storedKey)
      yield* positions.remove(key)
    }
  })

  const readLetters = Effect.flatMap(deadKeys, (keys) => Effect.forEach(keys, letters.get)).pipe(
    Effect.map((all) => all.flatMap((letter) => Option.isSome(letter) ? [letter.value] : []))
  )

  const resend = Effect.gen(function*() {
    const keys = yield* deadKeys
    for (const key of keys) {
      const letter = Option.getOrUndefined(yield* letters.get(key))
      if (letter === undefined) continue
      // The key names this dead letter, so that it is stored once, however often this is called.
      yield* queue.offer({ message: letter.message, after: 0, again: true }, { id: key })
      yield* letters.remove(key)
    }
    return keys.length
  })

  return {
    name,
    offer,
    /** Sends what is there and what will be, and forgets what is over for long. */
    run: Effect.all([
      Effect.forever(Effect.andThen(Effect.flatMap(pause, Effect.sleep), take(Effect.void))),
      Effect.repeat(forget, Schedule.spaced("1 hour"))
    ], { concurrency: "unbounded", discard: true }),
    settle: Effect.andThen(forget, settle),
    deadLetters: readLetters,
    resend
  }
})
