/** Writes what the endpoints of one run say of it. */
import { type Life, rowText, seenAt } from "./history.ts"

const node = (name: string, failed: string | undefined) => ({
  nodeID: `id-${name}`,
  name,
  isRunning: false,
  runState: failed === undefined ? "complete" : "error",
  queryResults: [{
    name: `Insert ${name}`,
    sql: `INSERT INTO ${name} SELECT 1`,
    status: failed === undefined ? "Success" : "Failure",
    success: failed === undefined,
    isRunning: false,
    ...(failed === undefined ? { rowsInserted: 5 } : { error: { errorString: failed, errorDetail: "100051" } })
  }]
})

/** Returns the text of an endpoint of a run; undefined for any other path. */
export const ofRun = (
  path: string,
  lives: ReadonlyArray<Life>,
  request: number,
  token: string
): string | undefined => {
  const [, id, results] = /^\/api\/v1\/runs\/(\d+)(\/results)?$/.exec(path) ?? []
  if (id === undefined) return path === "/scheduler/runStatus" ? JSON.stringify({ runStatus: "completed" }) : undefined
  const life = lives.find((life) => life.id === Number(id))
  const seen = life === undefined ? undefined : seenAt(life, request)
  if (seen === undefined) return JSON.stringify({ error: { errorString: "No such run" } })
  if (results === undefined) return rowText(seen, true, token)
  // Two causes, which the runs share.
  const failed = seen.runStatus === "failed" ? `Numeric value '${Number(id) % 2}W' is not recognized` : undefined
  return JSON.stringify({ data: [node("STG_ORDERS", undefined), node("DIM_ORDERS", failed)] })
}
