/** Finds the job that a name means. Public: `RunList` exports its fact. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { End } from "../client/references.ts"
import * as RunsClient from "../client/service.ts"
import { line } from "../report/line.ts"
import type { Line } from "../report/model.ts"
import { plural } from "../report/time.ts"
import type { Words } from "../report/words.ts"
import * as Run from "../Run.ts"
import { InvalidQuery } from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { clean, quote } from "../wire/text.ts"

/** The job that a name was taken for. */
export const JobMatch = Schema.Struct({
  jobID: Schema.Int,
  /** Its latest name. */
  jobName: Schema.String,
  /** The name that was asked for. */
  asked: Schema.String,
  /** Whether that is its name, one that it had before, or a part of a name that no other job has. */
  by: Schema.Literals(["name", "formerName", "part"])
})

export interface JobMatch extends Schema.Schema.Type<typeof JobMatch> {}

/** The rows that a name is searched in: a page, and a second one unless the first has a job of this very name. */
const pages = [250, 1000]
const maxListed = 8
const maxNameLength = 40

/** Names are compared as they are shown. */
export const spelling = (name: string): string => clean(name, 400).toLowerCase()

/** `daily_sales` and `Daily Sales` are one name to whoever types it. */
const letters = (name: string): string => spelling(name).replace(/[^\p{L}\p{N}]/gu, "")

const wordsOf = (name: string): ReadonlyArray<string> =>
  (spelling(name).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !/^(?:the|job|refresh)$/.test(word))

interface Job {
  readonly id: number
  /** The latest first. */
  readonly names: ReadonlyArray<string>
  readonly environmentID: string | undefined
}

type Compare = (name: string, asked: string) => boolean

const isName: Compare = (name, asked) => spelling(name) === spelling(asked)

/** From the closest to the loosest. The first that some job satisfies decides. */
const parts: ReadonlyArray<Compare> = [
  (name, asked) => letters(name) === letters(asked),
  (name, asked) => letters(name).includes(letters(asked)),
  (name, asked) => wordsOf(asked).length > 0 && wordsOf(asked).every((word) => letters(name).includes(word))
]

const jobsOf = (runs: ReadonlyArray<Run.Run>): ReadonlyArray<Job> => {
  const jobs = new Map<number, Job>()
  for (const run of runs) {
    const id = Run.jobID(run)
    const name = Run.jobName(run)
    if (id === undefined || name === undefined) continue
    const { environmentID = Run.environmentID(run), names = [] } = jobs.get(id) ?? {}
    jobs.set(id, { id, names: names.includes(name) ? names : [...names, name], environmentID })
  }
  return [...jobs.values()]
}

const latestName = ({ names: [name = ""] }: Job): string => name

const shown = (name: string): string => quote(clean(name, maxNameLength))

const choices = (jobs: ReadonlyArray<Job>): string => {
  const isOneName = new Set(jobs.map((job) => spelling(latestName(job)))).size === 1
  const listed = jobs.slice(0, maxListed).map((job) =>
    `${job.id} ${shown(latestName(job))}${
      isOneName && jobs.length > 1 && job.environmentID !== undefined
        ? ` in environment ${clean(job.environmentID, maxNameLength)}`
        : ""
    }`
  )
  return `${listed.join(", ")}${jobs.length > maxListed ? ` and ${jobs.length - maxListed} more` : ""}`
}

const refuse = (reason: string) => new InvalidQuery({ violations: [{ field: "jobID", reason }], requestsSent: true })

/** Finds the one job with such a name, now or before. Several are refused; none is `undefined`. */
const findBy = (
  jobs: ReadonlyArray<Job>,
  asked: string,
  compare: Compare
): Effect.Effect<readonly [Job, isLatest: boolean] | undefined, InvalidQuery> => {
  const now = jobs.filter((job) => compare(latestName(job), asked))
  const found = now.length > 0 ? now : jobs.filter(({ names }) => names.some((name) => compare(name, asked)))
  const [job] = found
  return found.length > 1
    ? Effect.fail(refuse(`Several jobs have ${shown(asked)} in their name: pass one of the ids ${choices(found)}`))
    : Effect.succeed(job && [job, now.length > 0])
}

/** What was found: a job, or why there is none. */
type Found = { readonly jobID: number; readonly job?: JobMatch } | { readonly none: string }

/** `job 15`, `Job #15` and `"Daily sales" (job 15)` name an id, unless a job is called so. */
const idIn = (text: string): number | undefined => {
  const [, id] = /\bjob\s{0,4}#?(\d{1,15})\)?$/i.exec(text) ?? []
  return id === undefined ? undefined : Number(id)
}

const find = Effect.fnUntraced(function*(
  asked: string,
  environmentID: string | undefined
): Effect.fn.Return<Found, RunsClient.ListError, RunsClient.RunsClient> {
  const text = asked.trim()
  if (/^#?\d{1,15}$/.test(text)) return { jobID: Number(text.replace("#", "")) }
  const match = (job: Job, by: JobMatch["by"]): Found => ({
    jobID: job.id,
    job: { jobID: job.id, jobName: clean(latestName(job), 400), asked: text, by }
  })
  let runs: ReadonlyArray<Run.Run> = []
  let startingFrom: RunsClient.RunPage["cursor"] | undefined
  for (const limit of pages) {
    const page = yield* Effect.provideService(
      RunsClient.listPage({
        runType: "refresh",
        detail: true,
        orderBy: "id",
        orderByDirection: "desc",
        limit,
        undecodableRows: "skip",
        ...omitUndefined({ environmentID, startingFrom })
      }),
      End,
      "known"
    )
    runs = [...runs, ...page.runs]
    const named = yield* findBy(jobsOf(runs), text, isName)
    if (named !== undefined) return match(named[0], named[1] ? "name" : "formerName")
    if (!page.hasMore) break
    startingFrom = page.cursor
  }
  const id = idIn(text)
  if (id !== undefined) return { jobID: id }
  const jobs = jobsOf(runs)
  for (const compare of letters(text) === "" ? [] : parts) {
    const found = yield* findBy(jobs, text, compare)
    if (found !== undefined) return match(found[0], "part")
  }
  const listed = jobs.length === 0 ? "" : `. There are ${choices(jobs)}`
  return { none: `No job has this id or name among the latest ${plural(runs.length, "refresh", "refreshes")}${listed}` }
})

interface Asked {
  readonly jobID?: number | string | undefined
  readonly environmentID?: string | undefined
}

/**
 * Returns the id of the job that was asked for. A name costs a request or two; a name that no job seen has stays as it is,
 * since rows further back may have it. It fails with an `InvalidQuery` that lists the jobs if several have the name.
 */
export const resolveJob = Effect.fnUntraced(function*({ environmentID, jobID }: Asked): Effect.fn.Return<
  { readonly jobID?: number | string; readonly job?: JobMatch },
  RunsClient.ListError,
  RunsClient.RunsClient
> {
  if (typeof jobID !== "string") return omitUndefined({ jobID })
  const found = yield* find(jobID, environmentID)
  return "none" in found ? { jobID } : found
})

/** The same, for those who need an id: a name that no job seen has is refused with the jobs that there are. */
export const requireJob = Effect.fnUntraced(function*({ environmentID, jobID }: Asked): Effect.fn.Return<
  { readonly jobID?: number; readonly job?: JobMatch },
  RunsClient.ListError,
  RunsClient.RunsClient
> {
  if (typeof jobID !== "string") return omitUndefined({ jobID })
  const found = yield* find(jobID, environmentID)
  return "none" in found ? yield* refuse(found.none) : found
})

/** Says which job was taken, where that is not plain from its name. */
export const jobLines = (job: JobMatch | undefined, { bounds, quote }: Words): ReadonlyArray<Line> => {
  if (job === undefined || job.by === "name") return []
  const asked = quote(job.asked, bounds.name)
  const named = line`${quote(job.jobName, bounds.name)} (job ${job.jobID})`
  return [
    job.by === "part"
      ? line`Read jobID ${asked} as ${named}, the only job with such a name.`
      : line`${asked} is an earlier name of ${named}.`
  ]
}
