/**
 * Takes off what only carries a cause: logs, tools, drivers, procedures, and the numbers before it.
 *
 * The tables are long because each tool puts words of its own around the one message.
 */
import { stackOf } from "./stack.ts"

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

/** Exceptions of drivers: they say nothing that their message does not say. */
const driverException =
  "(?:Programming|Operational|Database|Internal|Integrity|Data|NotSupported|Interface|OperationFailed|RequestFailed|ServerOperation|Dbt\\w{0,20}|Snowflake\\w{0,20}|SnowparkSQL\\w{0,20}|Http|HTTP|Forbidden|BadRequest|BigQuery\\w{0,20}|GoogleAPICall|GoogleJsonResponse\\w{0,20})(?:Error|Exception)" +
  "|\\w{0,40}SQL\\w{0,20}Exception|SqlException|Snowpark\\w{0,30}Exception|AnalysisException|ParseException|SparkException|Spark\\w{0,30}Exception|HiveSQLException|Py4JJavaError|BigQueryException|BadRequest|NotFound|Forbidden|Conflict|TooManyRequests|InternalServerError|ServiceUnavailable"

const thing =
  "(?:query|statement|sql|job|stage|node|task|run|step|operation|command|script|model|request|refresh|execution|procedure|transformation|notebook|materialization|stored procedure)"

/** Each may stand at the beginning, again and again, in any order. */
const carriers: ReadonlyArray<RegExp> = [
  /^[\s;,|]+/,
  // Times, places and levels of logs.
  /^\[?\d{4}-\d\d-\d\d[T ,]{1,3}\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?\s?(?:UTC|Z|[+-]\d\d:?\d\d)?\]?[\s:|-]{0,5}/,
  /^\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\s{1,5}/,
  /^\{[\w./-]{1,200}:\d{1,6}\}\s{0,5}/,
  /^\[?(?:ERROR|FATAL|WARN|WARNING|INFO|CRITICAL|SEVERE)\b\]?\s{0,5}(?:[-:|]|(?=\S))\s{0,5}/,
  /^(?:error|exception|details?|message|reason|caused by|root cause|unhandled exception|error message)\s{0,5}:\s{1,5}/i,
  /^Task failed with exception\s{0,5}:?\s{0,5}/i,
  /^Encountered an error:\s{0,5}/i,
  // Numbers before a message, and ids of the query behind them.
  new RegExp(
    `^(?:\\d{6}\\b|\\d{3,5}(?= \\([0-9A-Z]{5}\\)\\s{0,5}:))\\s{0,5}(?:\\((?:[0-9A-Z]{5}|n/a|None)\\))?\\s{0,5}[:.]?\\s{0,5}(?=\\S)`,
    "i"
  ),
  /^\([0-9A-Z]{5}\)\s{0,5}:\s{0,5}/,
  /^\(\d{4,6}\)\s{0,5}:\s{0,5}/,
  new RegExp(`^(?:None|${uuid})\\s{0,5}:\\s{0,5}`, "i"),
  // Clients, which name the number in words of their own.
  /^SQL Error \[\d{1,6}\](?: \[[0-9A-Z]{5}\])?:\s{0,5}/,
  /^SQLSTATE\[[0-9A-Z]{5}\]: (?:[\w ]{1,60}: \d{1,6} )?/,
  /^Http Error: \d{3}, Vend[eo]r Code: \d{1,6}, Message: /,
  /^<class '[\w.]{1,200}'>: /,
  /^dbt\d{4}: (?:ADBC error: )?/,
  /^googleapi: Error \d{3}: /,
  /^Error executing query job\. Message: /,
  /^(?:\w{1,40} adapter: )?(?:Snowflake|Databricks|BigQuery|Fabric|Database|ODBC|JDBC|ADBC|Server|Query|API)(?: (?:adapter|database|driver|query))? (?:error|exception): /i,
  /^SQL execution internal error:\s{0,5}(?=\S)/i,
  /^Statement \d{1,6} of \d{1,6}\s{0,5}:\s{0,5}(?=\S)/i,
  // Transports.
  /^(?:HTTP(?:\/\d(?:\.\d)?)? )?[45]\d\d (?:GET|POST|PUT|PATCH|DELETE) https?:\/\/\S{1,500}: /,
  /^(?:HTTP(?:\/\d(?:\.\d)?)? )?[45]\d\d (?=[A-Z][a-z]+\b)/,
  /^(?:\[(?:[0-9A-Z]{5}|Microsoft|unixODBC|FreeTDS|Snowflake|Databricks|BigQuery|BigQueryJDBCDriver|SparkJDBCDriver|Simba|SQL Server|ODBC[^\]]{0,60}|[\w ]{0,30}Driver[^\]]{0,60}|Hardy|Datawarehouse)\]\s{0,5})+(?:\(\d{1,6}\)\s{0,5})?/,
  /^\(?["']?[0-9A-Z]{5}["']?,\s{0,5}["'](?=\[)/,
  /^Msg \d{1,6}, Level \d{1,3}, State \d{1,3}(?:, (?:Server|Procedure) [^,\n:]{0,200}){0,2}(?:, Line \d{1,9})?[\n,:]?\s{0,5}/i,
  // Exceptions of drivers, also the one in parentheses of SQLAlchemy.
  new RegExp(
    `^(?:[\\w$]{1,60}[.:]){0,12}(?:${driverException})(?: \\d{1,6})?(?:\\s{0,5}\\[[^\\]\\n]{0,200}\\])?:\\s{0,5}`
  ),
  /^\((?:\w{1,60}\.){1,8}\w{1,60}(?:Error|Exception)\)\s{0,5}/,
  // Tools.
  /^(?:(?:Database|Runtime|Compilation|Internal|Unhandled) Error|Failure) in [\w ]{1,40} [\w.$-]{1,200} ?\([^)\n]{0,500}\)\s{0,5}:?\s{0,5}/i,
  /^(?:Database|Runtime) Error\s{0,5}:?\s{1,10}/,
  /^An error occurred while calling \S{1,100}?\.\s{0,5}:?\s{1,5}/i,
  /^Job aborted due to stage failure: (?:Task \d{1,9} in stage [\d.]{1,20} failed \d{1,5} times, most recent failure: Lost task [\d.]{1,20} in stage [\d.]{1,20} \(TID \d{1,12}\) \([^)]{0,200}\):\s{0,5})?/i,
  new RegExp(
    `^(?:failed|error|unable|could not|cannot)(?: (?:to|while|when|during))? (?:execut|runn?|process|submit|perform)\\w{0,4}(?: (?:the|this|your))? ${thing}\\b[^:\\n]{0,160}:\\s{0,5}`,
    "i"
  ),
  new RegExp(
    `^(?:the )?${thing}(?: (?:'[^'\\n]{1,200}'|"[^"\\n]{1,200}"|[\\w.$-]{1,200}))? (?:has )?(?:failed|errored)(?: with(?: an?)?(?: (?:error|exception|message)){0,2})?\\s{0,5}[:.]\\s{0,5}(?=\\S)`,
    "i"
  ),
  // Procedures and functions.
  /^Execution error in stored? procedure [^:\n]{1,300}:\s{0,5}/i,
  /^Uncaught exception of type '?(?:STATEMENT_ERROR|EXPRESSION_ERROR|OTHER)'? (?:in file [^:\n]{1,200} )?(?:on line \d{1,9} at position \d{1,9}\s{0,5})?:\s{0,5}/i,
  /^(?:JavaScript|Python|Java|Scala) (?:execution|interpreter) error:\s{0,5}(?=\S)/i,
  /^Uncaught (?=\w{0,60}(?:Error|Exception)\b)/,
  // A run's reason names the node before its message.
  /^(?![A-Z_]*(?:ERROR|DENIED|EXHAUSTED|INVALID|NOT_FOUND|FAILED|EXCEPTION|EXCEEDED|TIMEOUT|UNAVAILABLE|UNAUTH|VIOLAT|MISMATCH|CONFLICT|EXPIRED|CANCEL|ABORT|LIMIT|QUOTA|PRECONDITION|UNKNOWN|INTERNAL|OUT_OF))[A-Z][A-Z0-9$]{0,100}_[A-Z0-9_$]{0,200}:\s{1,5}(?=\S)/,
  /^[\w$.]{1,256}:\s{0,5}(?=\d{6}\b)/
]

/** What follows a message and is none of it. */
const trailers: ReadonlyArray<RegExp> = [
  /\s{0,9}\[SQL: [\s\S]*$/,
  /\s{0,9}\(Background on this error at: [\s\S]*$/,
  /\s{0,9}\bcompiled (?:code|sql) at \S{1,500}/gi,
  /\s{0,9}\bin function [\w$."]{1,300}(?:\([^)\n]{0,300}\))? with handler [\w$.:]{1,300}\s{0,9}$/i,
  /\s{0,9}(?:\[[0-9a-f-]{36}\] )?\(SQLSTATE: [0-9A-Z]{5}, Vendor code: \d{1,6}\)\s{0,9}$/,
  /\s{0,9}\bSqlState: \w{0,5}, VendorCode: \d{1,6}, QueryId:[\s\S]*$/,
  /, (?:invalidQuery|invalid|accessDenied|notFound|quotaExceeded|rateLimitExceeded|resourcesExceeded|backendError|duplicate)$/,
  /\s{0,9}\b\d{1,9} (?:more|other) nodes? failed\.?\s{0,9}$/i,
  /\s{0,9}\(\d{1,6}\) \(SQL\w{1,40}\)["')]{0,4}\s{0,9}$/,
  /;? reason: \w{1,60}, (?:location|message|debugInfo): [\s\S]*$/,
  /\s{0,9}\bLocation: [\w-]{1,40}\s{1,5}Job ID: \S{1,200}\s{0,9}$/,
  /\n\s{0,9}== SQL (?:\([^)\n]{0,200}\) )?==[\s\S]*$/
]

// A driver or a procedure puts its own number before that of what it called: the last one is the cause's.
const numbered = /(?<![\w.'"-])\d{6}\s{0,5}\([0-9A-Z]{5}\)\s{0,5}:\s{0,5}(?=\S)/g

const mayCarry = /^[\s;,|[({"'\d]|:|[Ff]ailed|^Msg |Uncaught|ERROR|WARN|FATAL|Error/
const mayTrail =
  /SqlState|SQLSTATE: |, [a-zA-Z]{1,40}$|\[SQL: |Background on|compiled |with handler|nodes? failed|\(SQL|reason: |Job ID|== SQL/i

/** Takes the carriers off the beginning of a text. */
const withoutCarriers = (text: string): string => {
  let rest = text
  if (!mayCarry.test(text)) return text
  for (let round = 0; round < 40; round++) {
    const carrier = carriers.find((pattern) => pattern.test(rest))
    if (carrier === undefined) return rest
    const shorter = rest.replace(carrier, "")
    // What is nothing but a carrier is the message itself.
    if (shorter.trim() === "" || shorter === rest) return rest
    rest = shorter
  }
  return rest
}

/** A message that stands whole between quotes: `BadRequest('…')`, `Error '…'`. */
const unquoted = (text: string): string => {
  if (!/['"]\)?$/.test(text)) return text
  const found =
    /^(?:[\w.]{0,100}(?:Error|Exception|BadRequest|NotFound|Forbidden|Conflict))?(?:\(| )?(['"])((?:(?!\1)[\s\S])+)\1,?\)?$/
      .exec(text)
  const inside = found?.[2] ?? ""
  return /\S\s\S+\s\S/.test(inside) ? inside.replaceAll("\\n", "\n").trim() : text
}

const withoutTrailers = (text: string): string =>
  !mayTrail.test(text) ? text : trailers.reduce((rest, trailer) => rest.replace(trailer, "") || rest, text)

export interface Unwrapped {
  /** The cause in the words of who found it. */
  readonly text: string
  /** The place in the user's own code, where a stack names it. */
  readonly frame: string | undefined
  /** Whether the code of a procedure or a function raised it. */
  readonly isRaised: boolean
}

/** Returns the innermost cause of a text. */
export const unwrap = (whole: string): Unwrapped => {
  let text = whole
  let frame: string | undefined
  let isRaised = false
  for (let round = 0; round < 8; round++) {
    const before = text
    const stack = stackOf(text)
    if (stack !== undefined) {
      text = stack.text
      frame = stack.frame ?? frame
      isRaised ||= stack.isRaised
    }
    const last = /\d{6}/.test(text) ? [...text.matchAll(numbered)].at(-1) : undefined
    if (last !== undefined) text = text.slice(last.index + last[0].length)
    text = unquoted(withoutTrailers(withoutCarriers(text)).trim())
    if (text === before.trim() || text === "") break
  }
  return { text: text === "" ? whole.trim() : text, frame, isRaised }
}
