/** Sends a test message to destinations of alerts.yml. */
import * as Alerter from "@coalesce-runs/alerts/Alerter"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { namesIn, read } from "../alerting.ts"
import { print } from "../answer.ts"
import { exitCodes } from "../exitCode.ts"
import { withProgress } from "../progress.ts"

interface Input {
  readonly file: string
  readonly destination: string | undefined
  readonly json: boolean
}

export const handle = ({ destination, file, json }: Input) =>
  Effect.gen(function*() {
    const config = yield* read(file)
    const names = yield* namesIn(config, destination)
    const testing = Alerter.test(config, names)
    // A message that goes to standard output is no place for a spinner.
    const isPrinted = names.some((name) => config.destinations[name]?.type === "stdout")
    const results = yield* isPrinted ? testing : withProgress("Sending test messages", () => testing)
    for (const { destination, error } of results) {
      yield* print(
        json
          ? JSON.stringify({ destination, taken: error === undefined, ...(error && { error: error.message }) })
          : `${destination}: ${error === undefined ? "it took the test message" : error.message}`
      )
    }
    return results.some(({ error }) => error !== undefined) ? exitCodes.unavailable : exitCodes.well
  }).pipe(Effect.provide(FetchHttpClient.layer))
