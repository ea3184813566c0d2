/**
 * Snowflake's messages: by their words, by their numbers, by their SQLSTATE.
 *
 * The words come first: a number is shared by messages of several kinds, as 57014 is by time-outs, cancels and locks.
 */
import type { CauseClass } from "./causeClass.ts"

/** What stages say of the storage behind them, in the storage's own words: read before all others. */
export const stageWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /failure using stage area|error assuming aws_role|failed to access (?:the )?(?:rest endpoint|remote (?:file|storage)|external)|is not allowed by integration|\b(?:bucket|container|blob|storage account)\b.{0,80}(?:does not exist|not found|access denied|forbidden|is disabled|not accessible)|aws access key id you provided|\bs3:\w{1,40}\b.{0,300}(?:denied|forbidden)|not authorized to perform: \w{1,30}:|signature we calculated does not match|security token included in the request is (?:invalid|expired)|server failed to authenticate the request|\b(?:access ?denied|forbidden|authorizationpermissionmismatch|authenticationfailed|nosuchbucket|invalidaccesskeyid)\b.{0,100}\bstatus code\b|invalid uri|failed to (?:download|upload) (?:the )?(?:file|data)|error (?:un)?loading .{0,60}(?:stage|location)/i,
    "storage"
  ]
]

/** From the more specific to the less: a lock that timed out is a lock, a time-out that canceled is a time-out. */
export const snowflakeWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /\b(?:account|virtual warehouses?|warehouses) (?:is|has been|have been|was) suspended|suspended due to (?:lack of payment|overdue)|trial (?:has |period )?(?:has )?(?:ended|expired)|\bresource monitor\b|no active warehouse|warehouse .{0,300}(?:cannot be resumed|(?:is|was) suspended)|exceeded (?:its|the|your)? ?(?:credit )?quota|warehouse .{0,200}\b(?:quota|limit) (?:is |has been |was )?(?:exceeded|reached)|\bfailed to resume\b/i,
    "warehouseOrQuota"
  ],
  [
    /does not exist,? or (?:is )?(?:not|you are not) authorized|\b(?:does not exist|is missing),? or (?:is )?not accessible|does not exist, or operation cannot be performed/i,
    "missingObjectOrGrant"
  ],
  [
    /insufficient (?:privileges|permissions?)|has no privileges|access control error|not authorized to (?:perform|execute|use|access)|must have the .{0,120}privilege|\b(?:missing|lacks?|requires?|does not have|without) (?:the )?(?:\w+ ){0,4}(?:privileges?|permissions?)\b|\bcannot (?:perform|execute) .{0,80}\bprivileges?\b|not (?:allowed|permitted|granted) (?:to|on) (?:the )?(?:role|user|schema|table|view|database|object|perform|execute|use)\b|only (?:the )?(?:owner|role|users? with)\b/i,
    "privilege"
  ],
  [
    /\bunknown (?:user-defined )?(?:table |aggregate )?function\b|does not have a current (?:database|schema)|remote file .{0,600}was not found|\bno such (?:table|file|object|schema|column family|procedure|function)\b|\b(?:table|view|schema|database|stage|object|warehouse|role|file|function|procedure|catalog|dataset) .{0,300}\b(?:does not|doesn't) exist\b/i,
    "missingObjectOrGrant"
  ],
  [
    /\binvalid identifier\b|\bambiguous column\b|\binvalid column (?:name|reference)|\bduplicate column (?:name|definition)|\b(?:column|field) .{0,200}\b(?:does not exist|not found|is unknown|cannot be found)|is not a valid (?:group by expression|column)|\binvalid (?:alias|qualifier)\b/i,
    "invalidIdentifier"
  ],
  [/\bsyntax error\b|\bparse error line\b|\bunexpected (?:end of (?:statement|input|sql)|<eof>|token)/i, "syntax"],
  [/\bdivi(?:sion|de) by zero\b|\/ by zero\b|divisor is equal to zero/i, "divisionByZero"],
  [
    /\bduplicate row detected\b|single-row subquery returns more than one row|(?:scalar )?subquery (?:returned|produced) more than (?:one|1) (?:row|value|element)|multiple source rows matched/i,
    "duplicateRow"
  ],
  [
    /would be truncated|is too long and would|(?:length|size) limit .{0,80}exceeded by|max(?:imum)? lob size .{0,60}exceeded|value too long for|exceeds? (?:the )?(?:max(?:imum)? )?(?:length|width) of (?:the )?column|data truncation\b/i,
    "truncation"
  ],
  [
    /\bhas locked\b|\bdeadlock|\block\b.{0,200}(?:not yet been released|time-?d? ?out|waiters|wait)|waiters for this lock|\blocks? .{0,60}(?:could not|cannot|not) be (?:acquired|obtained)|could not (?:acquire|obtain) (?:a |the )?lock|concurrent (?:update|modification|transaction|write|append|delete)|\bwrite conflict\b|updated by another|being modified by another/i,
    "lock"
  ],
  [
    /\bmemory (?:is )?exhausted\b|\bout of memory\b|\boutofmemory|\bmemoryerror\b|memory limit (?:was |has been )?exceeded|exceeded (?:the )?memory|too large\b|too much data\b|\btoo many (?!arguments|failed)|\bis too long\b|nested too deeply|nesting level exceeded|\bexceed(?:s|ed) (?:the )?maximum\b|\bmaximum (?:number|size|length|depth|allowed|row|lob|statement|query|request|result|file|object|compilation)\b.{0,120}\b(?:exceeded|reached|limit)|\b(?:exceeds?|exceeded|over|reached|larger than)\b.{0,80}\b(?:maximum|max|limit)\b.{0,40}\b(?:size|bytes|[kmg]i?b|characters|columns|rows|expressions|files|items|elements|statements|length)|\b(?:size|length|number) of .{0,80}\b(?:exceeds|exceeded|is larger than)|\bdisk (?:space )?(?:is )?(?:full|exhausted)|no space left/i,
    "sizeLimit"
  ],
  [
    /null result in a non-nullable column|\bconstraint\b.{0,200}\bviolat|\bviolat\w{0,6}\b.{0,200}\bconstraint\b|primary key already exists|duplicate key value|cannot be null\b|null value(?:s)? (?:in|for|not allowed|is not allowed|found in)|\bnot[ -]null\b.{0,80}\b(?:violat|fail|column)|cannot insert (?:the value )?null|required field .{0,100}(?:cannot be|is) null/i,
    "constraint"
  ],
  [
    /\bis not recognized\b|failed to cast|\bcan(?:not|'t| not) (?:be )?(?:parsed?|convert(?:ed)?|cast|coerced?)\b|error parsing (?:json|xml|avro|parquet|orc|variant)|(?<!validity date is )out of (?:representable )?range\b|does not match column data type|invalid (?:argument )?types? (?:\[[^\]]{0,100}\] )?for (?:function|parameter|operator|argument)|invalid argument types?|invalid type .{0,100}for parameter|invalid (?:utf-?8|hex|base64|date|timestamp|time|numeric|number(?! of)|boolean|json|xml|value|datetime)\b|\bnumeric overflow|not a valid (?:number|date|timestamp|json|uuid|variant)|incompatible types?|inconsistent data type|type mismatch|found character .{0,100} instead of|field delimiter .{0,100}found while expecting|end of record reached while expected|number of columns in file|could not convert|failed to convert|unexpected (?:data )?type|arguments? of types?\b|types don't match/i,
    "dataConversion"
  ]
]

/** After those of signing in and of the network. */
export const snowflakeRest: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [/\bcancell?ed\b|\b(?:query|statement|execution|job) was (?:aborted|killed|interrupted)\b/i, "canceled"],
  [
    /\binternal (?:server )?error\b|processing aborted (?:by|due to) error|\bincident \d|\bassertion failed\b/i,
    "internal"
  ],
  [
    /execution error in stored? procedure|uncaught exception|(?:javascript|python|java|scala) (?:execution|interpreter) error|in function .{1,300} with handler|\bno module named\b|\b(?:Type|Reference|Value|Key|Attribute|Index|Name|Assertion|Range|Import|ModuleNotFound|Lookup|ZeroDivision|Runtime|Unicode\w{0,10}|Syntax|Indentation|Recursion|NotImplemented|UnboundLocal|FileNotFound|Permission|OS|IO|StopIteration)Error\b|\bNullPointerException\b|\bIllegal(?:Argument|State)Exception\b/i,
    "userCode"
  ],
  [/does not exist\b|\bnot (?:be )?found\b/i, "missingObjectOrGrant"],
  [
    /sql compilation error|unsupported (?:feature|statement|data type|subquery)|\bis not supported\b|does not match column list|already exists|is not a valid (?:group|order)|invalid (?:number of arguments|parameter|materialized view|default value|expression|value list|clustering)|not enough arguments|too many arguments|(?:materialized )?view .{0,200}is invalid|error in secure object|invalid UDF|cannot be used|must (?:be|specify|have|match|contain)|not (?:supported|allowed)|aggregate functions? cannot|wrong column count|only one expression can be|cannot use an aggregate|items must appear in|expects parameter|number of (?:supplied|columns|values|non-constant)|does not match table definition|duplicate common table expression|is invalid in the (?:select list|having clause|order by clause)|is not a valid (?:function|property)|contains more than|(?:fewer|more) (?:items|columns) |needs to be|has been forbidden|missing (?:column|return|select)|incorrect number of/i,
    "compilation"
  ]
]

const codes: Readonly<Record<string, CauseClass>> = {
  "000603": "internal",
  "000604": "canceled",
  "000606": "warehouseOrQuota",
  "000625": "lock",
  "000630": "timeout",
  "000666": "warehouseOrQuota",
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
  "003127": "storage",
  "090073": "warehouseOrQuota",
  "090105": "missingObjectOrGrant",
  "090150": "duplicateRow",
  "091003": "storage",
  "100016": "missingObjectOrGrant",
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
  "100080": "dataConversion",
  "100082": "truncation",
  "100090": "duplicateRow",
  "100096": "dataConversion",
  "100132": "userCode",
  "100183": "storage",
  "100357": "userCode",
  "250001": "authenticationOrNetwork",
  "250003": "authenticationOrNetwork"
}

/** The class of one of Snowflake's numbers. */
export const bySnowflakeCode = (code: string): CauseClass | undefined =>
  codes[code] ??
    (/^(?:39[04]|25[04])/.test(code) ? "authenticationOrNetwork" : code.startsWith("3000") ? "internal" : undefined)

// 57014 says that a statement was ended, and not why: a time-out, a user, a lock, an account that is suspended.
const sqlStates: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [/^(?:42(?:S02|P01)|02000)$/, "missingObjectOrGrant"],
  [/^42501$/, "privilege"],
  [/^42(?:702|703|S22)$/, "invalidIdentifier"],
  [/^42(?:000|601)$/, "compilation"],
  [/^42P18$/, "duplicateRow"],
  [/^22012$/, "divisionByZero"],
  [/^22001$/, "truncation"],
  [/^22(?:003|007|018|P02)$/, "dataConversion"],
  [/^23/, "constraint"],
  [/^57P03$/, "warehouseOrQuota"],
  [/^40(?:001|P01)$/, "lock"],
  [/^(?:08|28)/, "authenticationOrNetwork"],
  [/^P0/, "userCode"],
  [/^XX/, "internal"]
]

/** The class of a SQLSTATE. */
export const bySqlState = (sqlState: string): CauseClass | undefined =>
  sqlStates.find(([pattern]) => pattern.test(sqlState))?.[1]
