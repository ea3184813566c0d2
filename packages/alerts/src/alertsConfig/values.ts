/** The kinds of values in the file. `expected` is what an error says of them. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Getter from "effect/SchemaGetter"
import * as Transformation from "effect/SchemaTransformation"

/** A check that JSON Schema has no words for. Without this it has no place for a description either. */
const toJsonSchema = () => ({})

const patterned = (pattern: RegExp, expected: string) =>
  Schema.String.annotate({ expected }).check(
    Schema.isPattern(pattern, { expected, toJsonSchema: () => ({ pattern: pattern.source }) })
  )

/** A short text on one line. */
export const text = patterned(/^[^\p{Cc}]{1,400}$/u, "a text of 1 to 400 characters on one line")

/** An id or a name. Digits alone are a number in YAML. */
export const id = Schema.Union([text, Schema.Int]).annotate({ expected: "an id or a name" }).pipe(
  Schema.decodeTo(
    Schema.String,
    Transformation.transform({ decode: String, encode: (value): string | number => value })
  )
)

/** One value or a list of them. */
export const oneOrMany = <S extends Schema.Top>(schema: S) =>
  Schema.Union([schema, Schema.NonEmptyArray(schema)]).annotate({ expected: "one value, or a list of values" })

const units = [["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60]] as const

/** Writes a duration in the largest unit of which it is a whole number: the file has no others. */
const inWords = (duration: Duration.Duration): string => {
  const seconds = Duration.toSeconds(duration)
  const [unit, length] = units.find(([, length]) => seconds % length === 0) ?? ["second", 1]
  return `${seconds / length} ${unit}s`
}

const durationOf = (pattern: RegExp) =>
  patterned(pattern, "a duration such as 30 seconds, 15 minutes or 6 hours").pipe(
    Schema.decodeTo(Schema.Duration, {
      decode: Transformation.durationFromString.decode,
      encode: Getter.transform(inWords)
    })
  )

/** A duration in words, which is not zero. */
export const duration = durationOf(/^[1-9]\d{0,5} (second|minute|hour|day|week)s?$/)

/** A duration in words. */
export const durationOrZero = durationOf(/^\d{1,6} (second|minute|hour|day|week)s?$/)

/** A time of day. */
export const timeOfDay = patterned(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of day such as 07:30")

/** A date, or a local time. */
export const dateOrTime = patterned(
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/,
  "a date such as 2026-12-24, or a time such as 2026-12-24T09:00"
).check(
  Schema.makeFilter((value) => Option.isSome(DateTime.make(value)), { expected: "a date that exists", toJsonSchema })
)

/** The name of a destination. */
export const destinationName = patterned(
  /^[A-Za-z0-9][\w-]{0,39}$/,
  "a name of at most 40 letters, digits, - and _"
)

/** A reference to a secret: the file itself has none. */
export const secret = patterned(
  /^\$\{[A-Za-z_]\w*\}$/,
  "the name of an environment variable, such as ${SLACK_WEBHOOK_URL}. A secret does not belong in this file"
)

const expectedZone = "the IANA name of a time zone such as Europe/London, or UTC"

/** A zone of the IANA, or UTC. */
export const timeZone = Schema.String.annotate({ expected: expectedZone }).check(
  Schema.makeFilter((value) => Option.isSome(DateTime.zoneMakeNamed(value)), { expected: expectedZone, toJsonSchema })
)
