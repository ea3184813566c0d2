/**
 * What a failure message is about: its class, the platform's code and SQLSTATE where it has them, a key under which
 * messages of one kind meet, and the object that it is about.
 *
 * Messages are text from another system. What stands in them between quotes is data and never decides a class: a value
 * that reads "Division by zero" is still a value.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { CauseClass, meanings } from "./cause/causeClass.ts"
import { byNumbers, byWords } from "./cause/classOf.ts"
import { bareCode, codeOf, namedSqlState } from "./cause/code.ts"
import { type Condition, conditionOf } from "./cause/databricks.ts"
import { byFabricNumber, fabricNumber } from "./cause/fabric.ts"
import { boundedKey, keyOf, oneLine } from "./cause/key.ts"
import { namesNoCause, nodeIDsIn, withoutFrame } from "./cause/noCause.ts"
import { objectOf } from "./cause/object.ts"
import { withoutQuoted } from "./cause/quoted.ts"
import { readText } from "./cause/readText.ts"
import { unwrap, type Unwrapped } from "./cause/unwrap.ts"
import { cut, maskSecrets } from "./wire/text.ts"

export { CauseClass } from "./cause/causeClass.ts"

/** A message, classified. */
export const FailureCause = Schema.Struct({
  class: CauseClass,
  /**
   * What the platform calls the error: Snowflake's six digits such as `000904`, Databricks' error condition such as
   * `TABLE_OR_VIEW_NOT_FOUND`, Fabric's number such as `208`.
   */
  code: Schema.optionalKey(Schema.String),
  /** Five characters such as `42S02`. */
  sqlState: Schema.optionalKey(Schema.String),
  /**
   * The kind of error: the words of the cause without names, numbers and values, and without the tools that carried it.
   * The same text for every message of the kind, of any object. At most 200 characters.
   */
  key: Schema.String,
  /**
   * The object that the cause is about, such as a table, a column, a function or a warehouse, in one form for equal
   * objects. Absent where the message names none. At most 200 characters.
   */
  object: Schema.optionalKey(Schema.String),
  /**
   * The cause on one line without its code, with the place in the user's own code in parentheses where a stack trace
   * names it. At most {@link maxMessageLength} characters. Values of keys and passwords in it are masked.
   */
  message: Schema.String,
  /** The line of the SQL that the message points at, from 1. */
  line: Schema.optionalKey(Schema.Int),
  /** The position in that line, as the platform counts it. */
  position: Schema.optionalKey(Schema.Int)
})

export interface FailureCause extends Schema.Schema.Type<typeof FailureCause> {}

/** The most characters of `message`. */
export const maxMessageLength = 500

/** Returns what a class stands for, in a sentence without its full stop. */
export const meaning = (causeClass: CauseClass): string => meanings[causeClass]

/** Returns whether two failures have one cause: the same kind of error on the same object. */
export const isSameCause = (a: FailureCause, b: FailureCause): boolean => isSameKind(a, b) && a.object === b.object

/**
 * Returns whether two failures are of the same kind, on whatever object. Of two that are not of one cause it says "the
 * same kind of error on another object".
 */
export const isSameKind = (a: FailureCause, b: FailureCause): boolean => a.key === b.key

/**
 * Returns the ids of the nodes that a `runFailureReason` names: those that failed and those that were skipped. Both are
 * empty where it names none.
 *
 * **Example** (A reason that names nodes, and no cause)
 *
 * ```ts
 * import { FailureCause } from "@coalesce-runs/core"
 *
 * const reason = "GraphExecutor halted and finished; encountered failures for node: [12]; no nodes skipped"
 *
 * FailureCause.nodeIDs(reason).failed // => ["12"]
 * FailureCause.classify(reason) // => undefined
 * ```
 */
export const nodeIDs = (
  runFailureReason: string
): { readonly failed: ReadonlyArray<string>; readonly skipped: ReadonlyArray<string> } =>
  nodeIDsIn(readText(runFailureReason))

interface Found {
  readonly unwrapped: Unwrapped
  readonly bare: string
  readonly condition: Condition | undefined
  readonly class: CauseClass | undefined
}

const find = (text: string): Found => {
  const unwrapped = unwrap(text)
  const bare = withoutQuoted(unwrapped.text)
  const condition = conditionOf(unwrapped.text)
  return { unwrapped, bare, condition, class: condition?.class ?? byWords(bare) }
}

/**
 * Classifies a message. `detail` is what stands beside it, such as the `errorDetail` of a query: often the bare code, and
 * read as the message where the message says nothing.
 *
 * Returns undefined where the text names no cause: where it is empty, or says that something failed and not why, as
 * `GraphExecutor halted and finished; encountered failures for node: […]` and "3 nodes failed" do. Two such texts have
 * nothing in common; {@link nodeIDs} returns the nodes that they name.
 *
 * The whole message is read, of one beyond 65,536 characters both ends. Logs, tools, drivers, stack traces and JSON around
 * the cause are taken off.
 *
 * **Example** (Two messages with one cause)
 *
 * ```ts
 * import { FailureCause } from "@coalesce-runs/core"
 *
 * const first = FailureCause.classify("100038 (22018): Numeric value '3W' is not recognized")
 * const second = FailureCause.classify("Numeric value 'n/a' is not recognized")
 *
 * first?.class // => "dataConversion"
 * first?.code // => "100038"
 * first?.key === second?.key // => true
 * ```
 */
export const classify = (message: string, detail?: string): FailureCause | undefined => {
  const main = withoutFrame(readText(message)).trim()
  const beside = detail === undefined ? "" : withoutFrame(readText(detail)).trim()
  const besideCode = bareCode(beside)
  const besideTells = besideCode === undefined && !namesNoCause(beside)
  if (namesNoCause(main)) {
    return besideTells ? classified(beside, "", undefined) : codeAlone(main, besideCode?.code)
  }
  const cause = classified(main, beside, besideCode?.code)
  // A general sentence, with the cause in the detail.
  if (cause.class !== "unknown" || !besideTells) return cause
  const other = classified(beside, "", undefined)
  return other.class === "unknown" ? cause : other
}

const nodeBefore = /^[\w$.]{1,256}: \d{6}\b/

/** The words of a message behind a general condition tell its causes apart. */
const conditionKey = ({ isSpecific, label, name }: Condition, text: string): string =>
  isSpecific ? name.toLowerCase() : keyOf(text, `${name.toLowerCase()}: `, label)

const codeAlone = (main: string, code: string | undefined): FailureCause | undefined =>
  code === undefined
    ? undefined
    : { class: byNumbers(code, undefined) ?? "unknown", code, key: code, message: oneLine(main) }

const classified = (text: string, beside: string, besideCode: string | undefined): FailureCause => {
  const whole = withoutQuoted(text)
  const { bare, class: found, condition, unwrapped } = find(text)
  const numbers = codeOf(whole) ?? (beside === "" ? undefined : codeOf(withoutQuoted(beside)))
  const number = fabricNumber(text)
  const code = condition?.name ?? numbers?.code ?? besideCode ?? number
  const sqlState = numbers?.sqlState ?? namedSqlState(whole)
  const place = /\bline\s+(\d{1,6})\s+at\s+position\s+(\d{1,6})/i.exec(bare) ??
    /\bline (\d{1,6}),? pos(?:ition)? (\d{1,6})/i.exec(bare) ?? / at \[(\d{1,6}):(\d{1,6})\]/.exec(bare)
  const causeClass = found ?? byNumbers(numbers?.code ?? besideCode, sqlState) ??
    (number === undefined ? undefined : byFabricNumber(number)) ?? (unwrapped.isRaised ? "userCode" : undefined) ??
    (beside === "" ? undefined : byWords(withoutQuoted(beside))) ?? "unknown"
  const key = condition === undefined ? keyOf(unwrapped.text) : conditionKey(condition, unwrapped.text)
  const object = objectOf(unwrapped.text, causeClass)
  const frame = unwrapped.frame === undefined ? "" : ` (at ${unwrapped.frame})`
  // A run's reason that names the node before the message is shown whole. A message may quote the statement that it is
  // about.
  const shown = oneLine(maskSecrets(frame === "" && nodeBefore.test(text) ? text : unwrapped.text))
  return {
    class: causeClass,
    ...(code === undefined ? {} : { code }),
    ...(sqlState === undefined ? {} : { sqlState }),
    key: /\p{L}/u.test(key) ? key : code ?? boundedKey(oneLine(text)),
    ...(object === undefined ? {} : { object }),
    message: cut(`${shown}${frame}`, maxMessageLength),
    ...(place === null ? {} : { line: Number(place[1]), position: Number(place[2]) })
  }
}
