/** The runs behind the API. Core lists them, and each row is written once. */
import * as RunsInMemory from "@coalesce-runs/core/RunsInMemory"
import { hash } from "../scenario/random.ts"
import { detailedRow, type IdsAs, type SimulatedRun, summaryRow } from "../SimulatedRun.ts"
import { canonicalTime } from "./canonicalTime.ts"

export interface HistoryOptions {
  readonly idsAs: IdsAs
  readonly untimed: "omitted" | "last"
  readonly ties: "asc" | "desc" | "shuffled"
  readonly seed: number
  readonly forbiddenEnvironments: ReadonlySet<string>
}

export interface History {
  readonly runs: ReadonlyArray<SimulatedRun>
  readonly find: (id: number) => SimulatedRun | undefined
  readonly page: (query: RunsInMemory.PageQuery) => RunsInMemory.Page<SimulatedRun>
  /** A run's row as JSON. */
  readonly row: (run: SimulatedRun, detail: boolean) => string
}

/** Writes the row of a run when it is first requested, and keeps the text. */
const written = (write: (run: SimulatedRun) => unknown): (run: SimulatedRun) => string => {
  const texts = new WeakMap<SimulatedRun, string>()
  return (run) => {
    const known = texts.get(run)
    if (known !== undefined) return known
    const text = JSON.stringify(write(run))
    texts.set(run, text)
    return text
  }
}

const isPermitted = ({ environmentID }: SimulatedRun, forbidden: ReadonlySet<string>): boolean =>
  environmentID === undefined || !forbidden.has(environmentID)

export const make = (runs: ReadonlyArray<SimulatedRun>, options: HistoryOptions): History => {
  const { forbiddenEnvironments, idsAs, seed, ties, untimed } = options
  const all = new Map(runs.map((run) => [run.id, run]))
  const { page } = RunsInMemory.make(runs.filter((run) => isPermitted(run, forbiddenEnvironments)), {
    untimed,
    instant: canonicalTime,
    tie: ({ id }) => ties === "shuffled" ? hash(`${seed}/tie/${id}`) : ties === "asc" ? id : -id
  })
  const summary = written((run) => summaryRow(run, idsAs))
  const detailed = written((run) => detailedRow(run, idsAs))
  return { runs, page, find: (id) => all.get(id), row: (run, detail) => detail ? detailed(run) : summary(run) }
}
