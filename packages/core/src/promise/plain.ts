/**
 * Turns values of the library into what a program without Effect works with, and back: a `Date` for each time, milliseconds
 * for each duration, a string for each checkpoint.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { AnyRun } from "../Run.ts"
import type * as RunsError from "../RunsError.ts"
import { type Checkpoint, encodeCheckpoint, type Event } from "../RunWatch.ts"

/**
 * A type of the library without Effect. Times and durations are known by what they hold, so that the declarations of this
 * entry point import nothing of Effect.
 */
export type Plain<T> = unknown extends T ? T
  : T extends string | boolean | bigint | symbol | null | undefined | Date ? T
  // The id of a run is a number with a brand, which is an object to the compiler.
  : T extends number ? (T extends object ? number : T)
  : T extends (...args: never) => unknown ? T
  : T extends RunsError.RunsError ? PlainError<T>
  : T extends Checkpoint ? string
  : T extends { readonly epochMilliseconds: number } ? Date
  : T extends { readonly value: { readonly _tag: "Millis" | "Nanos" | "Infinity" | "NegativeInfinity" } } ? number
  : { readonly [K in keyof T]: Plain<T[K]> }

/** What an error is to Effect alone, or has as a duration of Effect. */
type HiddenFields = symbol | keyof Error | `~${string}` | "asEffect" | "pipe" | "toString" | "retryAfter" | "timeout"

/** An error of the library, as one of its own class shows itself to a program without Effect. */
export type PlainError<E extends RunsError.RunsError> = E extends unknown
  ? Error & { readonly [K in keyof E as K extends HiddenFields ? never : K]: Plain<E[K]> }
  : never

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const mapValues = (value: object, change: (value: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]))

const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(plain)
    : DateTime.isDateTime(value)
    ? DateTime.toDateUtc(value)
    : Duration.isDuration(value)
    ? Duration.toMillis(value)
    : isRecord(value)
    ? mapValues(value, plain)
    : value

/** Returns a value of the library without Effect. An error stays what it is. */
export function toPlain<T>(value: T): Plain<T>
export function toPlain(value: unknown): unknown {
  return plain(value)
}

/** Returns an event of a watch without Effect. Its checkpoint is made when it is read, as that of the library is. */
export function toPlainEvent<A extends AnyRun>(event: Event<A>): Plain<Event<A>>
export function toPlainEvent(event: Event<AnyRun>): unknown {
  const keys = Object.keys(event).filter((key) => key !== "checkpoint")
  const fields = Object.fromEntries(keys.map((key) => [key, plain(Reflect.get(event, key))]))
  const get = () => event.checkpoint === undefined ? undefined : encodeCheckpoint(event.checkpoint)
  return "checkpoint" in event ? Object.defineProperty(fields, "checkpoint", { enumerable: true, get }) : fields
}

// An invalid date is left for the library to refuse.
const time = (value: unknown): unknown =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? DateTime.fromDateUnsafe(value) : value

/** Returns a window, or what selects one, with a time of the library for each `Date`. What is wrong with it stays. */
export function fromPlain<T>(window: Plain<T>): T
export function fromPlain(window: unknown): unknown {
  return isRecord(window) ? mapValues(window, time) : window
}
