/** The messages of Microsoft Fabric and of SQL Server, whose sentences and numbers it has. */
import type { CauseClass } from "./causeClass.ts"

export const fabricWords: ReadonlyArray<readonly [RegExp, CauseClass]> = [
  [
    /\binvalid object name\b|does not exist,? or you do(?:n't| not) have (?:the )?(?:necessary )?permission|could not find (?:stored procedure|the object|server)|cannot find the (?:object|schema|user|type|data type)\b|cannot open (?:database|user default database)|is not a recognized (?:built-in )?function name|cannot find either column .{0,200} or the user-defined function/i,
    "missingObjectOrGrant"
  ],
  [
    /\binvalid column name\b|could not be bound|\bambiguous column name\b|column names in each table must be unique|is specified more than once|\bcolumn prefix\b|must declare the (?:scalar|table) variable/i,
    "invalidIdentifier"
  ],
  [/incorrect syntax near|unclosed quotation mark/i, "syntax"],
  [
    /permission was denied on (?:the )?|permission denied in (?:the )?database|do(?:es)? not have permission to/i,
    "privilege"
  ],
  [
    /conversion failed when converting|error converting data type|arithmetic overflow error|conversion of a .{0,80} data type|conversion of .{0,120} overflowed|operand type clash|implicit conversion from data type|is not a valid (?:integer|float|date)|explicit conversion from data type/i,
    "dataConversion"
  ],
  [
    /cannot insert the value null into column|violation of (?:primary key|unique key|foreign key)|conflicted with the .{0,40}constraint|cannot insert duplicate key/i,
    "constraint"
  ],
  [/subquery returned more than 1 value|attempted to update or delete the same row more than once/i, "duplicateRow"],
  [/string or binary data would be truncated/i, "truncation"],
  [/divide by zero error/i, "divisionByZero"],
  [
    /was deadlocked on lock|snapshot isolation transaction aborted due to update conflict|lock request time out/i,
    "lock"
  ],
  [
    /login failed for (?:user|login)|cannot open server .{0,200}requested by the login|validation of user's permissions failed|is not currently available|tcp provider|pre-login handshake|login timeout expired/i,
    "authenticationOrNetwork"
  ],
  [
    /capacity .{0,100}(?:exceeded|limit|paused|not active|throttl)|your organization's fabric compute capacity|insufficient (?:system )?memory|there is insufficient/i,
    "warehouseOrQuota"
  ],
  [/query timeout expired|execution timeout expired|wait operation timed out/i, "timeout"]
]

const numbers: Readonly<Record<string, CauseClass>> = {
  "102": "syntax",
  "105": "syntax",
  "156": "syntax",
  "207": "invalidIdentifier",
  "208": "missingObjectOrGrant",
  "209": "invalidIdentifier",
  "229": "privilege",
  "245": "dataConversion",
  "512": "duplicateRow",
  "515": "constraint",
  "547": "constraint",
  "1205": "lock",
  "2601": "constraint",
  "2627": "constraint",
  "2628": "truncation",
  "2812": "missingObjectOrGrant",
  "3960": "lock",
  "4060": "missingObjectOrGrant",
  "4104": "invalidIdentifier",
  "8114": "dataConversion",
  "8115": "dataConversion",
  "8134": "divisionByZero",
  "8152": "truncation",
  "8672": "duplicateRow",
  "18456": "authenticationOrNetwork",
  "24556": "lock",
  "40613": "authenticationOrNetwork"
}

/** Returns the number of a message of SQL Server, which stands before it or behind it. */
export const fabricNumber = (text: string): string | undefined =>
  /\bMsg (\d{2,6}), Level \d/i.exec(text)?.[1] ?? /\((\d{2,6})\) \(SQL\w{1,40}\)/.exec(text)?.[1] ??
    /\bSQL ?Server error(?: code)?:? ?(\d{2,6})\b/i.exec(text)?.[1]

export const byFabricNumber = (number: string): CauseClass | undefined => numbers[number]
