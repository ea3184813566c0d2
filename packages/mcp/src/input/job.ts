/** Finds a job by its id, or by its name in any case among the latest refreshes. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Effect from "effect/Effect"
import { clean, nameLength, quote } from "../result/untrustedText.ts"

const searched = 250
const maxListed = 8

const spelling = (text: string): string => clean(text, nameLength).toLowerCase()

const refuse = (reason: string) => new RunsError.InvalidQuery({ violations: [{ field: "jobID", reason }] })

/** Returns the id of a job. A name costs one request; one that no job or several have is refused with the jobs there are. */
export const resolve = Effect.fnUntraced(function*(
  jobID: string,
  environmentID: string | undefined
): Effect.fn.Return<number, RunsClient.ListError, RunsClient.RunsClient> {
  if (/^\d{1,15}$/.test(jobID)) return Number(jobID)
  const { runs } = yield* RunsClient.listPage({
    runType: "refresh",
    detail: true,
    orderBy: "id",
    orderByDirection: "desc",
    limit: searched,
    undecodableRows: "skip",
    ...(environmentID === undefined ? {} : { environmentID })
  })
  const names = new Map<number, string>()
  for (const run of runs) {
    const name = Run.jobName(run)
    const id = Run.jobID(run)
    if (id !== undefined && name !== undefined && !names.has(id)) names.set(id, name)
  }
  const found = [...names].filter(([, name]) => spelling(name) === spelling(jobID)).map(([id]) => id)
  const [id] = found
  if (id !== undefined && found.length === 1) return id
  const seen = [...names].slice(0, maxListed).map(([id, name]) => `${id} ${quote(clean(name, nameLength))}`)
  return yield* refuse(
    id === undefined
      ? `No job has this id or name among the latest ${runs.length} refreshes${
        seen.length === 0 ? "" : `. There are ${seen.join(", ")}${names.size > maxListed ? " and more" : ""}`
      }`
      : `Several jobs have this name: pass one of the ids ${found.slice(0, maxListed).join(", ")}`
  )
})
