/** Describes a run in one line: what every report needs of it. Public: `RunList` exports it. */
import * as Schema from "effect/Schema"
import * as Run from "../Run.ts"
import { TimeFromWire } from "../wire/field.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { cut, maskSecrets } from "../wire/text.ts"

const optionally = Schema.optionalKey

/**
 * A run in one line, under the API's own names, whether its row was a summary or detailed. It encodes to plain JSON.
 */
export const RunLine = Schema.Struct({
  id: Run.RunId,
  runType: Run.RunType,
  runStatus: Run.RunStatus,
  /** The id of the original run, when this is a re-run of it. */
  reRunID: optionally(Run.RunId),
  runStartTime: optionally(TimeFromWire),
  runEndTime: optionally(TimeFromWire),
  environmentID: optionally(Schema.String),
  /** Only known from a detailed row, like every field below but the reason. */
  jobID: optionally(Schema.Int),
  jobName: optionally(Schema.String),
  /** The selectors of a refresh that ran no job. */
  includeNodesSelector: optionally(Schema.String),
  excludeNodesSelector: optionally(Schema.String),
  nodesInRun: optionally(Schema.Int),
  deployCommit: optionally(Schema.String),
  deployCommitMessage: optionally(Schema.String),
  /** How the run signed in to Snowflake; absent on other platforms. A line has no other part of its credentials. */
  snowflakeAuthType: optionally(Schema.String),
  /** Why the run failed, in the words of Coalesce or the database. Only known from a summary row. */
  runFailureReason: optionally(Schema.String)
})

export interface RunLine extends Schema.Schema.Type<typeof RunLine> {}

/** Returns a run in one line. `runFailureReason` is the reason of its summary row, for a run that has none. */
export const fromRun = (run: Run.AnyRun, runFailureReason?: string): RunLine => {
  const { id, reRunID, runEndTime, runStartTime, runStatus, runType } = run
  const { deployCommit, deployCommitMessage, excludeNodesSelector, includeNodesSelector, nodesInRun } = Run.details(run)
  const jobID = Run.jobID(run)
  return {
    id,
    runType,
    runStatus,
    ...omitUndefined({
      reRunID,
      runStartTime,
      runEndTime,
      environmentID: Run.environmentID(run),
      jobID,
      jobName: Run.jobName(run),
      includeNodesSelector: jobID === undefined ? includeNodesSelector : undefined,
      excludeNodesSelector: jobID === undefined ? excludeNodesSelector : undefined,
      nodesInRun,
      deployCommit,
      deployCommitMessage,
      snowflakeAuthType: Run.isDetailed(run) ? run.userCredentials?.snowflakeAuthType : undefined,
      runFailureReason: Run.runFailureReason(run) ?? runFailureReason
    })
  }
}

/** Returns a run in one line without its nodes, commit and sign-in. */
export const fromRunInShort = (run: Run.AnyRun): RunLine => {
  const { deployCommit: _, deployCommitMessage: _message, nodesInRun: _nodes, snowflakeAuthType: _auth, ...line } =
    fromRun(run)
  return line
}

const maxTextLength = 500

/** Cuts a text of the API for facts, which hold many texts. */
export function shortText(text: string, max?: number): string
export function shortText(text: string | undefined, max?: number): string | undefined
export function shortText(text: string | undefined, max = maxTextLength): string | undefined {
  return text && cut(text, max)
}

/** Masks the values of keys and passwords that a reason may quote. */
export const maskReason = (reason: string | undefined): string | undefined => reason && maskSecrets(reason)

/** Returns a line with its texts bounded, and with keys and passwords in its reason masked. */
export const boundedLine = (line: RunLine): RunLine => ({
  ...line,
  ...omitUndefined({
    environmentID: shortText(line.environmentID),
    deployCommit: shortText(line.deployCommit),
    deployCommitMessage: shortText(line.deployCommitMessage),
    includeNodesSelector: shortText(line.includeNodesSelector),
    excludeNodesSelector: shortText(line.excludeNodesSelector),
    jobName: shortText(line.jobName),
    runFailureReason: shortText(maskReason(line.runFailureReason))
  })
})
