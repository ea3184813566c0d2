/**
 * `watch --alerts` as a process on a simulator and destinations over real HTTP, killed at random moments: 20 times, or as often as
 * `COALESCE_KILLS` says.
 */
import type { SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { receiver, type Taken } from "./receiver.ts"
import { simulated, start } from "./support.ts"

const kills = Number(process.env["COALESCE_KILLS"] ?? 20)

const file = `
version: 1
timeZone: UTC
every: 1 second
heartbeat: \${HEARTBEAT}
destinations:
  team:
    type: slackWebhook
    url: \${SLACK}
  program:
    type: webhook
    url: \${WEBHOOK}
    secret: \${SECRET}
`

const Payload = Schema.fromJsonString(Schema.Struct({
  type: Schema.String,
  data: Schema.Struct({
    kind: Schema.String,
    jobs: Schema.Struct({ listed: Schema.Array(Schema.Struct({ runID: Schema.Int })) })
  })
}))
const decode = Schema.decodeUnknownSync(Payload)

/** Lets runs of one job each appear, complete and fail. */
const makeWorld = (simulator: Simulator.Simulator["Service"]) => {
  const runs = new Map<number, SimulatedRun.SimulatedRun>()
  const ended = (run: SimulatedRun.SimulatedRun, runStatus: string) => ({
    ...run,
    runStatus,
    runEndTime: new Date().toISOString()
  })
  const publish = simulator.update(() => [...runs.values()])
  const step = Effect.gen(function*() {
    const open = [...runs.values()].filter(({ runStatus }) => runStatus === "running")
    if (open.length < 10) {
      const id = runs.size + 1
      runs.set(id, {
        id,
        runType: "refresh",
        runStatus: "running",
        environmentID: "3",
        runStartTime: new Date().toISOString(),
        runDetails: { environmentID: "3", jobID: id, jobName: `Job ${id}`, nodesInRun: 1 }
      })
    }
    for (const run of open) {
      const chance = yield* Random.next
      if (chance < 0.04) runs.set(run.id, ended(run, chance < 0.02 ? "failed" : "completed"))
    }
    yield* publish
  })
  return { runs, goOn: Effect.forever(Effect.andThen(step, Effect.sleep("100 millis"))) }
}

it.live(
  `alerts that are killed ${kills} times tell every failure under one id, and nothing else, and a destination that was down gets all`,
  () =>
    Effect.gen(function*() {
      const directory = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-alerts-"))),
        (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
      )
      const [state, yml] = [join(directory, "state"), join(directory, "alerts.yml")]
      writeFileSync(yml, file)
      const { env, simulator } = yield* simulated({ runs: [] })
      const { down, taken, url } = yield* receiver
      const { goOn, runs } = makeWorld(simulator)

      /** Runs the service until a signal ends it. */
      const serve = (signal: "SIGKILL" | "SIGTERM", until: Effect.Effect<unknown>) =>
        Effect.gen(function*() {
          const child = start(["watch", "--alerts", yml, "--since", "0", "--state", state, "--json"], {
            ...env,
            SLACK: `${url}/slack`,
            WEBHOOK: `${url}/webhook`,
            HEARTBEAT: `${url}/heartbeat`,
            SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
          })
          yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGKILL")))
          let stderr = ""
          child.stderr.on("data", (chunk) => stderr += String(chunk))
          child.stdout.resume()
          const closed = new Promise<number | string | null>((resolve) =>
            child.once("close", (code, ended) => resolve(ended ?? code))
          )
          yield* Effect.raceFirst(
            until,
            Effect.flatMap(Effect.promise(() => closed), (end) => Effect.die(`it ended by itself: ${end} ${stderr}`))
          )
          child.kill(signal)
          return { end: yield* Effect.promise(() => closed), stderr }
        }).pipe(Effect.scoped)

      const takenAt = (path: string) => taken.filter((one) => one.path === path)
      /** Waits for the next message, at most a while. */
      const nextMessage = Effect.gen(function*() {
        const before = taken.length
        yield* Effect.sleep("1 millis").pipe(
          Effect.repeat({ until: () => Effect.sync(() => taken.length > before) }),
          Effect.timeoutOption("2 seconds")
        )
      })

      yield* Effect.gen(function*() {
        for (let kill = 0; kill < kills; kill++) {
          // Slack is down for a quarter of the time.
          if (kill % 8 === 4) down.add("/slack")
          if (kill % 8 === 6) down.delete("/slack")
          // Every second one dies around a message, the others at any point of their life.
          const until = kill % 2 === 0
            ? Effect.sleep(`${yield* Random.nextIntBetween(200, 1600)} millis`)
            : Effect.andThen(nextMessage, Effect.sleep(`${yield* Random.nextIntBetween(0, 20)} millis`))
          const { end } = yield* serve("SIGKILL", until)
          assert.strictEqual(end, "SIGKILL")
        }
      }).pipe(Effect.raceFirst(goOn))
      down.clear()

      const failed = [...runs.values()].filter(({ runStatus }) => runStatus === "failed").map(({ id }) => id)
      const toldBySlack = () =>
        new Set(
          takenAt("/slack").flatMap(({ body }) => [...body.matchAll(/Run (\d+) failed/g)].map(([, id]) => Number(id)))
        )
      const runIDs = ({ body }: Taken) => decode(body).data.jobs.listed.map(({ runID }) => runID)
      const told = () => new Set(takenAt("/webhook").flatMap(runIDs))
      const isDone = () =>
        failed.every((id) => toldBySlack().has(id) && told().has(id)) && takenAt("/heartbeat").length > 0
      const { end, stderr } = yield* serve(
        "SIGTERM",
        Effect.sleep("50 millis").pipe(
          Effect.repeat({ until: () => Effect.sync(isDone) }),
          // A process that is killed within two seconds tells little: most is told now, with a diagnosis each.
          Effect.timeoutOption(`${90 + 2 * kills} seconds`),
          Effect.andThen(Effect.sleep("500 millis"))
        )
      )
      assert.deepStrictEqual([end, stderr], [0, ""])

      assert.isAbove(failed.length, kills / 2)
      // Every failure, and nothing that did not fail.
      assert.sameMembers([...told()], failed)
      assert.sameMembers([...toldBySlack()], failed)
      // Each under one id, whatever was killed in between.
      const ids = new Map<number, Set<string | undefined>>()
      for (const one of takenAt("/webhook")) {
        assert.strictEqual(decode(one.body).type, "incident.opened")
        for (const runID of runIDs(one)) ids.set(runID, new Set([...ids.get(runID) ?? [], one.id]))
      }
      for (const [runID, named] of ids) assert.lengthOf(named, 1, `run ${runID}`)
      assert.isNotEmpty(takenAt("/heartbeat"))
    }).pipe(Effect.scoped, Random.withSeed("alerts")),
  180_000 + kills * 6000
)
