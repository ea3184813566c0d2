/** The object that a cause is about: the table, column, function or warehouse of which another one is another cause. */
import type { CauseClass } from "./causeClass.ts"
import { oneLine } from "./key.ts"

const maxObjectLength = 200

const quoted =
  `'(?:[^'\\n]{1,400})'|"[^"\\n]{1,300}"(?:\\."[^"\\n]{1,300}"){0,5}|\`[^\`\\n]{1,300}\`(?:\\.\`[^\`\\n]{1,300}\`){0,5}`
const name = `(${quoted}|[A-Za-z_$][\\w$]{0,256}(?:[-.:][\\w$"]{1,256}){0,12})`

const noun =
  "(?:object|table|view|schema|database|warehouse|role|user|stage|file format|external volume|volume|integration|function|procedure|routine|sequence|task|stream|pipe|dataset|catalog|project|job|model|policy|share|integration|resource monitor|secret|network rule|remote file|container|bucket|connection|relation)"

const pattern = (source: string): RegExp => new RegExp(source, "i")

/** The more telling first. */
const places: ReadonlyArray<RegExp> = [
  // The one whose absence or lack of grants it is.
  pattern(
    `\\b${noun} ${name} (?:does not exist|doesn't exist|is missing|was not found|was not authorized|not found|cannot be found|could not be found|specified in|already exists|is locked|cannot be resumed|is suspended|is invalid|in location)`
  ),
  pattern(
    `\\b(?:invalid identifier|ambiguous column name|invalid column name|ambiguous column|duplicate column name|unrecognized name:?|column or (?:table )?alias|invalid object name|unsupported feature|invalid (?:argument )?types? for function|multi-part identifier|unknown (?:user-defined )?(?:table |aggregate )?function|unknown feature) ${name}`
  ),
  pattern(
    `\\b(?:operate on|permissions? on|privileges? on|grant on|access to|select on|usage on) (?:the )?(?:${noun} )?${name}`
  ),
  pattern(`\\bpermission was denied on the object ${name}`),
  pattern(`\\bwith name ${name} cannot be resolved`),
  pattern(`\\breference ${name} is ambiguous`),
  pattern(`\\b(?:not found|access denied): (?:${noun}):? ${name}`),
  pattern(`\\bthe (?:table or view|schema|catalog|function|routine|volume|column) ${name} (?:cannot|already|does)`),
  pattern(`\\b(?:column|field|table|view|object|function)s? named ${name}`),
  pattern(`\\bReferenceError: ${name} is not defined`),
  pattern(`\\bhas locked ${noun} ${name}`),
  pattern(`\\block(?:ed)? (?:on )?${noun} ${name}`),
  pattern(`\\b(?:for|in|into|of) (?:the )?(?:non-nullable )?(?:column|field):? ${name}`),
  pattern(`\\b(?:column|field):? ${name} (?:cannot|does|is|not|in|of|has|contains|violat)`),
  pattern(`\\bconstraint ${name}`),
  pattern(`\\b(?:remote file|location|file|path|url) ${name} (?:was not|is not|does not|cannot|could not)`),
  pattern(`\\b(?:no module named|no attribute|name) ${name}(?: is not defined)?`),
  pattern(`\\b(?:KeyError|NameError|UnboundLocalError): ${name}`),
  pattern(`\\(reading ${name}\\)`),
  pattern(`\\b(?:column|field): ${name}`),
  pattern(`\\b${noun}:? (${quoted})`),
  pattern(`\\b(?:unexpected|near) ${name}`),
  // In the file that a COPY read, by Snowflake: column "STG_ORDERS"["AMOUNT":3].
  /\bcolumn ("[^"\n]{1,300}"\["[^"\n]{1,300}")/i
]

/** A name in capitals, as Snowflake writes it without quotes. */
const capitals = new RegExp(
  `\\b(?:${noun.slice(3, -1)}|column)s? ([A-Z][A-Z0-9_$]{1,256}(?:\\.[A-Z][A-Z0-9_$]{0,256}){0,4})(?![\\w$])`
)

/** What no name is, though it stands where one is expected. */
const noName =
  /^(?:is|was|not|the|a|an|this|that|on|in|at|of|to|or|and|with|by|for|from|name|value|does|has|cannot|already|which|you|your|it|line|position|end|type|types)$/i

/** Kinds whose quoted text is a value of the data, which differs from row to row. */
const ofValues: ReadonlySet<CauseClass> = new Set([
  "dataConversion",
  "truncation",
  "duplicateRow",
  "divisionByZero",
  "timeout",
  "internal",
  "sizeLimit",
  "lock"
])

const anyQuoted = new RegExp(`(?:^|[\\s(:])(${quoted})`)
const dotted = /(?<![\w./:@-])([A-Za-z_][\w$]{0,256}(?:\.[A-Za-z_][\w$]{0,256}){1,4})(?![\w./:@(-])/

const inQuotes = /^(?:'([\s\S]*)'|([\s\S]*))$/

/** Equal objects in one form: `"RAW"."ORDERS"`, `RAW.ORDERS` and `raw.orders` are one, `"orderId"` is another. */
const normalised = (found: string): string => {
  const inner = inQuotes.exec(found)?.[1] ?? found
  // Places of files and keys of code are told apart by their case.
  if (/[/\\]|\s/.test(inner)) return inner
  return inner
    .replace(/^([\w-]{1,100}):(?=[\w$])/, "$1.")
    .replace(/"\["/, "\".\"")
    .replace(/`([^`]*)`|"([^"]*)"|([^"`]+)/g, (_, back?: string, double?: string, bare?: string) => {
      const part = back ?? double
      if (part !== undefined) return part === part.toLowerCase() && back !== undefined ? part.toUpperCase() : part
      return bare?.toUpperCase() ?? ""
    })
    .replace(/[.:]+$/, "")
}

// The view that was read, the place in a procedure, the exception's own type: none is what the cause is about.
const fromElsewhere =
  /\bfailure during expansion of view .{1,300}?: | in [\w$.]{1,256} at '.{0,1000}' position \d{1,9}.*$|\bexception of type '[^']{1,128}'/gi

const maxText = 4000

/** Returns the object that a cause of this class is about; undefined where it names none. */
export const objectOf = (cause: string, causeClass: CauseClass): string | undefined => {
  const line = oneLine(cause).slice(0, maxText).replace(fromElsewhere, "")
  for (const place of places) {
    const found = place.exec(line)?.[1]
    if (found !== undefined && !noName.test(found)) return bounded(objectIn(found, causeClass))
  }
  if (ofValues.has(causeClass)) return undefined
  const found = capitals.exec(line)?.[1] ?? anyQuoted.exec(line)?.[1] ?? dotted.exec(line)?.[1]
  const inner = found?.replace(/^['"`]|['"`]$/g, "").trim() ?? ""
  // A quotation of several words is a sentence.
  return inner === "" || /\s\S+\s/.test(inner) ? undefined : bounded(objectIn(found ?? "", causeClass))
}

const objectIn = (found: string, causeClass: CauseClass): string =>
  causeClass === "userCode" ? found.replace(/^['"`]|['"`]$/g, "") : normalised(found)

const bounded = (text: string): string | undefined => {
  const object = text.trim().slice(0, maxObjectLength)
  return object === "" ? undefined : object
}
