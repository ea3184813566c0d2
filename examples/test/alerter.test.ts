// The alerter as real processes, killed at every step, against a live simulator and a signed webhook over HTTP.
import { Scenario, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { mkdirSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { start } from "./support.ts"

interface Message {
  readonly id: string
  readonly incidentID: string
  readonly sequence: number
  readonly status: "opened" | "resolved" | "updated"
  readonly jobs: ReadonlyArray<{ readonly jobID: number; readonly runID: number }>
}

const text = async (parts: AsyncIterable<unknown>): Promise<string> => {
  let text = ""
  for await (const part of parts) text += String(part)
  return text
}

/** A webhook on this machine. `onMessage` is told each message before the response, `onResponse` after. */
const webhook = Effect.acquireRelease(
  Effect.promise(async () => {
    const messages: Array<Message> = []
    const told = { onMessage: () => {}, onResponse: () => {} }
    const server = createServer((request, response) => {
      void text(request).then((json) => {
        const { data }: {
          readonly data: Omit<Message, "jobs"> & { readonly jobs: { readonly listed: Message["jobs"] } }
        } = JSON.parse(json)
        assert.strictEqual(request.headers["webhook-id"], data.id)
        messages.push({ ...data, jobs: data.jobs.listed })
        told.onMessage()
        response.on("finish", () => told.onResponse()).end("ok")
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    return { messages, told, server, url: `http://127.0.0.1:${port}/secret` }
  }),
  ({ server }) =>
    Effect.promise(() =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    )
)

const file = `
version: 1
timeZone: UTC
every: 1 second
updateEvery: 1 second
destinations:
  program:
    type: webhook
    url: \${WEBHOOK_URL}
    secret: \${WEBHOOK_SECRET}
`

const scenario = (now: string) =>
  Array.from({ length: 12 }, (_, index) => index + 1).reduce((scenario, jobID) =>
    scenario.pipe(Scenario.job({
      name: `Job ${jobID}`,
      jobID,
      environmentID: "3",
      at: { every: "10 minutes" },
      days: 1,
      takes: "3 minutes",
      nodes: 6
    })), Scenario.make({ now }))

const pause = (millis: number) => Effect.promise(() => new Promise((resolve) => setTimeout(resolve, millis)))

const hasFailed = ({ runStatus }: SimulatedRun.SimulatedRun) => runStatus === "failed"
const jobOf = ({ runDetails }: SimulatedRun.SimulatedRun) => Number(runDetails?.jobID)

const kills = 7

describe("the alerter", () => {
  it.live(
    "tells of every job that failed and was not made good, in order, under one id, and of nothing else, killed at every step",
    () =>
      Effect.gen(function*() {
        const now = new Date().toISOString()
        const simulator = yield* Simulator.make({ scenario: scenario(now), live: { speed: 300 } })
        const { messages, told, url } = yield* webhook
        const directory = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-alerter-"))),
          (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
        )
        const [state, yml] = [join(directory, "runs.state"), join(directory, "alerts.yml")]
        mkdirSync(state)
        writeFileSync(yml, file)
        const failed = Effect.map(simulator.runs, (runs) => runs.filter(hasFailed))

        /** Starts the alerter, and ends it by the signal once `until` is done. Returns what it printed. */
        const alerter = (signal: "SIGKILL" | "SIGTERM", until: Effect.Effect<unknown>) =>
          Effect.gen(function*() {
            const child = start("alerter", {
              args: [yml, state],
              env: {
                COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token),
                COALESCE_BASE_URL: simulator.url,
                WEBHOOK_URL: url,
                WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
              }
            })
            yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGKILL")))
            const stderr = text(child.stderr)
            const closed = new Promise<string | number | null>((resolve) =>
              child.on("close", (code, signal) => resolve(signal ?? code))
            )
            yield* Effect.raceFirst(
              until,
              Effect.flatMap(Effect.promise(() => closed), (end) => Effect.die(`the alerter ended by itself: ${end}`))
            )
            child.kill(signal)
            return { end: yield* Effect.promise(() => closed), stderr: yield* Effect.promise(() => stderr) }
          }).pipe(Effect.scoped)

        const request = (path: RegExp, count: number) =>
          Effect.gen(function*() {
            yield* simulator.clearRequests
            let seen = 0
            const numbers = new Set<number>()
            yield* simulator.waitForRequest((request) => {
              if (path.test(request.path) && !numbers.has(request.number)) {
                numbers.add(request.number)
                seen++
              }
              return seen >= count
            })
          })
        const onWebhook = (event: "onMessage" | "onResponse", delay: number) =>
          Effect.callback<void>((resume) => {
            told[event] = () => {
              told[event] = () => {}
              resume(delay === 0 ? Effect.void : pause(delay))
            }
          })
        const fileAppears = (name: RegExp) =>
          Effect.callback<void>((resume) => {
            const watcher = watch(state, { recursive: true }, (_event, file) => {
              if (file !== null && name.test(file)) resume(Effect.void)
            })
            return Effect.sync(() => watcher.close())
          })

        const points: ReadonlyArray<readonly [name: string, (round: number) => Effect.Effect<unknown>]> = [
          ["while it polls", (round) => request(/\/runs$/, 1 + round)],
          ["while it diagnoses", (round) => request(/\/results$/, 1 + round)],
          ["after a post that has no response", () => onWebhook("onMessage", 0)],
          ["between a post and its mark", (round) => onWebhook("onResponse", round)],
          ["while it saves the incidents", () => fileAppears(/^alerts-incidents\.\d+$/)],
          ["while it stores a message", () => fileAppears(/\.ready$/)],
          ["between two saves", () => fileAppears(/^alerts\.\d+$/)]
        ]

        // What fails before the first poll is not news.
        yield* alerter("SIGTERM", fileAppears(/^alerts\.\d+$/))
        const before = new Set((yield* failed).map(({ id }) => id))

        for (let kill = 0; kill < kills; kill++) {
          const [name, until] = points[kill % points.length] ?? ["", () => Effect.never]
          const { end, stderr } = yield* alerter("SIGKILL", until(Math.floor(kill / points.length))).pipe(
            Effect.timeoutOrElse({
              duration: "20 seconds",
              orElse: () => Effect.die(`no kill ${name} within 20 seconds`)
            })
          )
          assert.deepStrictEqual([end, stderr], ["SIGKILL", ""], name)
        }

        const expected = (yield* failed).filter(({ id }) => !before.has(id))
        // A run that completed after it may have made it good before anybody saw it fail.
        const untold = Effect.map(simulator.runs, (runs) =>
          expected.filter((run) =>
            !messages.some(({ jobs }) =>
              jobs.some(({ jobID }) => jobID === jobOf(run))
            ) &&
            !runs.some((later) => later.id > run.id && jobOf(later) === jobOf(run) && later.runStatus === "completed")
          ).map(({ id }) => id))
        yield* alerter(
          "SIGTERM",
          Effect.delay(untold, "50 millis").pipe(Effect.repeat({ until: (ids) => Effect.succeed(ids.length === 0) }))
        ).pipe(Effect.timeoutOrElse({
          duration: "30 seconds",
          orElse: () => Effect.flatMap(untold, (ids) => Effect.die(`lost: ${ids.join(", ")}`))
        }))

        const runs = new Map((yield* simulator.runs).map((run) => [run.id, run]))
        const incidentIDs = new Set(messages.map(({ incidentID }) => incidentID))
        assert.isNotEmpty(expected)
        for (const incident of incidentIDs) {
          const ofIncident = messages.filter(({ incidentID }) => incidentID === incident)
          // In order, none missing. One that was sent again has the same id.
          const distinct = ofIncident.filter(({ id }, index) => ofIncident.findIndex((one) => one.id === id) === index)
          assert.deepStrictEqual(distinct.map(({ sequence }) => sequence), distinct.map((_, index) => index + 1))
          assert.strictEqual(distinct[0]?.status, "opened")
          // Nothing that did not fail.
          for (const { jobs } of ofIncident) {
            for (const { runID } of jobs) assert.strictEqual(runs.get(runID)?.runStatus, "failed", `run ${runID}`)
          }
        }
        // A kill between a post and its mark posts again: that is why there is an id.
        assert.isAbove(messages.length, new Set(messages.map(({ id }) => id)).size)
      }).pipe(Effect.scoped),
    240_000
  )
})
