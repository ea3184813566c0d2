// What an interrupted stream leaves behind.
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { scale } from "./lanes.ts"
import { epoch } from "./schedule.ts"
import type { Fault } from "./server/fault.ts"
import type { Life } from "./server/history.ts"
import { type ChaosServer, type Plan, start } from "./server/server.ts"

let server: ChaosServer

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const lives = (count: number): ReadonlyArray<Life> =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    runType: "refresh",
    environmentID: "1",
    phases: [{
      at: 0,
      runStatus: index % 9 === 0 ? "failed" : "completed",
      start: epoch + index,
      end: epoch + index + 1
    }]
  }))

const plan = (count: number, faults: Plan["faults"] = []): Plan => ({
  lives: lives(count),
  style: { says: "used", next: "last", ties: "asc", untimed: "omitted" },
  faults
})

const folder = fileURLToPath(new URL("programs/", import.meta.url))

/** Runs a program in a process of its own, so that it counts nothing of these tests. */
const run = async (program: string, ...args: ReadonlyArray<string>): Promise<unknown> => {
  const { stdout } = await promisify(execFile)("node", ["--expose-gc", folder + program, server.origin, ...args], {
    timeout: 60_000 * (1 + scale)
  })
  return JSON.parse(stdout)
}

const Counted = Schema.Struct({
  interrupted: Schema.Number,
  resources: Schema.Record(Schema.String, Schema.Number),
  fibers: Schema.Number,
  fibersStarted: Schema.Number,
  sharedListeners: Schema.Number,
  signals: Schema.Number,
  requests: Schema.Number,
  processListeners: Schema.Boolean,
  heapMB: Schema.Number
})

/** Every third request fails in another way. */
const troubles = (count: number): ReadonlyArray<Fault | undefined> =>
  Array.from({ length: count }, (_, index): Fault | undefined => {
    const at = (index % 10) / 10
    const kinds: ReadonlyArray<Fault> = [
      { kind: "reset", at },
      { kind: "cut", at, framing: "chunked" },
      { kind: "hang", at },
      { kind: "status", status: 503, body: "json", ending: "whole" },
      { kind: "drip", pieces: 5 },
      { kind: "encoding", encoding: "gzip", damage: "cut", at }
    ]
    return index % 3 === 0 ? kinds[(index / 3) % kinds.length] : undefined
  })

describe("streams that are interrupted at any moment", () => {
  it("leave no connection, timer, fiber or listener", async () => {
    const count = 400 * scale
    server.open("interrupted", plan(500, troubles(40 * count)))
    const counted = Schema.decodeUnknownSync(Counted)(await run("interrupted.mjs", "interrupted", String(count)))
    assert.deepStrictEqual(counted.resources, {})
    assert.strictEqual(counted.fibers, 0)
    assert.isAbove(counted.fibersStarted, count)
    assert.strictEqual(counted.sharedListeners, 0)
    assert.isTrue(counted.processListeners)
    assert.isAbove(counted.requests, count / 2)
    // The last ones may be held until the next collection.
    assert.isAtMost(counted.signals, 40)
    assert.isBelow(counted.heapMB, 60)
    // The program has ended, and with it the connections of its agent.
    for (let waits = 0; server.connections() > 0 && waits < 100; waits++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    assert.strictEqual(server.connections(), 0)
    server.close("interrupted")
  }, 60_000 * (1 + scale))
})

describe("pages that were read", () => {
  // A page has a thousand rows, 160 kB of text, one of a poll a hundred. What a minor collection frees does not become old.
  it.each([["list", 40], ["listOneByOne", 30], ["listPage", 30], ["history", 30], ["watch", 16]] as const)(
    "are freed by a minor collection, read by %s",
    async (how, most) => {
      const program = `${folder}promoted.mjs`
      const { stdout } = await promisify(execFile)("node", ["--expose-gc", program, how], { timeout: 60_000 })
      const { pages, perPage } = Schema.decodeUnknownSync(
        Schema.fromJsonString(Schema.Struct({ pages: Schema.Number, perPage: Schema.Number }))
      )(stdout)
      assert.isAtLeast(pages, 20)
      assert.isBelow(perPage / 1000, most)
    },
    60_000
  )
})

describe("responses without an end", () => {
  it("take no more memory than maxResponseBytes allows", async () => {
    const faults: ReadonlyArray<Fault> = [
      { kind: "endless" },
      { kind: "endless", encoding: "gzip" },
      { kind: "endless" },
      { kind: "endless", encoding: "gzip" }
    ]
    server.open("hungry", plan(5, faults))
    const { grownMB, tags } = Schema.decodeUnknownSync(
      Schema.Struct({ tags: Schema.Array(Schema.String), grownMB: Schema.Number })
    )(await run("hungry.mjs", "hungry", "4"))
    assert.deepStrictEqual(tags, Array(4).fill("ResponseTooLarge"))
    assert.isBelow(grownMB, 120)
    server.close("hungry")
  }, 60_000)
})
