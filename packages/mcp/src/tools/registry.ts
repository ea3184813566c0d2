/** The tools of this server, in the order in which they are listed. */
import type { Tool } from "../tool.ts"
import { diagnoseRun } from "./diagnoseRun.ts"
import { listRuns } from "./listRuns.ts"
import { summarizeRuns } from "./summarizeRuns.ts"

export const tools: ReadonlyArray<Tool> = [listRuns, diagnoseRun, summarizeRuns]
