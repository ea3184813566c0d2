// Reads last night's failed refreshes with `for await`, without Effect.
//
//   node examples/dist/for-await.js
import { createClient, RunsError } from "@coalesce-runs/core/promise"
import { Scenario, Simulator } from "@coalesce-runs/simulator"

// An account if `COALESCE_ACCESS_TOKEN` is set, otherwise a simulator in this process, whose night is one of this machine's zone.
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
const simulator = process.env["COALESCE_ACCESS_TOKEN"]
  ? undefined
  : await Simulator.start({ scenario: Scenario.lastNight({ now: new Date(), timeZone }) })
const client = createClient(simulator === undefined ? {} : { accessToken: simulator.token, baseUrl: simulator.url })

const query = { runType: "refresh", runStatus: "failed", detail: true, failureReasons: true } as const

try {
  let shown = 0
  for await (const run of client.listWindow("last_night", query)) {
    const { jobName, refreshDescription } = run.runDetails
    console.log(
      `run ${run.id} of ${jobName ?? refreshDescription ?? "no job"}: ${run.runFailureReason ?? "no reason given"}`
    )
    // Leaving the loop ends it: no more pages are requested.
    if (++shown === 3) break
  }
  console.log(`${shown} shown`)
} catch (error) {
  // Each error is a class of its own, and its message is a sentence.
  if (error instanceof RunsError.Unauthorized) console.error("Set COALESCE_ACCESS_TOKEN to a valid token.")
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await simulator?.close()
}
