/** The two ways to the same simulator that the cases compare. */
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { SimulatorProcess } from "../simulatorProcess.ts"

interface BareRow {
  readonly id: number
}

/** One request by hand, its answer taken at its word. */
export const fetchPage = async (
  { token, url }: SimulatorProcess,
  query: Record<string, string>
): Promise<ReadonlyArray<BareRow>> => {
  const response = await fetch(`${url}/api/v1/runs?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${token}` }
  })
  const body: unknown = await response.json()
  // Taken at its word: what the library validates is what this does without.
  return (body as { readonly data: ReadonlyArray<BareRow> }).data
}

/** Every run by hand, as most scripts would read them. */
export const fetchAll = async (simulator: SimulatorProcess, pageSize: number): Promise<number> => {
  let count = 0
  let startingFrom: number | undefined
  while (true) {
    const rows = await fetchPage(simulator, {
      limit: `${pageSize}`,
      detail: "true",
      orderBy: "id",
      ...(startingFrom === undefined ? {} : { startingFrom: `${startingFrom}` })
    })
    count += rows.length
    startingFrom = rows.at(-1)?.id
    if (rows.length < pageSize) return count
  }
}

export const makeClient = ({ token, url }: SimulatorProcess): Promise<RunsClient.Service> =>
  RunsClient.make({ accessToken: token, baseUrl: url }).pipe(
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )
