/** Makes the node results of a run, as the results endpoint sends them. */
import type { SimulatedNode, SimulatedQuery } from "../SimulatedRun.ts"
import { prefixed } from "../SnowflakeError.ts"
import { type Platform, sqlOf } from "./platforms.ts"
import { between, chance, hex, uuid } from "./random.ts"

/** What a database says of a statement that fails. Snowflake has codes and SQL states, other platforms have the message. */
export interface DatabaseError {
  readonly message: string
  readonly code?: string
  readonly state?: string
}

/** Returns the message with its code and SQL state in front, where it has them. */
export const withCode = ({ code, message, state = "" }: DatabaseError): string =>
  code === undefined ? message : prefixed({ code, message, state })

/** Nodes that failed with one error. */
export interface Failure {
  readonly nodes: ReadonlyArray<string>
  readonly error: DatabaseError
  readonly stage: string | undefined
  readonly sql: string | undefined
  readonly prefixed: boolean
  /** Whether rendering the SQL failed: then there is no stage. */
  readonly rendering: boolean
}

/** A data test that failed in a node that completed. */
export interface TestFailure {
  readonly node: string
  readonly test: string
  readonly message: string
}

/** What a node does otherwise than by default. */
export interface NodeWork {
  /** The SQL of its insert. */
  readonly sql?: string | undefined
  /** The rows that it inserts. */
  readonly rows?: number | undefined
  /** How long it takes, in milliseconds, at most until the end of the run: nodes after it run at the same time. */
  readonly takes?: number | undefined
}

export interface NodesPlan {
  readonly platform: Platform
  readonly seed: number
  readonly status: string
  readonly started: number | undefined
  readonly ended: number | undefined
  readonly nodes: ReadonlyArray<string>
  readonly failures: ReadonlyArray<Failure>
  readonly blocked: ReadonlyArray<string>
  readonly tests: ReadonlyArray<TestFailure>
  readonly work: Readonly<Record<string, NodeWork>>
  /** In a live simulator: how far the run is, as the time up to which its nodes have run. */
  readonly reached?: number | undefined
}

const subjects = [
  "ORDERS",
  "CUSTOMERS",
  "PAYMENTS",
  "PRODUCTS",
  "INVENTORY",
  "SHIPMENTS",
  "RETURNS",
  "STORES",
  "SUPPLIERS",
  "INVOICES",
  "SESSIONS",
  "CAMPAIGNS",
  "CONTRACTS",
  "EMPLOYEES",
  "PRICES",
  "REFUNDS",
  "REGIONS",
  "CURRENCIES",
  "BUDGETS",
  "FORECASTS"
] as const

/** Names of nodes: half are stages, a quarter dimensions, a quarter facts. */
export const nodeNames = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => {
    const layer = index < count / 2 ? "STG" : index < count * 3 / 4 ? "DIM" : "FCT"
    const within = layer === "STG"
      ? index
      : layer === "DIM"
      ? index - Math.ceil(count / 2)
      : index - Math.ceil(count * 3 / 4)
    const round = Math.floor(within / subjects.length)
    return `${layer}_${subjects[within % subjects.length]}${
      round === 0 ? "" : `_${String(round + 1).padStart(3, "0")}`
    }`
  })

const iso = (millis: number) => new Date(millis).toISOString()

const isTerminal = (status: string) => status === "completed" || status === "failed" || status === "canceled"

/** How much longer or shorter than others a node takes: the same in every run. */
const weightOf = (node: string): number => 0.4 + 1.2 * chance(1, node, "weight")

/** The rows that a node inserts: about as many each night. */
const rowsOf = (node: string, seed: number): number =>
  Math.round(between(50, 50_000, 1, node, "rows") * (0.95 + 0.1 * chance(seed, node, "rows")))

const omitEnd = ({ endTime: _, ...query }: SimulatedQuery): SimulatedQuery => query

/** The nodes of the run, in the order of the plan, in which they ran. */
export const resultsOf = (plan: NodesPlan): ReadonlyArray<SimulatedNode> => {
  const { started, status } = plan
  // A run that has not begun its nodes has no results.
  if (started === undefined || status === "waitingToRun" || status === "initializing" || status === "rendering") {
    return []
  }
  const failures = new Map(plan.failures.flatMap((failure) => failure.nodes.map((node) => [node, failure] as const)))
  const blocked = new Set(plan.blocked)
  const span = Math.max((plan.ended ?? started + 60_000 * plan.nodes.length) - started, plan.nodes.length)
  const weights = plan.nodes.map(weightOf)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let before = 0
  const startsAndEnds = weights.map((weight) => {
    const from = started + Math.floor(span * before / all)
    before += weight
    return [from, started + Math.floor(span * before / all)] as const
  })
  // A run that was canceled, or is still running, has done the first part of its nodes.
  const { reached } = plan
  const done = isTerminal(status) && status !== "canceled"
    ? plan.nodes.length
    : reached === undefined
    ? Math.floor(plan.nodes.length * (0.3 + 0.4 * chance(plan.seed, "done")))
    : startsAndEnds.filter(([, end]) => end <= reached).length
  const isReached = (index: number) => reached === undefined || index < done
  const isBlocking = plan.nodes.some((node, index) => failures.has(node) && isReached(index))

  return plan.nodes.map((node, index): SimulatedNode => {
    const nodeID = uuid(1, "node", node)
    const [from, end] = startsAndEnds[index] ?? [started, started]
    const statements = sqlOf(plan.platform, node)
    const { rows = rowsOf(node, plan.seed), sql = statements.insert, takes } = plan.work[node] ?? {}
    const to = takes === undefined ? end : Math.min(from + takes, started + span)
    const half = Math.floor((from + to) / 2)
    const base = { nodeID, name: node, isRunning: false, origin: "API" }
    const query = (name: string, sql: string, start: number, end: number): SimulatedQuery => ({
      name,
      sql,
      status: "Success",
      success: true,
      isRunning: false,
      startTime: iso(start),
      endTime: iso(end),
      type: "sql",
      // Both are Snowflake's alone.
      ...(plan.platform === "snowflake"
        ? {
          queryID: `01${hex(6, plan.seed, node, name)}-0003-${hex(4, plan.seed, node)}-0000-${
            hex(12, plan.seed, name, node)
          }`,
          warehouse: "TRANSFORM_WH"
        }
        : {})
    })
    const truncate = query("Truncate Stage Table", statements.truncate, from, half)
    const insert = query(`Insert ${node}`, sql, half, to)

    if (blocked.has(node) && isBlocking) return { ...base, runState: "skipped", queryResults: [] }
    const failure = failures.get(node)
    if (failure !== undefined && isReached(index)) {
      const failed: SimulatedQuery = {
        ...insert,
        name: failure.stage ?? insert.name,
        sql: failure.sql ?? insert.sql,
        status: "Failure",
        success: false,
        error: {
          errorString: failure.prefixed ? withCode(failure.error) : failure.error.message,
          ...(failure.error.code === undefined ? {} : { errorDetail: failure.error.code })
        }
      }
      return failure.rendering
        ? { ...base, runState: "error", queryResults: [], renderQueryResult: { ...failed, name: "Render" } }
        : { ...base, runState: "error", queryResults: [truncate, failed] }
    }
    if (index >= done) {
      if (status === "canceled") return { ...base, runState: "canceled", queryResults: [] }
      if (index > done) return { ...base, queryResults: [] }
      const going = (query: SimulatedQuery): SimulatedQuery => ({ ...query, status: "Running", isRunning: true })
      if (reached === undefined) return { ...base, isRunning: true, queryResults: [truncate, going(insert)] }
      const queryResults = reached < half
        ? [going(omitEnd(truncate))]
        : [truncate, going(omitEnd(insert))]
      return { ...base, isRunning: true, queryResults }
    }
    const complete = [truncate, { ...insert, rowsInserted: rows, rowsUpdated: 0, rowsDeleted: 0 }]
    const failedTests = plan.tests.filter((test) => test.node === node)
    return failedTests.length === 0
      ? { ...base, runState: "complete", queryResults: complete }
      : {
        ...base,
        runState: "complete",
        hasTestFailures: true,
        queryResults: [
          ...complete,
          ...failedTests.map(({ test, message }): SimulatedQuery => ({
            ...query(test, statements.test(test), to, to),
            status: "Failure",
            success: false,
            type: "sqlTest",
            error: { errorString: message }
          }))
        ]
      }
  })
}
