/** What to look at: a root, what changed and touches the failure, what its class tells, then what is only near. */
import type { CauseClass } from "../FailureCause.ts"
import { join, line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import type { Words } from "../report/words.ts"
import type { Suspect } from "./historyModel.ts"
import type { DiagnosedRun, Diagnosis } from "./model.ts"

/** What to look at, by the class of the cause. */
const places: { readonly [K in CauseClass]: string | undefined } = {
  missingObjectOrGrant:
    "whether the object exists, and whether the role still has its grant: the database does not say which",
  invalidIdentifier: "the name in the SQL, and its source's columns",
  syntax: "the node's SQL at the place that the message names",
  compilation: "the node's SQL",
  privilege: "the role's privileges on what the message names",
  dataConversion: "the source's new rows: the value that the message quotes",
  constraint: "the source's new rows that break the constraint",
  duplicateRow: "the source's rows that have the same key",
  truncation: "the value that is longer than its column",
  sizeLimit: "the size of the statement, of its result or of the file that the message names",
  divisionByZero: "the divisor in the node's SQL, and new rows where it is 0",
  warehouseOrQuota: "the warehouse and its quota: no node is at fault",
  timeout: "how long the statement took before, the size of the warehouse, and the timeout setting",
  canceled: "who or what canceled the statement",
  lock: "what else wrote to the table at that time",
  storage: "the storage integration, the bucket's policy and the credentials behind the stage: no node is at fault",
  authenticationOrNetwork: "the credentials of the environment and the network policy: no node is at fault",
  userCode: "the procedure or function that the message names",
  internal: "the platform's status; a new run may succeed",
  unknown: undefined
}

/** Classes that tell by themselves where to look: the data, a grant, a quota. */
const telling: ReadonlySet<CauseClass> = new Set([
  "dataConversion",
  "constraint",
  "duplicateRow",
  "truncation",
  "divisionByZero",
  "privilege",
  "warehouseOrQuota",
  "authenticationOrNetwork",
  "storage",
  "lock"
])

const changed = {
  parameters: "the changed parameters",
  nodeCount: "the changed number of nodes",
  selector: "the changed selector",
  parallelism: "the changed parallelism"
}

const changedSignIn = (fields: ReadonlyArray<string>): string => {
  if (!fields.includes("snowflakeWarehouse")) return "the changed sign-in"
  return fields.length === 1 ? "the changed warehouse" : "the changed warehouse and sign-in"
}

const maxNamed = 2

/** Suspects in a few words. Their section says the rest. */
const suspectsLine = (suspects: ReadonlyArray<Suspect>, more: number, words: Words): ReadonlyArray<Line> => {
  const named = suspects.slice(0, maxNamed).map((suspect): Line => {
    const [touched] = suspect.touches ?? []
    return suspect.kind === "credentials"
      ? [changedSignIn(suspect.fields)]
      : suspect.kind !== "deploy"
      ? [changed[suspect.kind]]
      : touched === undefined
      ? [`deploy ${suspect.run.id}`]
      : line`deploy ${suspect.run.id}, whose message names ${words.name(touched)}`
  })
  const others = suspects.length - named.length + more
  return named.length === 0 ? [] : [line`${join(named, ", ")}${others > 0 ? ` and ${others} more` : ""} (suspected)`]
}

/** `Run it again: deploy 1046 took back what was deployed.`; nothing if it was run since, or no deploy helps. */
export const againText = ({ deploysSince, recovery, suspects }: Diagnosis): string => {
  const helpful = deploysSince?.listed.find(({ reverts, run, touches }) =>
    run.runStatus === "completed" &&
    (touches.length > 0 || (reverts && suspects.listed.some(({ kind }) => kind === "deploy")))
  )
  const isOver = recovery?.state === "recovered" || recovery?.state === "running" ||
    (recovery?.run?.id ?? 0) > (helpful?.run.id ?? 0)
  if (helpful === undefined || isOver) return ""
  return ` Run it again: deploy ${helpful.run.id} ${
    helpful.reverts ? "took back what was deployed" : "has changed since what failed"
  }.`
}

/** A run that holds the root, or that was at work at the same time. */
const rootOf = ({ roots = [] }: Diagnosis): ReadonlyArray<Line> => {
  const root = roots.find(({ run }) => run !== undefined)
  if (root?.run === undefined) return []
  const isRoot = root.kind === "notMade" || root.kind === "failedTest" || root.by === "queryID"
  return [[`run ${root.run.id}, ${isRoot ? "the root" : "which was at work at that time"}`]]
}

/** `Look at: deploy 1041, whose message names ORDER_ID (suspected); the name in the SQL.` */
export const lookAtLine = (diagnosis: Diagnosis, { cause, runFailureReason }: DiagnosedRun, words: Words): Line => {
  const { nodes, suspects: { listed, more } } = diagnosis
  const first = nodes?.groups.listed[0]
  const causeClass = first?.class ?? cause?.class ?? "unknown"
  const place: ReadonlyArray<Line> = [places[causeClass]].flatMap((one) => one === undefined ? [] : [[one]])
  const touching = listed.filter(({ touches }) => touches !== undefined)
  const near = touching.length > 0 ? [] : suspectsLine(listed, more, words)
  const parts: ReadonlyArray<Line> = [
    ...rootOf(diagnosis),
    ...suspectsLine(touching, 0, words),
    ...(telling.has(causeClass) ? [...place, ...near] : [...near, ...place])
  ]
  const isSaid = first?.first.cause !== undefined || first?.first.errorString !== undefined ||
    runFailureReason !== undefined
  const otherwise = isSaid ? "the message, and the SQL of the node" : "the run in Coalesce, as nothing here says why"
  return line`Look at: ${parts.length === 0 ? otherwise : join(parts, "; ")}.`
}
