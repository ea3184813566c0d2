/** Nights on which runs failed, and what their nodes said. */
import { failed, run } from "./health.ts"
import type { TestRun } from "./quietNight.ts"

export const failing = (id: number, job: number, start: number, fields: Parameters<typeof run>[1] = {}) =>
  run(id, { job, start, status: "failed", ...fields })

export const deploy = (id: number, start: number, deployCommitMessage = "Change of views"): TestRun => ({
  ...run(id, { start }),
  runType: "deploy",
  runDetails: { environmentID: "3", deployCommit: `c0ffee${id}`, deployCommitMessage }
})

/** The results of runs of which one node failed. */
export const messages = (...of: ReadonlyArray<readonly [id: number, message: string]>) =>
  Object.fromEntries(of.map(([id, message]) => [id, [failed(message)]]))
