/** Measures the time of a diagnosis against one bare request, which shows its round trips. */
import { RunDiagnosis, RunsClient } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import type { Case } from "../Case.ts"
import { startSimulator } from "../simulatorProcess.ts"
import { fetchPage, makeClient } from "./wire.ts"

const latency = 50

export const diagnosisCase: Case = {
  name: "diagnosis",
  prepare: async (quick) => {
    const simulator = await startSimulator({ scenario: "last-night", latency })
    const client = await makeClient(simulator)
    const diagnose = (options: RunDiagnosis.Options) => async () => {
      const { unavailable, outcome, run } = await Effect.runPromise(
        RunDiagnosis.diagnose(options).pipe(Effect.provideService(RunsClient.RunsClient, client))
      )
      if (outcome !== "failed" || unavailable.length > 0) {
        throw new Error(`The diagnosis of run ${run?.id} is incomplete`)
      }
      return run
    }
    const latest = await diagnose({ timeZone: "UTC" })()
    return {
      title: `why a refresh failed, at ${latency} ms latency`,
      variants: [
        { name: "one bare fetch of 25 runs", run: () => fetchPage(simulator, { limit: "25", detail: "true" }) },
        { name: "the latest failure of last night", run: diagnose({ timeZone: "UTC" }) },
        { name: "the same by its id", run: diagnose({ runID: latest?.id }) }
      ],
      rounds: quick ? { warmUp: 3, measured: 9 } : { warmUp: 10, measured: 40 },
      dispose: simulator.dispose
    }
  }
}
