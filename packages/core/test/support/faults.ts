/** Plants faults into healthy months. Like the months, it knows nothing of the baseline. */
import { healthyMonth, type Job, type Kind, type Month, type MonthRun } from "./months.ts"

const minute = 60_000
const hour = 60 * minute

/** A month with a fault, and when somebody looks at it. */
export interface Planted {
  readonly month: Month
  readonly job: Job
  readonly now: number
}

/** Changes the runs of a month around one run of a job that its scheduler started. */
type Fault = (runs: ReadonlyArray<MonthRun>, run: MonthRun & { readonly start: number }) => {
  readonly runs: ReadonlyArray<MonthRun>
  readonly now: number
}

const isNear = (run: MonthRun, other: MonthRun & { readonly start: number }, hours: number): boolean =>
  run.job === other.job && run.start !== undefined && Math.abs(run.start - other.start) < hours * hour

/** The runs without a run, its re-runs and whatever people started of its job that day. */
const without = (runs: ReadonlyArray<MonthRun>, run: MonthRun & { readonly start: number }) =>
  runs.filter((each) => !isNear(each, run, 20))

const missing: Fault = (runs, run) => ({ runs: without(runs, run), now: run.start + 23 * hour })

const replaced =
  (hours: number, change: (run: MonthRun & { readonly start: number }) => MonthRun): Fault => (runs, run) => ({
    runs: [...without(runs, run), change(run)],
    now: run.start + hours * hour
  })

const never = 1e9

const ofNightly = (fault: Fault, isFit: (job: Job) => boolean = () => true) => ({
  kind: "nightly" as Kind,
  fault,
  isFit
})

const isShort = ({ seconds }: Job): boolean => seconds < 1200

/** The faults by what they are called here, and what they are found as. */
export const faults = {
  "a night is missing": { ...ofNightly(missing), found: "missing" },
  "a job of the working days is missing on one of them": { ...ofNightly(missing), kind: "weekdays", found: "missing" },
  "the deploy of the night is missing": { ...ofNightly(missing), kind: "deploys", found: "missing" },
  "a night has not begun yet": {
    ...ofNightly(
      (runs, run) => ({ ...missing(runs, run), now: run.start + 200 * minute }),
      ({ jitter }) => jitter === "none"
    ),
    found: "late"
  },
  "a night began nine hours late": {
    ...ofNightly(replaced(11, (run) => ({ ...run, start: run.start + 9 * hour, seconds: 60 }))),
    found: "late"
  },
  "an interval stopped": {
    kind: "interval",
    isFit: () => true,
    fault: (runs, run) => ({
      runs: runs.filter(({ job, start = 0 }) => job !== run.job || start <= run.start),
      now: run.start + 12 * hour
    }),
    found: "stopped"
  },
  "a run takes for ever": { ...ofNightly(replaced(20, (run) => ({ ...run, seconds: never })), isShort), found: "long" },
  "a run is stuck since yesterday": {
    ...ofNightly(replaced(30, (run) => ({ ...run, seconds: never })), isShort),
    found: "stuck"
  },
  "a run waits": {
    ...ofNightly(replaced(3, (run) => ({ ...run, start: undefined, waitsFrom: run.start }))),
    also: "interval",
    found: "waiting"
  },
  "a run has a fifth of its nodes": {
    ...ofNightly(
      replaced(20, (run) => ({ ...run, runStatus: "completed", seconds: 60, nodes: Math.floor(run.nodes / 5) })),
      ({ nodes }) => nodes >= 10
    ),
    found: "fewerNodes"
  },
  "a run has no node": {
    ...ofNightly(replaced(20, (run) => ({ ...run, runStatus: "completed", seconds: 60, nodes: 0 }))),
    found: "noNodes"
  },
  "a job fails in a loop": {
    ...ofNightly((runs, run) => ({
      runs: [
        ...without(runs, run),
        ...Array.from({ length: 12 }, (_, index): MonthRun => ({
          ...run,
          start: run.start + index * minute,
          seconds: 20,
          runStatus: "failed"
        }))
      ],
      now: run.start + hour
    })),
    found: "loop"
  }
} as const satisfies Record<
  string,
  { kind: Kind; also?: Kind; fault: Fault; isFit: (job: Job) => boolean; found: string }
>

/** Plants a fault into the month of a seed; none where its job does not fit. */
export const plant = (name: keyof typeof faults, seed: number): Planted | undefined => {
  const { fault, isFit, kind, ...more } = faults[name]
  const month = healthyMonth(seed, [kind, ...("also" in more ? [more.also] : [])])
  const [job] = month.jobs
  if (job === undefined || !isFit(job)) return undefined
  const end = month.first + (month.days - 2) * 24 * hour
  const target = month.runs
    .flatMap((run) => run.start === undefined ? [] : [{ ...run, start: run.start }])
    .filter((run) => run.job === job && !run.isManual && run.of === undefined && run.start < end)
    .toSorted((a, b) => a.start - b.start).at(-1)
  if (target === undefined) return undefined
  const { now, runs } = fault(month.runs, target)
  return { month: { ...month, runs }, job, now }
}
