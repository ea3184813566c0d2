/** The tools of this server, in the order in which they are listed. */
import { checkRuns } from "./checkRuns/tool.ts"
import { diagnoseRun } from "./diagnoseRun/tool.ts"
import { inspectRun } from "./inspectRun/tool.ts"
import { listRuns } from "./listRuns/tool.ts"
import { summarizeRuns } from "./summarizeRuns/tool.ts"
import type { Tool } from "./Tool.ts"

export const tools: ReadonlyArray<Tool> = [checkRuns, listRuns, diagnoseRun, inspectRun, summarizeRuns]
