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
import { masked } from "./wire/text.ts"

const meanings = {
  missingObjectOrGrant: "An object does not exist, or the role has no grant on it: Snowflake does not say which",
  invalidIdentifier: "A column or another name in the SQL is not known, or is ambiguous",
  syntax: "The SQL cannot be parsed",
  compilation: "The SQL cannot be compiled, for another reason than those that have a class of their own",
  privilege: "The role lacks a privilege",
  dataConversion: "A value cannot be read as the type that is wanted",
  constraint: "A value breaks a constraint, such as a NULL in a column that takes none",
  duplicateRow: "More than one row where one is allowed",
  truncation: "A value is longer than its column",
  divisionByZero: "A division by zero",
  warehouseOrQuota: "There is no warehouse to run on: none selected, suspended, or its quota is used up",
  timeout: "The statement took longer than it may",
  canceled: "The statement was canceled",
  lock: "Another transaction holds a lock",
  authenticationOrNetwork: "The sign-in to Snowflake failed, or a network policy refused the address",
  userCode: "The code of a procedure or function raised an error",
  internal: "An internal error of Snowflake",
  unknown: "The message belongs to no class that is known"
} as const

/**
 * The classes of cause.
 *
 * **Details**
 *
 * `missingObjectOrGrant` is one class, because Snowflake's "does not exist or not authorized" does not say which of the
 * two it is.
 *
 * @category schemas
 * @since 0.1.0
 */
export const CauseClass = Schema.Literals(Object.keys(meanings) as ReadonlyArray<keyof typeof meanings>)

/**
 * @category models
 * @since 0.1.0
 */
export type CauseClass = keyof typeof meanings

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
  const shown = oneLine(masked(text))
  return {
    class: byText(bare) ?? byCode(said?.code) ?? bySqlState(said?.sqlState) ?? byText(beside) ?? "unknown",
    ...(said?.code === undefined ? {} : { code: said.code }),
    ...(said?.sqlState === undefined ? {} : { sqlState: said.sqlState }),
    key: key === "" ? said?.code ?? "" : key,
    message: bounded(shown.replace(prefix, "").trim() || shown, maxMessageLength),
    ...(place === null ? {} : { line: Number(place[1]), position: Number(place[2]) })
  }
}

// A message that holds a whole statement says what it has to say long before this.
const maxRead = 4000

const maxKeyLength = 200

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim()

const bounded = (text: string, length: number): string => text.length <= length ? text : `${text.slice(0, length - 1)}…`

// `001003 (42000): 01b2…-…: SQL compilation error`: some drivers put the query's id between the code and the message.
const prefix =
  /^(?:\d{6}\b\s*(?:\((?:[0-9A-Z]{5}|n\/a|None)\))?|\([0-9A-Z]{5}\))\s*(?::\s*(?:None\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*)?[:.]?\s*/i

interface Code {
  readonly code?: string
  readonly sqlState?: string
}

// A driver or a procedure puts its own code before that of what it called: the last one is the cause.
const codeOf = (bare: string): Code | undefined => {
  const both = [...bare.matchAll(/(?<![\w.-])(\d{6})\s*\(([0-9A-Z]{5})\)/g)].at(-1)
  if (both !== undefined) return { code: both[1] ?? "", sqlState: both[2] ?? "" }
  const first = /^\s*(\d{6})\b(?!-)/.exec(bare)
  return first === null ? undefined : { code: first[1] ?? "" }
}

/** A detail that is nothing but a code, maybe without its leading zeros. */
const bareCode = (detail: string): Code | undefined => {
  const match = /^\s*(\d{3,6})\s*$/.exec(detail)
  return match === null ? undefined : { code: (match[1] ?? "").padStart(6, "0") }
}

/**
 * The text with what stands between quotes replaced, in time linear to its length. A quote opens before a word and
 * closes behind one, so that neither `can't` nor `'O'Brien'` is misread.
 */
const withoutQuoted = (text: string): string => {
  const unclosed = new Set<string>()
  let out = ""
  let at = 0
  while (at < text.length) {
    const char = text[at] ?? ""
    const opens = (char === "'" || char === "\"" || char === "`") && !unclosed.has(char) &&
      !/\w/.test(text[at - 1] ?? " ")
    const end = opens ? closing(text, at + 1, char) : -1
    if (end !== -1) {
      out += "'…'"
      at = end + 1
    } else {
      if (opens) unclosed.add(char)
      out += char
      at++
    }
  }
  return out
}

const closing = (text: string, from: number, quote: string): number => {
  let end = text.indexOf(quote, from)
  while (end !== -1 && /\w/.test(text[end + 1] ?? " ")) end = text.indexOf(quote, end + 1)
  return end
}

// A run's reason names the node before the message, and counts the others behind it: neither is the cause.
const beforeCode = /^.*(?=\b\d{6}\s*\([0-9A-Z]{5}\)\s*:)|^[\w$.]+:\s*(?=\d{6}\b)/
const othersToo = /\s*\b\d+ (?:more|other) nodes? failed\.?\s*$/i

const nouns =
  "table|view|schema|database|warehouse|role|user|column|object|stage|function|procedure|integration|monitor|task|stream"

// From the text whose quoted values are out already. The order matters: a name may hold digits.
const keyOf = (bare: string): string =>
  bounded(
    oneLine(bare)
      .replace(beforeCode, "")
      .replace(prefix, "")
      .replace(othersToo, "")
      .replace(/\[[^\]]*\]/g, "[…]")
      .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "…")
      .replace(/'…'(?:\.'…'|\.[\w$]+)*/g, "…")
      .replace(/(?<![\w.])[A-Za-z_][\w$]*(?:\.[A-Za-z_…][\w$]*)+/g, "…")
      .replace(/\b[A-Z$]*(?:_[A-Z0-9_$]*|[0-9][A-Z0-9_$]*)(?![\w$])/g, (name) => /^\d+$/.test(name) ? name : "…")
      .replace(new RegExp(`\\b(${nouns})\\s+(?!SQL\\b)[A-Z][A-Z0-9_$]+\\b`, "gi"), nounWithoutName)
      .replace(/[-+]?\d[\d.,:/-]*(?:[eE][-+]?\d+)?/g, "#")
      .replace(/[\s.:;,]+$/, "")
      .toLowerCase(),
    maxKeyLength
  )

// A name is written in capitals here: "table ORDERS" has one, "table was" has none.
const nounWithoutName = (text: string, noun: string): string => {
  const name = text.slice(noun.length).trim()
  return name === name.toUpperCase() ? `${noun} …` : text
}

// From the more specific to the less: a lock that timed out is a lock, a time-out that canceled is a time-out.
const texts: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /does not exist or (?:is )?not authorized|\b(?:does not exist|is missing) or (?:is )?not accessible/i,
    "missingObjectOrGrant"
  ],
  [
    /insufficient privileges|has no privileges|access control error|not authorized to (?:perform|execute)|must have the .*privilege/i,
    "privilege"
  ],
  [
    /\bunknown (?:user-defined )?(?:table )?function\b|does not have a current (?:database|schema)|remote file .*was not found/i,
    "missingObjectOrGrant"
  ],
  [/\binvalid identifier\b|\bambiguous column\b/i, "invalidIdentifier"],
  [/\bsyntax error\b|\bparse error line\b/i, "syntax"],
  [/\bdivision by zero\b/i, "divisionByZero"],
  [/\bduplicate row detected\b|single-row subquery returns more than one row/i, "duplicateRow"],
  [/would be truncated|length limit .*exceeded by string/i, "truncation"],
  [
    /null result in a non-nullable column|\bconstraint\b.*\bviolat|\bviolat\w*\b.*\bconstraint\b|primary key already exists|cannot be null\b/i,
    "constraint"
  ],
  [
    /\bis not recognized\b|failed to cast|\bcan(?:not|'t| not) (?:parse|convert|cast)\b|error parsing (?:json|xml)|out of (?:representable )?range|does not match column data type|invalid argument types? for function|invalid type .*for parameter|invalid utf-?8/i,
    "dataConversion"
  ],
  [
    /(?:jwt|oauth|id|access|authentication|session) token (?:is |has )?(?:invalid|expired)|invalid (?:oauth|jwt)|incorrect username or password|is not allowed to access snowflake|network policy|not granted to this user|multi-factor authentication|temporarily locked|failed to (?:connect|authenticate)|could not connect to snowflake|session no longer exists|must authenticate again|private key|(?:password|credentials?) (?:has |have |is |are )?expired|\buser (?:access|account|login)?\s?(?:is |has been )?disabled\b/i,
    "authenticationOrNetwork"
  ],
  [
    /\bresource monitor\b|no active warehouse|warehouse .*(?:cannot be resumed|suspended)|exceeded its quota|trial has ended/i,
    "warehouseOrQuota"
  ],
  [
    /\bhas locked\b|\bdeadlock\b|\block\b.*(?:not yet been released|time-?d? ?out|waiters)|waiters for this lock/i,
    "lock"
  ],
  [/\btime(?:d)?[ -]?out\b/i, "timeout"],
  [/\bcancell?ed\b|\bwas aborted\b/i, "canceled"],
  [/\binternal error\b|processing aborted by error|\bincident\b/i, "internal"],
  [
    /execution error in stored? procedure|uncaught exception|(?:javascript|python|java|scala) (?:execution|interpreter) error|in function .* with handler/i,
    "userCode"
  ],
  [/does not exist\b/i, "missingObjectOrGrant"],
  [/sql compilation error|unsupported feature|does not match column list|already exists/i, "compilation"]
]

const byText = (bare: string): CauseClass | undefined => {
  const text = oneLine(bare)
  return texts.find(([pattern]) => pattern.test(text))?.[1]
}

const codes: Readonly<Record<string, CauseClass>> = {
  "000603": "internal",
  "000604": "canceled",
  "000606": "warehouseOrQuota",
  "000625": "lock",
  "000630": "timeout",
  "000904": "invalidIdentifier",
  "001003": "syntax",
  "001007": "dataConversion",
  "001044": "dataConversion",
  "001065": "dataConversion",
  "002003": "missingObjectOrGrant",
  "002023": "dataConversion",
  "002028": "invalidIdentifier",
  "002043": "missingObjectOrGrant",
  "002140": "missingObjectOrGrant",
  "002141": "missingObjectOrGrant",
  "003001": "privilege",
  "003041": "privilege",
  "090073": "warehouseOrQuota",
  "090105": "missingObjectOrGrant",
  "090150": "duplicateRow",
  "100035": "dataConversion",
  "100037": "dataConversion",
  "100038": "dataConversion",
  "100039": "dataConversion",
  "100040": "dataConversion",
  "100046": "dataConversion",
  "100051": "divisionByZero",
  "100069": "dataConversion",
  "100071": "dataConversion",
  "100072": "constraint",
  "100078": "truncation",
  "100090": "duplicateRow",
  "100096": "dataConversion",
  "250001": "authenticationOrNetwork"
}

const byCode = (code: string | undefined): CauseClass | undefined =>
  code === undefined
    ? undefined
    : codes[code] ??
      (/^39[04]/.test(code) ? "authenticationOrNetwork" : code.startsWith("3000") ? "internal" : undefined)

const sqlStates: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [/^42S02$/, "missingObjectOrGrant"],
  [/^42501$/, "privilege"],
  [/^42(?:000|601)$/, "compilation"],
  [/^42P18$/, "duplicateRow"],
  [/^22012$/, "divisionByZero"],
  [/^22001$/, "truncation"],
  [/^22(?:003|007|018|P02)$/, "dataConversion"],
  [/^23/, "constraint"],
  [/^57014$/, "canceled"],
  [/^57P03$/, "warehouseOrQuota"],
  [/^(?:08|28)/, "authenticationOrNetwork"],
  [/^P0/, "userCode"],
  [/^XX/, "internal"]
]

const bySqlState = (sqlState: string | undefined): CauseClass | undefined =>
  sqlState === undefined ? undefined : sqlStates.find(([pattern]) => pattern.test(sqlState))?.[1]
