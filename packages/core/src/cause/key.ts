/** The key under which like messages meet: the words of a cause, without names, numbers and values. */
import { replaceQuoted } from "./quoted.ts"

const mask = "…"
const maxKeyLength = 200
const hashLength = 11

/** Returns the text with its blanks and line breaks as single blanks. */
export const oneLine = (text: string): string =>
  /\s\s|[^\S ]/.test(text) ? text.replace(/\s+/g, " ").trim() : text.trim()

/** What every SQL error may carry in front: the same cause comes with and without it. */
const wrappers =
  /\bSQL (?:compilation|execution|access control) error:?\s{0,5}|(?<!(?:syntax|parse) )\berror line \d{1,9} at position \d{1,9}\s{0,5}:?\s{0,5}/gi

/** What follows a cause as advice, or tells where in a file it arose. */
const advice: ReadonlyArray<RegExp> = [
  /\s?\bRow Values: ?\[.*$/i,
  /,? ?\bFile ['"…][^,]{0,500}, line \d{1,9}, character \d{1,9}\b.*$/i,
  /\s?\bIf you would like to continue loading when an error is encountered\b.*$/i,
  /[;.,]? ?\bDid you mean [^?]{0,500}\?(?: \[[^\]]{0,2000}\])?/gi,
  /\s?\b(?:please (?:see|visit|refer to)|for more (?:information|details),?(?: (?:see|visit|refer to))?) ['"]?https?:\S+.*$/i,
  /\s?\bSQLSTATE: ?[0-9A-Z]{5}\b.*$/,
  / ?\(Status Code: [^)]{0,300}\)/gi,
  /(?<=\S)[.;] (?:Please|Contact|Add billing|Select an active|If this is unexpected|Try again|See your account|Verify the|Check the|For more information|Consider)\b.*$/,
  / in [\w$.]{1,256} at '.{0,2000}' position \d{1,9}.*$/,
  / ?\bat \[\d{1,9}:\d{1,9}\]/g
]

const nouns =
  "table|view|schema|database|warehouse|role|user|column|object|stage|function|procedure|integration|monitor|task|stream|account|dataset|catalog|volume|share|policy|sequence|pipe|project|bucket|container|field|constraint|relation|alias|model|node|file|parameter|variable|key|cluster|endpoint|host|principal|group|engine|location"

/** Words in which a number or a name is an error's own name. */
const ownName =
  /ERROR|DENIED|EXHAUSTED|INVALID|NOT_FOUND|FAILED|EXCEPTION|EXCEEDED|TIMEOUT|UNAVAILABLE|UNAUTH|UNSUPPORTED|VIOLAT|MISMATCH|CONFLICT|EXPIRED|CANCEL|ABORT|PRECONDITION|OUT_OF|REFUSED/

/** A quotation that may be a cause: words, behind what introduces one. */
const introduces =
  /(?:\b(?:cause|causes|caused by|reason|error|message|because|said|says|exception|detail|details|failed|failure|status)|[A-Z]\w{0,60}(?:Error|Exception)) ?[:=]? ?$/i
const words = /^\W{0,3}[\p{L}][\p{L}'’-]*[,:;]?(?: [\p{L}\d'’(<#-]+[\p{L}\d'’).,:;-]*){2,}/u

const quotes = /'[^']*'|"[^"]*"|`[^`]*`/

/** A mask for a name. What stands between quotes is a name or a value, unless it is a sentence that tells the cause. */
const unquoted = (text: string, isData: boolean): string =>
  replaceQuoted(text, (inside, before) => {
    const tells = !isData && introduces.test(before.slice(-80)) && words.test(inside)
    return tells ? unquoted(inside.replace(quotes, mask), true) : mask
  })

/** The type of an exception that a procedure raises is what it says, and no name of an object. */
const raised = /\bexception of type '([\w$]{1,128})'(?: in file \S{1,200})?(?: on line \d{1,9} at position \d{1,9})?/gi
const typeRaised = (_: string, type: string): string => `exception of type ${type.toLowerCase()}`

/** What stands in brackets is a sentence, or what is said to be the cause; otherwise a list of values. */
const bracketed = (group: string, at: number, text: string): string =>
  /[A-Za-z]{2,} [A-Za-z]{2,}/.test(group) || introduces.test(text.slice(Math.max(0, at - 80), at)) ? group : `[${mask}]`

const nounWithoutName = (text: string, noun: string): string => {
  const name = text.slice(noun.length).trim()
  // A name is written in capitals or has what words have not: "table ORDERS", "table stg_orders"; "table was" has none.
  return name === name.toUpperCase() || /[\d_.$]/.test(name.slice(0, -1)) ? `${noun} ${mask}` : text
}

const nounAndName = new RegExp(`\\b(${nouns})s?:? (?!SQL\\b)[A-Za-z_$][\\w$.-]{1,256}(?![\\w(])`, "gi")

/** 53 bits of a text, to tell long texts apart. */
const hash = (text: string): string => {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(hashLength, "0")
}

/** A sentence that is repeated in succession counts once. */
const withoutRepeats = (text: string): string => text.replace(/(\b[^.]{3,200}\. ?)\1+/g, "$1… ")

const maxText = 8000

const masks: ReadonlyArray<
  readonly [RegExp, string | ((found: string, ...groups: Array<string | undefined>) => string)]
> = [
  [/\b(?:Failure during expansion of view) \S+?:/gi, "failure during expansion of view -"],
  [/\b(?:https?|s3|s3a|gcs|gs|azure|abfss?|wasbs?|dbfs|jdbc|file):\/{1,2}[^\s'",;)\]]{1,2000}/gi, mask],
  [/\barn:aws[\w-]{0,20}:[^\s'",;)\]]{1,500}/g, mask],
  [/\b[\w.+-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}/g, mask],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, mask],
  // Ids that are said to be ids.
  [
    /\b((?:extended request|request|query|statement|session|trace|correlation|activity|client|job|run|incident|operation|transaction|x-ms-request)[\s_-]{0,2}ids?\b\s{0,3}[:=]?\s{0,3})[\w+/=.:-]{0,200}\d[\w+/=.:-]{0,200}/gi,
    `$1${mask}`
  ],
  [/\b(statement|query|job|session|transaction|request) (?=[\w-]{0,80}\d)[\w-]{2,80}\b/gi, `$1 ${mask}`],
  // Names that no quotes mark.
  [
    /\b(project|dataset|table|model|routine|job|view) [\w.*:-]{1,256}(?=: |$)|\b(in (?:project|dataset|location)) [\w.:-]{1,256}/gi,
    (_, noun?: string, place?: string) => `${noun ?? place} ${mask}`
  ],
  [/\b(dataset|table|project|model|routine) [\w-]{1,128}:[\w.$*-]{1,256}/gi, `$1 ${mask}`],
  [/\b((?:column|field|table|view|object|function)s? named) [\w$.]{1,256}/gi, `$1 ${mask}`],
  [/\b(ReferenceError: )[\w$.]{1,256}(?= is not defined)/g, `$1${mask}`],
  // An exception is known by its last name.
  [/(?<![\w.])(?:[a-z_][\w$]{0,60}\.){1,12}(?=[A-Z]\w{0,80}(?:Error|Exception|Timeout|Failure|Denied|Exit)\b)/g, ""],
  [
    /\b((?:unrecognized name|column|field|name|identifier|alias|variable|key|table|view|function): )[\w$.-]{1,256}/gi,
    `$1${mask}`
  ],
  [/…(?:\.…|\.[\w$]{1,256})+/g, mask],
  [
    /(?<![\w./])(?:\/?[\w$.@-]{1,128}(?:\/[\w$.-]{1,128}){2,40}\/?|\/[\w$.-]{1,128}(?:\/[\w$.-]{0,128})?|[\w$-]{1,128}\/[\w$-]{1,128}\.\w{1,10})/g,
    mask
  ],
  [/(?<![\w.-])[A-Za-z_][\w$-]{0,128}[:][A-Za-z_][\w$]{0,256}(?:\.[A-Za-z_…][\w$-]{0,256})+/g, mask],
  [/(?<![\w.])[A-Za-z_][\w$]{0,256}(?:\.[A-Za-z_…][\w$]{0,256})+/g, mask]
]

/** Bounds a key, and keeps it apart from every other that begins alike. */
export const boundedKey = (key: string): string =>
  key.length <= maxKeyLength ? key : `${key.slice(0, maxKeyLength - hashLength - 1).trimEnd()}~${hash(key)}`

/**
 * Returns the key of a cause: at most 200 characters, and other ones for another text however long it is. `label` is
 * taken out, and `before` put in front.
 */
export const keyOf = (cause: string, before = "", label = ""): string => {
  const line = oneLine(label === "" ? cause : cause.replace(label, ""))
  const bounded = line.length <= maxText ? line : `${line.slice(0, maxText / 2)} … ${line.slice(-maxText / 2)}`
  const plain = advice.reduce((rest, part) => rest.replace(part, ""), bounded).replace(raised, typeRaised)
  let text = unquoted(plain, false)
  for (const [pattern, replacement] of masks) {
    text = typeof replacement === "string" ? text.replace(pattern, replacement) : text.replace(pattern, replacement)
  }
  text = text
    .replace(wrappers, "")
    .replace(/\[[^[\]]{0,4000}\]/g, bracketed)
    .replace(
      /(?<![\w$])[A-Z$]{0,256}(?:_[A-Z0-9_$]{0,256}|[0-9][A-Z0-9_$]{0,256})(?![\w$])/g,
      (name, at: number) =>
        /^\d+$/.test(name) || (ownName.test(name) && /^[:)\]]/.test(text.slice(at + name.length))) ? name : mask
    )
    .replace(nounAndName, nounWithoutName)
    // Digits of words such as s3 and utf8 are no numbers.
    .replace(/(?<!\b(?:s|utf-?|sha-?|base|int|float|oauth|md|x))[-+]?\d[\d.,:/-]{0,60}(?:[eE][-+]?\d{1,9})?/g, "#")
    .replace(/\bat (?:\[#\]|line # position #|line #)/gi, "")
    .replace(/…(?:[ ,;:]{0,3}…)+/g, mask)
  const key = before +
    oneLine(withoutRepeats(oneLine(text))).replace(/[\s.:;,]{1,200}(\]?)$/, "$1").replace(/[\s.:;,]{1,200}$/, "")
      .toLowerCase()
  return boundedKey(key)
}
