/** Lists runs from a URL once, and prints the peak memory of the process in bytes: `node largeBodyProcess.js <url> [what]`. */
import * as RunsClient from "@coalesce-runs/core/RunsClient"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { peakMemory } from "../peakMemory.ts"

const [, , baseUrl = "", what] = process.argv

const outcome = await Effect.runPromise(
  RunsClient.listPage().pipe(
    Effect.match({ onSuccess: ({ runs }) => `${runs.length} runs`, onFailure: (error) => error._tag }),
    Effect.provide(RunsClient.layer({ accessToken: "bench-token", baseUrl })),
    Effect.provide(FetchHttpClient.layer)
  )
)
const expected = what === "small" ? "25 runs" : "ResponseTooLarge"
if (outcome !== expected) throw new Error(`The client's outcome was ${outcome} instead of ${expected}`)

console.log(peakMemory())
