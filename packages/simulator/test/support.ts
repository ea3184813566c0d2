/** Asks a simulator as any HTTP client would: with fetch, and no library of ours. */
import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"

export const authorized = { authorization: "Bearer simulated-token" }

export interface Response {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export const ask = (path: string, init: RequestInit = { headers: authorized }): Effect.Effect<
  Response,
  unknown,
  Simulator.Simulator
> =>
  Effect.gen(function*() {
    const simulator = yield* Simulator.Simulator
    return yield* Effect.tryPromise({
      try: async (signal) => {
        const response = await fetch(`${simulator.url}${path}`, { signal, redirect: "manual", ...init })
        return { status: response.status, headers: response.headers, text: await response.text() }
      },
      catch: (error) => error
    })
  })

interface Page {
  readonly limit: number
  readonly orderBy: string
  readonly orderByDirection: string
  readonly data: ReadonlyArray<Record<string, unknown>>
  readonly next?: unknown
}

/** A page of List Runs, however it may be wrong. */
export const page = (query: Record<string, string | number | boolean> = {}) =>
  Effect.map(
    ask(`/api/v1/runs?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`),
    ({ status, text }): Page => {
      if (status !== 200) throw new Error(`${status}: ${text}`)
      return JSON.parse(text)
    }
  )

export const ids = ({ data }: Page) => data.map(({ id }) => id)

export const errorOf = ({ text }: Response): { readonly errorString: string; readonly errorDetail?: string } =>
  JSON.parse(text).error

export const run = (id: number, fields: Partial<SimulatedRun.SimulatedRun> = {}): SimulatedRun.SimulatedRun => ({
  id,
  runType: "refresh",
  runStatus: "completed",
  environmentID: "3",
  runStartTime: `2026-03-01T02:00:${String(id % 60).padStart(2, "0")}.000Z`,
  runEndTime: `2026-03-01T03:00:${String(id % 60).padStart(2, "0")}.000Z`,
  ...fields
})

/** Runs 1 to `count`, each a second after the one before. */
export const runsTo = (count: number) => Array.from({ length: count }, (_, index) => run(index + 1))

export const serving = (options: Simulator.Options = {}) => Effect.provide(Simulator.layer(options))
