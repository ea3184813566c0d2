/**
 * Messages of Microsoft Fabric for statements that fail. They have no code.
 *
 * @since 0.1.0
 */

/** A message. */
export interface FabricError {
  readonly message: string
}

/** Makes an error with any message. */
export const make = (message: string): FabricError => ({ message })

/** A table that does not exist, such as `stg.orders`. */
export const missingTable = (name: string): FabricError => make(`Invalid object name '${name}'.`)

/** A column that does not exist. */
export const missingColumn = (name: string): FabricError => make(`Invalid column name '${name}'.`)
