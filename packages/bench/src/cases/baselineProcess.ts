/**
 * Serves 28 days of 50 jobs up to now, and prints its URL: `node baselineProcess.js <count> <latency>`. A process of its own,
 * so that its work is not measured with that of its client.
 */
import { Scenario, Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import { token } from "../simulatorProcess.ts"

const jobs = 50
// The 28 days of UTC that a baseline keeps, of which today is only a part.
const days = 27

const [count, latency] = [Number(process.argv[2]), Number(process.argv[3])]

const runs = Scenario.generate({ count, now: new Date(), every: `${Math.floor(days * 86_400_000 / count)} millis` })
  .map((run) => {
    const jobID = run.id % jobs
    return { ...run, environmentID: String(jobID % 5), runDetails: { ...run.runDetails, jobID } }
  })

const serve = Effect.gen(function*() {
  const simulator = yield* Simulator.make({ runs, latency, token })
  process.stdout.write(`${simulator.url}\n`)
  return yield* Effect.never
})

process.once("SIGTERM", () => process.exit())
Effect.runFork(Effect.scoped(serve))
