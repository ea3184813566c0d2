/** Describes what the node results of a window's runs say. Public: `RunStatistics` exports it. */
import * as Schema from "effect/Schema"
import { FailedTest } from "../inspection/nodeModel.ts"
import { RunLine } from "../list/RunLine.ts"

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** How many runs' node results were read, and how many were not, because of the bound or an error. */
const ResultsRead = Schema.Struct({ runs: Count, notRead: Count })

/** A node in the latest runs. */
export const NodeCount = Schema.Struct({
  name: Schema.String,
  /** The runs that worked on it. */
  runs: Count,
  failed: Count,
  /** The time of all its queries, in milliseconds, over these runs. */
  totalMillis: Schema.Finite,
  /** The time of its queries in one run: half of the runs took at most this long. */
  p50Millis: Schema.optionalKey(Schema.Finite)
})

export interface NodeCount extends Schema.Schema.Type<typeof NodeCount> {}

/** The failed data tests of a run. */
export const TestedRun = Schema.Struct({ run: RunLine, failedTests: Schema.Array(FailedTest), more: Count })

export interface TestedRun extends Schema.Schema.Type<typeof TestedRun> {}

/** What was read for the causes: the failed runs whose reasons name none. */
export const causesRead = ResultsRead

/** The nodes of the latest ended runs, those that failed most first, then those that took longest. */
export const Nodes = Schema.Struct({ ...ResultsRead.fields, listed: Schema.Array(NodeCount), more: Count })

/** The failed data tests of the latest completed run of each job. */
export const Tests = Schema.Struct({ ...ResultsRead.fields, listed: Schema.Array(TestedRun) })
