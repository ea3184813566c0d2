/**
 * What a failure message is about: its class, Snowflake's code and SQLSTATE where it has them, and a key under which
 * like messages meet.
 *
 * Messages are text from another system. What stands in them between quotes is data and never decides a class: a value
 * that reads "Division by zero" is still a value.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { CauseClass, meanings } from "./cause/causeClass.ts"
import { byCode, bySqlState, byText } from "./cause/classify.ts"
import { bareCode, codeOf, prefix } from "./cause/code.ts"
import { keyOf, oneLine } from "./cause/key.ts"
import { withoutQuoted } from "./cause/quoted.ts"
import { cut, masked } from "./wire/text.ts"

export { CauseClass } from "./cause/causeClass.ts"

/**
 * A message, classified.
 *
 * @category schemas
 * @since 0.1.0
 */
export const FailureCause = Schema.Struct({
  class: CauseClass,
  /** Snowflake's number of the message, six digits such as `000904`. */
  code: Schema.optionalKey(Schema.String),
  /** Five characters such as `42S02`. */
  sqlState: Schema.optionalKey(Schema.String),
  /** The message with names, numbers and values taken out: the same text for like messages. At most 200 characters. */
  key: Schema.String,
  /**
   * The message on one line without its code, at most {@link maxMessageLength} characters. Values of keys and passwords
   * in it are masked.
   */
  message: Schema.String,
  /** The line of the SQL that Snowflake points at, from 1. */
  line: Schema.optionalKey(Schema.Int),
  /** The position in that line, as Snowflake counts it. */
  position: Schema.optionalKey(Schema.Int)
})

/**
 * @category models
 * @since 0.1.0
 */
export interface FailureCause extends Schema.Schema.Type<typeof FailureCause> {}

/**
 * The most characters of a message that are kept.
 *
 * @category constants
 * @since 0.1.0
 */
export const maxMessageLength = 500

/**
 * What a class stands for, in a sentence without its full stop.
 *
 * @category getters
 * @since 0.1.0
 */
export const meaning = (causeClass: CauseClass): string => meanings[causeClass]

/**
 * Classifies a message. `detail` is what stands beside it, such as the `errorDetail` of a query, often the bare code.
 *
 * **Example** (Two messages with one cause)
 *
 * ```ts
 * import { FailureCause } from "@coalesce-runs/core"
 *
 * const first = FailureCause.classify("100038 (22018): Numeric value '3W' is not recognized")
 * const second = FailureCause.classify("Numeric value 'n/a' is not recognized")
 *
 * first.class // => "dataConversion"
 * first.code // => "100038"
 * first.key === second.key // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const classify = (message: string, detail?: string): FailureCause => {
  const text = message.slice(0, maxRead)
  const bare = withoutQuoted(text)
  const beside = detail === undefined ? "" : withoutQuoted(detail.slice(0, maxRead))
  const said = codeOf(bare) ?? codeOf(beside) ?? bareCode(beside)
  const place = /\bline\s+(\d{1,6})\s+at\s+position\s+(\d{1,6})/i.exec(bare)
  const key = keyOf(bare)
  // A message may quote the statement that it is about.
  const shown = oneLine(masked(message.slice(0, maxShown)))
  return {
    class: byText(bare) ?? byCode(said?.code) ?? bySqlState(said?.sqlState) ?? byText(beside) ?? "unknown",
    ...(said?.code === undefined ? {} : { code: said.code }),
    ...(said?.sqlState === undefined ? {} : { sqlState: said.sqlState }),
    key: key === "" ? said?.code ?? "" : key,
    message: cut(shown.replace(prefix, "").trim() || shown, maxMessageLength),
    ...(place === null ? {} : { line: Number(place[1]), position: Number(place[2]) })
  }
}

// What decides the class and the key stands at the beginning, before any statement that the message quotes.
const maxRead = 4000

const maxShown = 65_536
