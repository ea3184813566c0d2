/** The tools of this server, in the order in which they are listed. */
import { listRuns } from "./listRuns.ts"

export const tools = [listRuns] as const
