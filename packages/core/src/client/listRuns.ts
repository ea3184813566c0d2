/** One request of List Runs, and the reasons that only its summary rows have. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { urlParams, type ValidQuery } from "../ListRunsQuery.ts"
import type { RunCursor } from "../RunCursor.ts"
import * as RunsError from "../RunsError.ts"
import type { PageRequest } from "./advance.ts"
import { decodeEnvelope, decodeReasons } from "./decode.ts"
import type { Answer, GetError, Transport } from "./transport.ts"

export const listRuns = (
  transport: Transport,
  query: ValidQuery,
  request: PageRequest,
  resumeFrom: RunCursor | undefined
): Effect.Effect<Answer, GetError> =>
  transport.get({ endpoint: "runs", path: "/api/v1/runs", params: urlParams(query, request), resumeFrom })

/** The answer around the rows. */
export const envelopeOf = ({ body, context }: Answer) =>
  Result.mapError(decodeEnvelope(body), (issue) => new RunsError.DecodeError({ ...context, path: "data", issue }))

/** Why the failed runs of a page failed, by their ids. */
export const failureReasons = Effect.fnUntraced(function*(
  transport: Transport,
  query: ValidQuery,
  request: PageRequest,
  resumeFrom: RunCursor | undefined
): Effect.fn.Return<ReadonlyMap<number, string>, GetError> {
  const summaries: ValidQuery = { ...query, detail: false, runStatus: "failed" }
  const { data } = yield* Effect.fromResult(envelopeOf(yield* listRuns(transport, summaries, request, resumeFrom)))
  return decodeReasons(data)
})
