/** Reads a simulator by bare requests and by the client, for the cases to compare. */
import { RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import type { Variant } from "../measure.ts"
import type { SimulatorProcess } from "../simulatorProcess.ts"

interface BareRow {
  readonly id: number
}

/** Sends one bare request, and does not validate the response. */
export const fetchPage = async (
  { token, url }: SimulatorProcess,
  query: Record<string, string>
): Promise<ReadonlyArray<BareRow>> => {
  const response = await fetch(`${url}/api/v1/runs?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${token}` }
  })
  const body: unknown = await response.json()
  // A cast instead of the validation that the library does.
  return (body as { readonly data: ReadonlyArray<BareRow> }).data
}

const pageBehind = (simulator: SimulatorProcess, pageSize: number, startingFrom: number | undefined) =>
  fetchPage(simulator, {
    limit: `${pageSize}`,
    detail: "true",
    orderBy: "id",
    ...(startingFrom === undefined ? {} : { startingFrom: `${startingFrom}` })
  })

/** Reads every run in a loop, as most scripts do, and works on each page if there is any work. */
export const fetchAll = async (
  simulator: SimulatorProcess,
  pageSize: number,
  work?: () => Promise<void>
): Promise<number> => {
  let count = 0
  let startingFrom: number | undefined
  while (true) {
    const rows = await pageBehind(simulator, pageSize, startingFrom)
    count += rows.length
    await work?.()
    startingFrom = rows.at(-1)?.id
    if (rows.length < pageSize) return count
  }
}

/** Iterates over pages in the manner of `octokit.paginate.iterator`. */
async function* iterate(fetchNext: (startingFrom: number | undefined) => Promise<ReadonlyArray<BareRow>>) {
  let startingFrom: number | undefined
  do {
    const data = await fetchNext(startingFrom)
    startingFrom = data.at(-1)?.id
    yield { data }
  } while (startingFrom !== undefined)
}

/** Reads every run by an iterator of pages, up to the page that is empty. */
export const fetchIterated = async (simulator: SimulatorProcess, pageSize: number): Promise<number> => {
  const pages = iterate((startingFrom) => pageBehind(simulator, pageSize, startingFrom))
  let count = 0
  for await (const { data } of pages) count += data.length
  return count
}

/** A variant that must read so many runs. */
export const complete = (name: string, count: number, read: () => Promise<number>, aim?: number): Variant => ({
  name,
  ...(aim === undefined ? {} : { aim }),
  run: async () => {
    const runs = await read()
    if (runs !== count) throw new Error(`${name} read ${runs} runs instead of ${count}`)
  }
})

export const makeClient = ({ token, url }: SimulatorProcess): Promise<RunsClient.Service> =>
  RunsClient.make({ accessToken: token, baseUrl: url }).pipe(
    Effect.provide(FetchHttpClient.layer),
    Effect.runPromise
  )
