/** Which class a message belongs to: by its words, then by its code, then by its SQLSTATE. */
import type { CauseClass } from "./causeClass.ts"
import { oneLine } from "./key.ts"

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

export const byText = (bare: string): CauseClass | undefined => {
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

export const byCode = (code: string | undefined): CauseClass | undefined =>
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

export const bySqlState = (sqlState: string | undefined): CauseClass | undefined =>
  sqlState === undefined ? undefined : sqlStates.find(([pattern]) => pattern.test(sqlState))?.[1]
