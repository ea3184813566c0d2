/** Leaves out of facts what may not leave the account: SQL, values of rows, and names of users. */
import * as FailureCause from "@coalesce-runs/core/FailureCause"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

interface Fields {
  readonly [x: PropertyKey]: unknown
}

/** Whether what a cause is about is a user: `user … is disabled`. */
const isOfUser = ({ key }: Fields): boolean => Predicate.isString(key) && /^[^…]*\busers? …/i.test(key)

/** Says a cause without the values in its message: `key` has none. */
const messageOf = (cause: Fields): unknown => {
  const { key, object } = cause
  return Predicate.isString(key) && Predicate.isString(object) && !isOfUser(cause) ? `${key} (${object})` : key
}

const isCause = ({ class: causeClass, key, message }: Fields): boolean =>
  Predicate.isString(causeClass) && Predicate.isString(key) && Predicate.isString(message)

/** A test's message has values, and a cause classified from it would be the same text again. */
const isTest = ({ node, part }: Fields): boolean => Predicate.isString(node) && part === undefined

/** The changes of parameters and of the sign-in. */
const isChange = ({ name }: Fields): boolean => Predicate.isString(name)

/** Returns the entry in short, or nothing to leave it out. */
const entryOf = (owner: Fields, key: string, value: unknown): unknown => {
  if (key === "objects" && isOfUser(owner)) return { listed: [], more: 0 }
  if (!Predicate.isString(value)) return key === "otherMessages" ? [] : briefly(value)
  switch (key) {
    case "sql":
    case "errorString":
      return undefined
    case "runFailureReason": {
      const cause = FailureCause.classify(value)
      return cause === undefined ? value : messageOf({ ...cause })
    }
    case "object":
      return isOfUser(owner) ? undefined : value
    case "message":
      return isCause(owner) ? messageOf(owner) : isTest(owner) ? undefined : value
    case "before":
    case "after":
      return isChange(owner) ? "***" : value
    default:
      return value
  }
}

const briefly = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(briefly)
    : Predicate.isObject(value)
    ? Object.fromEntries(
      Object.entries(value).flatMap(([key, entry]) => {
        const short = entryOf(value, key, entry)
        return short === undefined ? [] : [[key, short]]
      })
    )
    : value

/** Returns a function that leaves such texts out of facts of a schema. */
export const brief = <A, I>(schema: Schema.Codec<A, I>): (facts: A) => A => {
  const encode = Schema.encodeSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return (facts) => decode(briefly(encode(facts)))
}
