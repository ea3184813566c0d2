/**
 * Messages of Databricks for statements that fail. The name in brackets is the class of the error.
 *
 * @since 0.1.0
 */

/** A message with its class. */
export interface DatabricksError {
  readonly message: string
}

/** Makes an error of any class. */
export const make = (errorClass: string, message: string): DatabricksError => ({
  message: `[${errorClass}] ${message}`
})

/** A table or view that does not exist, by its full name such as `raw.shop.orders`. */
export const missingTable = (name: string): DatabricksError =>
  make(
    "TABLE_OR_VIEW_NOT_FOUND",
    `The table or view ${
      name.split(".").map((part) => `\`${part}\``).join(".")
    } cannot be found. Verify the spelling and ` +
      "correctness of the schema and catalog. SQLSTATE: 42P01; line 1 pos 14"
  )

/** A column that does not exist. */
export const missingColumn = (name: string): DatabricksError =>
  make(
    "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    `A column, variable, or function parameter with name \`${name}\` cannot be resolved. Did you mean one of the following? ` +
      "[`name`, `updated_at`]. SQLSTATE: 42703; line 3 pos 7"
  )

/** A value that a cast does not take. */
export const badCast = (value: string): DatabricksError =>
  make(
    "CAST_INVALID_INPUT",
    `The value '${value}' of the type "STRING" cannot be cast to "DECIMAL(18,2)" because it is malformed. SQLSTATE: 22018`
  )

/** A merge in which several source rows match one target row. */
export const ambiguousMerge: DatabricksError = make(
  "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
  "Cannot perform Merge as multiple source rows matched and attempted to modify the same target row in the Delta table in " +
    "possibly conflicting ways."
)

/** A privilege that the user lacks on a table. */
export const insufficientPermissions = (table: string): DatabricksError =>
  make(
    "INSUFFICIENT_PERMISSIONS",
    `Insufficient privileges: User does not have SELECT on Table '${table}'. SQLSTATE: 42501`
  )
