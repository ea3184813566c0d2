/**
 * A *run* is one execution of a deploy or a refresh in Coalesce. The API shows it in two forms: a short row
 * ({@link RunSummary}) and a detailed one ({@link Run}, either a {@link DeployRun} or a {@link RefreshRun}).
 *
 * Neither holds the other: only the summary has `runFailureReason` and a top-level `environmentID`, only the detailed
 * row has the job, the selectors, the node counts and the user.
 *
 * @since 0.1.0
 */
export * from "./run/getters.ts"
export * from "./run/model.ts"
export * from "./run/reported.ts"
export * from "./run/row.ts"
export * from "./run/status.ts"
