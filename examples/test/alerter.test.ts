// The alerter as real processes, killed at every step, against a live simulator and a webhook over HTTP.
import { Scenario, type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { mkdirSync, mkdtempSync, rmSync, watch } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { start } from "./support.ts"

interface Message {
  /** The id of the event. */
  readonly key: string
  readonly runID: number
  readonly text: string
  readonly fields: ReadonlyArray<string>
}

const text = async (parts: AsyncIterable<unknown>): Promise<string> => {
  let text = ""
  for await (const part of parts) text += String(part)
  return text
}

/** A local webhook as Slack's: it takes `{ "text": … }`. `onMessage` is told each message before the response, `onResponse` after. */
const webhook = Effect.acquireRelease(
  Effect.promise(async () => {
    const messages: Array<Message> = []
    const told = { onMessage: () => {}, onResponse: () => {} }
    const server = createServer((request, response) => {
      void text(request).then((json) => {
        const body: { readonly text: string } = JSON.parse(json)
        const runID = Number(/^Run (\d+) failed: /.exec(body.text)?.[1])
        const key = String(request.headers["idempotency-key"])
        messages.push({ key, runID, text: body.text, fields: Object.keys(body) })
        told.onMessage()
        response.on("finish", () => told.onResponse()).end("ok")
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const address = server.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    return { messages, told, server, url: `http://127.0.0.1:${port}/services/T0/B0/secret` }
  }),
  ({ server }) =>
    Effect.promise(() =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    )
)

const scenario = (now: string) =>
  Array.from({ length: 6 }, (_, index) => index + 1).reduce((scenario, jobID) =>
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

const kills = 24

describe("the alerter", () => {
  it.live(
    "posts every failure at least once under one id, and nothing else, killed at every step",
    () =>
      Effect.gen(function*() {
        const simulator = yield* Simulator.make({ scenario: scenario("2026-03-10T08:00:00Z"), live: { speed: 300 } })
        const { messages, told, url } = yield* webhook
        const directory = yield* Effect.acquireRelease(
          Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-alerter-"))),
          (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
        )
        const state = join(directory, "runs.state")
        mkdirSync(state)
        const failed = Effect.map(simulator.runs, (runs) => runs.filter(hasFailed))

        let children = 0
        /** Starts the alerter, and ends it by the signal once `until` is done. Returns what it printed. */
        const alerter = (signal: "SIGKILL" | "SIGTERM", until: Effect.Effect<unknown>) =>
          Effect.gen(function*() {
            children++
            const child = start("alerter", {
              env: {
                COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token),
                COALESCE_BASE_URL: simulator.url,
                COALESCE_ALERTS_WEBHOOK: url,
                COALESCE_ALERTS_STATE: state,
                COALESCE_ALERTS_EVERY: "100 millis"
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
            const watcher = watch(state, (_event, file) => {
              if (file !== null && name.test(file)) resume(Effect.void)
            })
            return Effect.sync(() => watcher.close())
          })

        const points: ReadonlyArray<readonly [name: string, (round: number) => Effect.Effect<unknown>]> = [
          ["while it polls", (round) => request(/\/runs$/, 1 + round)],
          ["while it diagnoses", (round) => request(/\/results$/, 1 + round)],
          ["after a post that has no response", () => onWebhook("onMessage", 0)],
          ["between a post and its save", (round) => onWebhook("onResponse", round)],
          ["while it saves", () => fileAppears(/^\./)],
          ["between two saves", () => fileAppears(/^alerter\.\d+$/)]
        ]

        // What fails before the first poll is not news.
        const old = new Set((yield* failed).map(({ id }) => id))
        yield* alerter("SIGTERM", fileAppears(/^alerter\.\d+$/))
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
        const isTold = ({ id }: SimulatedRun.SimulatedRun) => messages.some(({ runID }) => runID === id)
        yield* alerter(
          "SIGTERM",
          Effect.whileLoop({
            while: () => !expected.every(isTold),
            body: () => pause(50),
            step: () => {}
          })
        ).pipe(Effect.timeoutOrElse({
          duration: "30 seconds",
          orElse: () => Effect.die(`lost: ${expected.filter((run) => !isTold(run)).map(({ id }) => id).join(", ")}`)
        }))

        assert.strictEqual(children, kills + 2)
        assert.isAtLeast(expected.length, 10)
        // A kill between a post and its save posts again: that is why there is an id.
        assert.isAbove(messages.length, new Set(messages.map(({ key }) => key)).size)
        const runs = new Map((yield* simulator.runs).map((run) => [run.id, run]))
        for (const { fields, key, runID, text } of messages) {
          assert.deepStrictEqual(fields, ["text"])
          const { runEndTime, runFailureReason = "", runStatus } = runs.get(runID) ?? {}
          assert.strictEqual(runStatus, "failed", text)
          assert.isFalse(old.has(runID), text)
          assert.strictEqual(key, `${simulator.url}/runs/${runID}/failed/${runEndTime}`)
          const [node = "-"] = runFailureReason.split(":")
          assert.include(text, node)
          assert.match(text, /\((?:\w+ \d{6})\)/, "the cause and its code")
        }
      }).pipe(Effect.scoped),
    240_000
  )
})
