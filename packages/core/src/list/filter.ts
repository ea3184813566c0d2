/** Describes which runs of a window were read. */
import * as Schema from "effect/Schema"

const optionally = Schema.optionalKey

/** What narrowed a reading, besides its window. A part is absent where nothing did. */
export const Filter = Schema.Struct({
  environmentID: optionally(Schema.String),
  projectID: optionally(Schema.String),
  jobID: optionally(Schema.Int)
})
