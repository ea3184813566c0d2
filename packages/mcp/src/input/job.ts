/** A job by its id, or by its name in any case, looked up among the latest refreshes. */
import * as Run from "@coalesce-runs/core/Run"
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as RunsError from "@coalesce-runs/core/RunsError"
import * as Effect from "effect/Effect"
import { clean, lengths, quote } from "../result/untrustedText.ts"

const looked = 250
const maxListed = 8

const spelling = (text: string): string => clean(text, lengths.name).toLowerCase()

const refuse = (reason: string) => new RunsError.InvalidQuery({ violations: [{ field: "jobID", reason }] })

/** The id; the name costs one request. A name that no job has, or several, is refused with those that there are. */
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
    limit: looked,
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
  const seen = [...names].slice(0, maxListed).map(([id, name]) => `${id} ${quote(clean(name, lengths.name))}`)
  return yield* refuse(
    id === undefined
      ? `No job has this id or name among the latest ${runs.length} refreshes${
        seen.length === 0 ? "" : `; there are ${seen.join(", ")}${names.size > maxListed ? " and more" : ""}`
      }`
      : `Several jobs have this name: give one of the ids ${found.slice(0, maxListed).join(", ")}`
  )
})
