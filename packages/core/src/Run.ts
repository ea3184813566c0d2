/**
 * A *run* is one execution of a deploy or a refresh in Coalesce. The API shows it in two forms: a short row
 * ({@link RunSummary}) and a detailed one ({@link Run}, either a {@link DeployRun} or a {@link RefreshRun}).
 *
 * Neither holds the other: only the summary has `runFailureReason` and a top-level `environmentID`, only the detailed
 * row has the job, the selectors, the node counts and the user.
 *
 * @since 0.1.0
 */
export { duration, environmentID, isOfJob, jobID, jobName } from "./run/getters.ts"
export {
  type AnyRun,
  DeployRun,
  DeployRunDetails,
  isDetailed,
  RefreshRun,
  RefreshRunDetails,
  Run,
  RunId,
  RunSummary,
  SchedulerStatus,
  SnowflakeAuthType,
  UserCredentials
} from "./run/model.ts"
export { Reported } from "./run/reported.ts"
export { Row, toRow } from "./run/row.ts"
export {
  isKnownStatus,
  isTerminal,
  type KnownRunStatus,
  type KnownRunType,
  knownStatuses,
  knownTypes,
  matchStatus,
  RunStatus,
  RunType
} from "./run/status.ts"
