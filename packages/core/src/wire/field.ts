/**
 * Schemas of the fields that the API's rows consist of, as lenient as real rows require: ids as numbers or numeric
 * strings, optional fields that are absent, `null` or `""`, times with or without milliseconds.
 *
 * Decoding is lenient. Encoding writes the one form that the documentation shows.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import { expectedTime, millisFromIso } from "./time.ts"

/** Makes a key optional: absent, `null`, `""` or in an odd form on the wire, and absent once decoded. */
export const optional = <S extends Schema.Top>(schema: S) =>
  Schema.optionalKey(Schema.Union([schema, Schema.Null, Schema.Literal("")])).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.toType(schema)), {
      decode: SchemaGetter.transformOptional((value: Option.Option<S["Type"] | null | "">) =>
        Option.filter(value, (value): value is S["Type"] => value !== null && value !== "")
      ),
      encode: SchemaGetter.passthrough({ strict: false })
    }),
    // An odd form never costs the row: the field is as good as absent.
    Schema.catchDecoding(() => Effect.succeedNone)
  )

/** Decodes an array without its items in an odd form. */
export const ItemsFromWire = <S extends Schema.Top>(item: S) =>
  Schema.Array(Schema.UndefinedOr(item).pipe(Schema.catchDecoding(() => Effect.succeedSome(undefined)))).pipe(
    Schema.decodeTo(Schema.Array(Schema.toType(item)), {
      decode: SchemaGetter.transform((items: ReadonlyArray<S["Type"] | undefined>) =>
        items.filter((item): item is S["Type"] => item !== undefined)
      ),
      encode: SchemaGetter.passthrough({ strict: false })
    })
  )

/** Matches a string that stands for an integer. */
export const integerString = /^-?\d{1,16}$/

const IntegerOnWire = Schema.Union([
  Schema.Int,
  Schema.String.check(Schema.isPattern(integerString, { expected: "an integer" }))
])

/** Decodes an integer from a number or a numeric string. Encodes to a number. */
export const IntFromWire = IntegerOnWire.pipe(
  Schema.decodeTo(Schema.Int, {
    decode: SchemaGetter.transform(Number),
    encode: SchemaGetter.passthrough({ strict: false })
  })
)

/** Decodes an integer likewise, where the documentation shows text. Encodes to a string. */
export const IntFromText = IntegerOnWire.pipe(
  Schema.decodeTo(Schema.Int, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.transform(String) })
)

/** Decodes text from a string, or from a number where it is an id. Encodes to a string. */
export const StringFromWire = Schema.Union([Schema.String, Schema.Int]).pipe(
  Schema.decodeTo(Schema.String, {
    decode: SchemaGetter.transform(String),
    encode: SchemaGetter.passthrough({ strict: false })
  })
)

// A guard instead of Schema.DateTimeUtc, which would bring its codecs of dates into every bundle. Generated times
// lie before the year 10000, which ISO 8601 cannot write.
const Utc = Schema.declare((value): value is DateTime.Utc => DateTime.isDateTime(value) && DateTime.isUtc(value), {
  expected: "DateTime.Utc",
  toCodecArbitrary: () =>
    Schema.link<DateTime.Utc>()(Schema.Int, {
      decode: SchemaGetter.transform((millis) => DateTime.makeUnsafe(Math.abs(millis) % 25e13)),
      encode: SchemaGetter.transform(DateTime.toEpochMillis)
    })
})

/** Decodes an ISO 8601 date-time with its offset, cut off at the millisecond. Encodes in UTC with milliseconds. */
export const TimeFromWire = Schema.String.pipe(
  Schema.decodeTo(Utc, {
    decode: SchemaGetter.transformEffect((text: string, options) => {
      const millis = millisFromIso(text)
      return Number.isNaN(millis)
        ? Effect.fail(
          new SchemaIssue.InvalidValue({ expected: expectedTime }, text, options)
        )
        : Effect.succeed(DateTime.makeUnsafe(millis))
    }),
    encode: SchemaGetter.transform(DateTime.formatIso)
  })
)
