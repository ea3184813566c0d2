/** Nights with equal times, and nights on which daylight saving begins or ends. */
import { make } from "../scenario/builder.ts"
import { production, sales } from "../scenario/environments.ts"
import { job, refresh } from "../scenario/events.ts"
import { failure } from "../scenario/outcomes.ts"
import * as SnowflakeError from "../SnowflakeError.ts"
import { type DiagnosisScenario, timeZone } from "./DiagnosisScenario.ts"

const ties = (): DiagnosisScenario => {
  const names = ["A", "B", "C", "D", "E"] as const
  const history = names.reduce(
    (history, name, index) =>
      history.pipe(
        job({
          name,
          jobID: 30 + index,
          environmentID: production,
          at: "02:00",
          days: 5,
          jitter: 0,
          takes: `${5 + index} minutes`
        })
      ),
    make({ now: "2026-03-10T08:00:00Z", timeZone })
  ).pipe(
    failure({ of: "B", error: SnowflakeError.noWarehouse, nodes: 1 }),
    failure({ of: "C", error: SnowflakeError.noWarehouse, nodes: 1 }),
    failure({ of: "D", error: SnowflakeError.noWarehouse, nodes: 1 })
  )
  return {
    name: "runs that started in the same millisecond",
    history,
    question: {}
  }
}

const night = (name: string, now: string, since: string): DiagnosisScenario => {
  const at = Date.parse(since)
  const minutes = (count: number) => new Date(at + count * 60_000).toISOString()
  const history = make({ now, timeZone }).pipe(
    // One run just before the night begins, one just after, and the job's run of the evening before.
    refresh({ name: "Early", nodes: sales, environmentID: production, jobID: 15, at: minutes(-10), takes: "1 minute" }),
    refresh({ name: "Late", nodes: sales, environmentID: production, jobID: 15, at: minutes(10), takes: "1 minute" }),
    refresh({
      name: "Before",
      nodes: sales,
      environmentID: production,
      jobID: 15,
      at: minutes(-24 * 60),
      takes: "1 minute"
    }),
    failure({ of: "Early", error: SnowflakeError.ambiguousColumn("ID"), nodes: "DIM_ORDER" }),
    failure({ of: "Late", error: SnowflakeError.ambiguousColumn("ID"), nodes: "DIM_ORDER" })
  )
  return {
    name,
    history,
    question: {}
  }
}

export const clocks = (): ReadonlyArray<DiagnosisScenario> => [
  ties(),
  night(
    "the night on which the clock goes back",
    "2026-10-25T09:00:00Z",
    "2026-10-24T17:00:00Z"
  ),
  night(
    "the night on which the clock goes forward",
    "2026-03-29T08:00:00Z",
    "2026-03-28T18:00:00Z"
  )
]
