import type * as DateTime from "effect/DateTime"
import type { RunId } from "../Run.ts"
import { integerString } from "../wire/field.ts"
import { millisFromWire, utcFromMillis } from "../wire/time.ts"

export type JsonObject = { readonly [key: string]: unknown }

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads fields, and counts those in an odd form. They read as `undefined`, like absent ones, `null` and `""`. */
export class FieldReader {
  dropped = 0

  private nothing(value: unknown): undefined {
    if (value !== undefined && value !== null && value !== "") this.dropped++
  }

  text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : this.nothing(value)
  }

  boolean(value: unknown): boolean | undefined {
    return typeof value === "boolean" ? value : this.nothing(value)
  }

  /** Text that may come as a number: `StringFromWire`. */
  textOrNumber(value: unknown): string | undefined {
    return Number.isSafeInteger(value) ? String(value) : this.text(value)
  }

  /** `IntFromWire`. */
  integer(value: unknown): number | undefined {
    const integer = typeof value === "string" && integerString.test(value) ? Number(value) : value
    return typeof integer === "number" && Number.isSafeInteger(integer) ? integer : this.nothing(value)
  }

  runId(value: unknown): RunId | undefined {
    // The brand adds no check to the integer.
    return this.integer(value) as RunId | undefined
  }

  time(value: unknown): DateTime.Utc | undefined {
    if (typeof value !== "string") return this.nothing(value)
    const millis = millisFromWire(value)
    return Number.isNaN(millis) ? this.nothing(value) : utcFromMillis(millis)
  }

  object(value: unknown): JsonObject | undefined {
    return isJsonObject(value) ? value : this.nothing(value)
  }

  array<A>(value: unknown, read: (reader: FieldReader, item: unknown) => A | undefined): Array<A> | undefined {
    if (!Array.isArray(value)) return this.nothing(value)
    const items: Array<A> = []
    for (let index = 0; index < value.length; index++) {
      const item = read(this, value[index])
      if (item !== undefined) items.push(item)
    }
    return items
  }
}
