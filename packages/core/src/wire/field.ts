/**
 * The fields that rows of this API are made of, with the leniency that real rows ask for: ids as numbers or numeric
 * strings, optional fields that are absent, `null` or `""`, times with or without milliseconds.
 *
 * Decoding is lenient, encoding is not: it gives the one form that the documentation shows.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"

/** A key that is absent, `null` or `""` on the wire, and simply absent once decoded. */
export const optional = <S extends Schema.Top>(schema: S) =>
  Schema.optionalKey(Schema.Union([schema, Schema.Null, Schema.Literal("")])).pipe(
    Schema.decodeTo(Schema.optionalKey(Schema.toType(schema)), {
      decode: SchemaGetter.transformOptional((value: Option.Option<S["Type"] | null | "">) =>
        Option.filter(value, (present): present is S["Type"] => present !== null && present !== "")
      ),
      encode: SchemaGetter.passthrough({ strict: false })
    })
  )

/** A string that stands for an integer, wherever the wire has one for the other. */
export const integerString = /^-?\d{1,16}$/

const IntegerOnWire = Schema.Union([
  Schema.Int,
  Schema.String.check(Schema.isPattern(integerString, { expected: "an integer" }))
])

/** An integer, sent as a number or as a numeric string. Encodes to a number. */
export const IntFromWire = IntegerOnWire.pipe(
  Schema.decodeTo(Schema.Int, {
    decode: SchemaGetter.transform(Number),
    encode: SchemaGetter.passthrough({ strict: false })
  })
)

/** The same where the documentation has it as text. Encodes to a string. */
export const IntFromText = IntegerOnWire.pipe(
  Schema.decodeTo(Schema.Int, { decode: SchemaGetter.transform(Number), encode: SchemaGetter.transform(String) })
)

/** Text, sent as a string or, where it is an id, as a number. Encodes to a string. */
export const StringFromWire = Schema.Union([Schema.String, Schema.Int]).pipe(
  Schema.decodeTo(Schema.String, {
    decode: SchemaGetter.transform(String),
    encode: SchemaGetter.passthrough({ strict: false })
  })
)

// An offset is required: a time without one would be read as UTC by some and as local by others.
const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** Epoch milliseconds of an ISO 8601 date-time with its offset; NaN where the text is none. */
export const millisFromIso = (text: string): number => isoTime.test(text) && isDay(text) ? Date.parse(text) : Number.NaN

// Date.parse takes 30 February for 2 March.
const isDay = (text: string): boolean =>
  Number(text.slice(8, 10)) <= lastDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)))

// Years come round every 400, and Date.UTC takes those before 100 for others.
const lastDay = (year: number, month: number): number => new Date(Date.UTC(2000 + year % 400, month, 0)).getUTCDate()

/** An ISO 8601 date-time with its offset. Finer than a millisecond is cut off; encodes in UTC with milliseconds. */
export const TimeFromWire = Schema.String.pipe(
  Schema.decodeTo(Schema.DateTimeUtc, {
    decode: SchemaGetter.transformEffect((text: string, options) => {
      const millis = millisFromIso(text)
      return Number.isNaN(millis)
        ? Effect.fail(
          new SchemaIssue.InvalidValue({ expected: "an ISO 8601 date-time with an offset" }, text, options)
        )
        : Effect.succeed(DateTime.makeUnsafe(millis))
    }),
    encode: SchemaGetter.transform(DateTime.formatIso)
  })
)
