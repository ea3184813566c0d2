/**
 * Messages of Snowflake for statements that fail, as failed runs have them.
 *
 * @since 0.1.0
 */

/** A message with its number and SQL state. */
export interface SnowflakeError {
  readonly code: string
  readonly state: string
  readonly message: string
}

/** Makes an error with any message. */
export const make = (code: string, state: string, message: string): SnowflakeError => ({ code, state, message })

/**
 * Returns the message with its number and SQL state in front, the other form that runs have.
 *
 * **Example** (With and without the prefix)
 *
 * ```ts
 * import { SnowflakeError } from "@coalesce-runs/simulator"
 *
 * SnowflakeError.badNumber("3W").message // => "Numeric value '3W' is not recognized"
 * SnowflakeError.prefixed(SnowflakeError.badNumber("3W")) // => "100038 (22018): Numeric value '3W' is not recognized"
 * ```
 */
export const prefixed = ({ code, state, message }: SnowflakeError): string =>
  `${code}${state === "" ? "" : ` (${state})`}: ${message}`

/** A table or view that does not exist or is not granted: Snowflake does not say which. */
export const missingObject = (name: string): SnowflakeError =>
  make("002003", "42S02", `SQL compilation error:\nObject '${name}' does not exist or not authorized.`)

/** A column that does not exist. */
export const invalidIdentifier = (name: string, line = 3, position = 6): SnowflakeError =>
  make(
    "000904",
    "42000",
    `SQL compilation error: error line ${line} at position ${position}\ninvalid identifier '${name}'`
  )

export const syntaxError = (unexpected: string, line = 5, position = 10): SnowflakeError =>
  make(
    "001003",
    "42000",
    `SQL compilation error:\nsyntax error line ${line} at position ${position} unexpected '${unexpected}'.`
  )

export const ambiguousColumn = (name: string): SnowflakeError =>
  make("002028", "42601", `SQL compilation error:\nambiguous column name '${name}'`)

/** The role lacks a privilege on the schema. */
export const insufficientPrivileges = (schema: string): SnowflakeError =>
  make("003001", "42501", `SQL access control error:\nInsufficient privileges to operate on schema '${schema}'.`)

export const badNumber = (value: string): SnowflakeError =>
  make("100038", "22018", `Numeric value '${value}' is not recognized`)

export const badTimestamp = (value: string): SnowflakeError =>
  make("100035", "22007", `Timestamp '${value}' is not recognized`)

export const nullInNonNullable: SnowflakeError = make("100072", "22000", "NULL result in a non-nullable column")

export const stringTooLong = (value: string): SnowflakeError =>
  make("100078", "22000", `String '${value}' is too long and would be truncated`)

export const duplicateRow = (row: string): SnowflakeError =>
  make("100090", "42P18", `Duplicate row detected during DML action\nRow Values: [${row}]`)

export const divisionByZero: SnowflakeError = make("100051", "22012", "Division by zero")

export const noWarehouse: SnowflakeError = make(
  "000606",
  "57P03",
  "No active warehouse selected in the current session. Select an active warehouse with the 'use warehouse' command."
)

/** A resource monitor has stopped the warehouse. */
export const quotaExceeded = (warehouse: string, monitor: string): SnowflakeError =>
  make(
    "090073",
    "22000",
    `Warehouse '${warehouse}' cannot be resumed because resource monitor '${monitor}' has exceeded its quota.`
  )

/** The statement took longer than the statement or warehouse allows. */
export const timeout = (seconds: number): SnowflakeError =>
  make(
    "000630",
    "57014",
    `Statement reached its statement or warehouse timeout of ${seconds} second(s) and was canceled.`
  )

export const canceled: SnowflakeError = make("000604", "57014", "SQL execution canceled")

export const locked = (statement: string, table: string, transaction: number): SnowflakeError =>
  make(
    "000625",
    "57014",
    `Statement '${statement}' has locked table '${table}' in transaction ${transaction} and this lock has not yet been ` +
      "released."
  )

export const invalidToken: SnowflakeError = make("390144", "", "JWT token is invalid.")

export const wrongPassword: SnowflakeError = make("390100", "", "Incorrect username or password was specified.")

export const missingRole = (role: string): SnowflakeError =>
  make("250001", "", `Role '${role}' specified in the connect string does not exist or not authorized.`)

/** A network policy refuses the address. */
export const addressNotAllowed = (address: string): SnowflakeError =>
  make("390422", "08001", `Incoming request with IP/Token ${address} is not allowed to access Snowflake.`)

export const internalError = (incident: string): SnowflakeError =>
  make(
    "000603",
    "XX000",
    `SQL execution internal error:\nProcessing aborted by error 300010:391167117; incident ${incident}.`
  )
