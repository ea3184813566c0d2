// Plays a story: runs end one after another, and what is told of them is written down.
import { Incident } from "@coalesce-runs/alerts"
import { type Run, RunHealth, RunsClient, RunsInMemory } from "@coalesce-runs/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"

export const missing = "002003 (42S02): SQL compilation error: Object 'DB.RAW.ORDERS' does not exist or not authorized."
export const missingOther =
  "002003 (42S02): SQL compilation error: Object 'DB.RAW.ITEMS' does not exist or not authorized."
export const quota =
  "090073 (22000): Warehouse 'WH' cannot be resumed because resource monitor 'RM' has exceeded its quota."
export const badNumber = "100038 (22018): Numeric value '4111-1111' is not recognized"

/** A time of a day of November. */
export const night = (time: string, day = 3): string => `2026-11-${String(day).padStart(2, "0")}T${time}`

/** So many minutes after two o'clock of the third, over days. */
export const after = (minutes: number): string =>
  DateTime.formatIso(DateTime.add(DateTime.makeUnsafe("2026-11-03T02:00Z"), { minutes })).slice(0, 16)

/** A run that ends, as a line of a story. */
export interface Ends {
  readonly id: number
  readonly job?: number
  readonly env?: string
  readonly reRunOf?: number
  /** The message of its one failed node. A run without one completed, with one row in each node. */
  readonly error?: string
  /** The names of its nodes. The first one fails. Default: `ORDERS`. */
  readonly nodes?: ReadonlyArray<string>
  /** The sentence of a data test that failed. */
  readonly failedTest?: string
  readonly runStatus?: string
  /** The watch does not see its end. */
  readonly unseen?: boolean
  /** Minutes from its start to its end. Default: 1. */
  readonly took?: number
}

/** What happens at a time: a run ends, a check is made, or nothing. */
export type Event = Ends | "check" | "nothing"

/** A time such as `2026-11-03T02:00`, in UTC, and what happens. */
export type Step = readonly [at: string, event: Event]

export interface Options extends Incident.Options {
  /** The window of its checks. Default: the last 12 hours. */
  readonly since?: string
  readonly checkBaseline?: RunHealth.Options["baseline"]
  /** How many runs the account keeps: the latest. A long story is played sooner with few. Default: all. */
  readonly keptRuns?: number
}

type TestRun = Parameters<typeof RunsInMemory.layer>[0]["runs"][number]
type TestResults = RunsInMemory.TestResults

const rowOf = ({ env = "3", error, id, job = 15, reRunOf, runStatus, took = 1 }: Ends, at: DateTime.Utc): TestRun => {
  const status = runStatus ?? (error === undefined ? "completed" : "failed")
  return {
    id,
    runType: "refresh",
    runStatus: status,
    runStartTime: DateTime.subtract(at, { minutes: took }),
    ...(status === "running" ? {} : { runEndTime: at }),
    environmentID: env,
    userID: "u-1",
    ...(reRunOf === undefined ? {} : { reRunID: reRunOf }),
    ...(error === undefined ? {} : { runFailureReason: "GraphExecutor halted and finished" }),
    runDetails: { environmentID: env, jobID: job, jobName: `Job ${job}`, nodesInRun: 1 }
  }
}

const resultsOf = ({ error, failedTest, nodes = ["ORDERS"] }: Ends): TestResults =>
  nodes.map((name, index) => ({
    nodeID: name.toLowerCase(),
    name,
    runState: error !== undefined && index === 0 ? "error" : "complete",
    queryResults: [
      error !== undefined && index === 0
        ? { success: false, error: { errorString: error }, sql: "SELECT 'secret of a row'" }
        : { success: true, rowsInserted: 1 },
      ...(failedTest === undefined ? [] : [{
        name: failedTest,
        type: "sqlTest",
        success: false,
        status: "Failed",
        error: { errorString: "100038 (22018): Numeric value 'secret of a test' is not recognized" }
      }])
    ]
  }))

/** What was told, with the state in which it ended. */
export interface Told {
  readonly messages: ReadonlyArray<Incident.Message>
  readonly state: Incident.State
}

const encode = Schema.encodeSync(Incident.State)
const decode = Schema.decodeUnknownSync(Incident.State)

/** Plays the steps. Between two of them the state is stored as text, as a program that restarts would. */
export const play = Effect.fnUntraced(
  function*(steps: ReadonlyArray<Step>, { checkBaseline = "none", keptRuns, since = "12h", ...options }: Options = {}) {
    const runs: Array<TestRun> = []
    const results: Record<number, TestResults> = {}
    const messages: Array<Incident.Message> = []
    let state = Incident.begin()
    for (const [time, event] of steps) {
      const at = DateTime.toUtc(DateTime.makeUnsafe(`${time}Z`))
      yield* TestClock.setTime(DateTime.toEpochMillis(at))
      if (typeof event !== "string") {
        const known = runs.findIndex(({ id }) => id === event.id)
        if (known >= 0) runs.splice(known, 1)
        runs.push(rowOf(event, at))
        runs.splice(0, runs.length - (keptRuns ?? runs.length))
        results[event.id] = resultsOf(event)
        if (event.unseen === true) continue
      }
      const observed = Effect.gen(function*() {
        const observation = event === "nothing"
          ? {}
          : event === "check"
          ? {
            health: yield* RunHealth.check({
              since,
              timeZone: "UTC",
              baseline: checkBaseline
            })
          }
          : { ended: yield* endOf(event.id) }
        return yield* Incident.observe(decode(JSON.parse(JSON.stringify(encode(state)))), observation, options)
      })
      const step = yield* observed.pipe(Effect.provide(RunsInMemory.layer({ runs, results })))
      state = step.state
      messages.push(...step.messages)
    }
    return { messages, state } satisfies Told
  }
)

const endOf = (id: number) =>
  Effect.map(RunsClient.get(id), (run): { readonly run: Run.AnyRun; readonly to: Run.RunStatus } => ({
    run,
    to: run.runStatus
  }))

/** `02:00 opened first failures`, for each message. */
export const told = ({ messages }: Told): ReadonlyArray<string> =>
  messages.map(({ at, kind, status, why }) =>
    `${DateTime.formatIso(at).slice(5, 16).replace("T", " ")} ${status} ${why} ${kind}`
  )
