/** Facts in the result of one node. Public: `RunDiagnosis` and `RunInspection` export them. */
import * as Schema from "effect/Schema"

const text = Schema.optionalKey(Schema.String)

/** A data test that failed. It fails neither its node nor the run. */
export const FailedTest = Schema.Struct({
  /** The name of the node. */
  node: Schema.String,
  /** The test's name; absent if the node only says that a test failed. */
  test: text,
  message: text,
  queryID: text
})

export interface FailedTest extends Schema.Schema.Type<typeof FailedTest> {}
