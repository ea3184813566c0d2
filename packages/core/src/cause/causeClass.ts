/** The classes of cause, and what each stands for. Public: `FailureCause` exports `CauseClass`. */
import * as Schema from "effect/Schema"

export const meanings = {
  missingObjectOrGrant: "An object does not exist, or the role has no grant on it: the message does not say which",
  invalidIdentifier: "A column or another name in the SQL is not known, or is ambiguous",
  syntax: "The SQL cannot be parsed",
  compilation: "The SQL cannot be compiled, for another reason than those that have a class of their own",
  privilege: "The role lacks a privilege",
  dataConversion: "A value cannot be read as the type that is wanted",
  constraint: "A value breaks a constraint, such as a NULL in a column that takes none",
  duplicateRow: "More than one row where one is allowed",
  truncation: "A value is longer than its column",
  sizeLimit: "A statement, a result, a file or the memory is larger than the platform's limit",
  divisionByZero: "A division by zero",
  warehouseOrQuota:
    "There is nothing to run on: no warehouse is selected or running, a quota is used up, or the account is suspended",
  timeout: "The statement took longer than it may",
  canceled: "The statement was canceled",
  lock: "Another transaction holds a lock, or changed the same rows at the same time",
  storage: "The cloud storage behind a stage or an external table refused access or failed",
  authenticationOrNetwork:
    "The sign-in or the connection to the platform failed, or a network policy refused the address",
  userCode: "The code of a procedure or function raised an error",
  internal: "An internal error of the platform",
  unknown: "The message belongs to no class that is known"
} as const

/**
 * The classes of cause.
 *
 * **Details**
 *
 * `missingObjectOrGrant` is one class, because Snowflake's "does not exist or not authorized" does not say which of the
 * two it is.
 */
export const CauseClass = Schema.Literals(Object.keys(meanings) as ReadonlyArray<keyof typeof meanings>)

export type CauseClass = keyof typeof meanings
