/**
 * Messages of BigQuery for statements that fail. They have no code.
 *
 * @since 0.1.0
 */

/** A message. */
export interface BigQueryError {
  readonly message: string
}

/** Makes an error with any message. */
export const make = (message: string): BigQueryError => ({ message })

/** A table that does not exist, by its full name such as `acme-dw:raw.orders`. */
export const missingTable = (name: string): BigQueryError =>
  make(`Not found: Table ${name} was not found in location EU`)

/** A column that does not exist. */
export const missingColumn = (name: string): BigQueryError => make(`Unrecognized name: ${name} at [3:7]`)

/** A table that the user may not read, or that does not exist: BigQuery does not say which. */
export const accessDenied = (name: string): BigQueryError =>
  make(
    `Access Denied: Table ${name}: User does not have permission to query table ${name}, or perhaps it does not exist.`
  )

/** A merge in which several source rows match one target row. */
export const ambiguousMerge: BigQueryError = make("UPDATE/MERGE must match at most one source row for each target row")

/** A quota of the project is used up. */
export const quotaExceeded: BigQueryError = make(
  "Quota exceeded: Your table exceeded quota for imports or query appends per table. For more information, see " +
    "https://cloud.google.com/bigquery/docs/troubleshoot-quotas"
)
