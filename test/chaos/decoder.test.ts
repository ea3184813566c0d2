// Whatever bytes come, a reader gets a typed error, or rows that encode back. Nothing hangs, and nothing dies.
import { Run, RunResult, RunsClient } from "@coalesce-runs/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Retry from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { type Reply, reply } from "./decoder.ts"
import { inLanes, scale } from "./lanes.ts"

const read = ({ detail, endpoint, skips }: Reply, client: RunsClient.Shape) => {
  switch (endpoint) {
    case "runs":
      return Effect.map(
        client.listPage({ detail, undecodableRows: skips ? "skip" : "fail" }),
        ({ runs }): ReadonlyArray<unknown> => runs
      )
    case "run":
      return Effect.map(client.get(9), (run): ReadonlyArray<unknown> => [run])
    case "results":
      return Effect.map(client.results(9), (results): ReadonlyArray<unknown> => results)
    case "schedulerStatus":
      return Effect.map(client.schedulerStatus(9), (status): ReadonlyArray<unknown> => [status])
  }
}

/** Encodes a value as JSON and decodes it again. */
const through = <A, I>(schema: Schema.Codec<A, I>) => {
  const encode = Schema.encodeUnknownSync(schema)
  const decode = Schema.decodeUnknownSync(schema)
  return (value: unknown): unknown => decode(JSON.parse(JSON.stringify(encode(value))))
}

const run = through(Run.Run)

const throughs = {
  runs: run,
  run,
  results: through(RunResult.RunResult),
  schedulerStatus: through(Run.SchedulerStatus)
}

const summary = through(Run.RunSummary)

/** Returns what is wrong with a response's reading; undefined where all is right. */
const decode = async (drawn: Reply): Promise<string | undefined> => {
  const fetch: typeof globalThis.fetch = () =>
    Promise.resolve(new Response(drawn.body, { status: drawn.status, headers: { "content-type": "application/json" } }))
  const layer = FetchHttpClient.layer.pipe(Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch)))
  const begun = performance.now()
  const exit = await RunsClient.make({ accessToken: "a-token-of-tests", retry: Retry.recurs(0) }).pipe(
    Effect.orDie,
    Effect.flatMap((client) => read(drawn, client)),
    Effect.result,
    Effect.provide(layer),
    Effect.runPromiseExit
  )
  const spent = performance.now() - begun
  if (spent > 10_000) return `it took ${spent} ms`
  if (Exit.isFailure(exit)) return `it died: ${String(exit.cause)}`
  if ("polluted" in {}) return "a prototype was changed"
  const result = exit.value
  if (Result.isFailure(result)) {
    return result.failure.message.length > 5000
      ? "an error has a text without bound"
      : undefined
  }
  const again = drawn.endpoint === "runs" && !drawn.detail ? summary : throughs[drawn.endpoint]
  for (const value of result.success) assert.deepStrictEqual(again(value), value)
  return undefined
}

describe("decoding what a server sends", () => {
  it("gives a typed error, or rows that encode back, for any bytes, texts and trees", async () => {
    await inLanes(reply, 1200 * scale, decode, 8)
  }, 60_000 + 150_000 * scale)

  it("holds nothing of what it has decoded, or refused", async () => {
    const replies = fc.sample(reply, { numRuns: 200 * Math.min(4, scale), seed: 20261126 }).map((one) => ({
      ...one,
      body: Buffer.from(one.body).toString("base64")
    }))
    const program = fileURLToPath(new URL("programs/decoded.mjs", import.meta.url))
    const child = spawn("node", ["--expose-gc", program, "4"], { stdio: ["pipe", "pipe", "inherit"] })
    const output = text(child.stdout)
    child.stdin.end(JSON.stringify(replies))
    const { decoded, grownMB } = Schema.decodeUnknownSync(
      Schema.fromJsonString(Schema.Struct({ decoded: Schema.Number, grownMB: Schema.Number }))
    )(await output)
    assert.isAbove(decoded, replies.length)
    // Warm code takes a little more each time. What is held of each reply would be there four times.
    assert.isBelow(grownMB, 1)
  }, 60_000 + 20_000 * scale)
})
