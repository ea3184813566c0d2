// What schedules meet by chance, met in full: each status with each body, each byte at which a response can end, each odd row at each
// place, each Retry-After, each wrong body in each encoding.
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { scale } from "./lanes.ts"
import { life, plain } from "./plain.ts"
import { play } from "./play.ts"
import { oddities, type Schedule } from "./schedule.ts"
import { type Fault, retryAfters, statusBodies, wrongBodies } from "./server/fault.ts"
import { type ChaosServer, start } from "./server/server.ts"

let server: ChaosServer
let tokens = 0

beforeAll(async () => {
  server = await start()
})

afterAll(() => server.stop())

const isFull = scale >= 5

/** Plays them all, some at once, until some are wrong. */
const playAll = async (schedules: ReadonlyArray<Schedule>): Promise<void> => {
  const wrong: Array<string> = []
  const rest = schedules.values()
  await Promise.all(Array.from({ length: 24 }, async () => {
    for (const schedule of rest) {
      const what = await Effect.runPromise(play(server, schedule, `sweep_${tokens++}_+/=~cAnArY0123456789`))
      if (what !== undefined) wrong.push(`${what}\n${JSON.stringify(schedule)}`)
      if (wrong.length > 3) return
    }
  }))
  expect(wrong).toEqual([])
}

const lives = [life(1, 1), life(2, 2), life(4, 3)]

const meeting = (fault: Fault, retries = 0): Schedule => ({ ...plain, lives, faults: [fault], retries })

/** In full each of these, in the short form every n-th. */
const some = <A>(all: ReadonlyArray<A>, nth: number): ReadonlyArray<A> =>
  isFull ? all : all.filter((_, index) => index % nth === 0)

const statuses = Array.from({ length: 399 }, (_, index) => 201 + index)

const named = [400, 401, 403, 404, 429, 500, 502, 503, 504]

/** So many steps are more than a response of one run has bytes. */
const bytes = Array.from({ length: 500 }, (_, index) => index / 500)

const framings = ["length", "chunked", "close"] as const

describe("reading runs", () => {
  it("ends with the right error, and resumes, for each status with each body", async () => {
    const pairs = statuses.flatMap((status, index) =>
      statusBodies.filter((_, body) =>
        isFull || named.includes(status) || (index % 5 === 0 && body === (index / 5) % statusBodies.length)
      )
        .map((body) => meeting({ kind: "status", status, body, ending: "whole" }))
    )
    await playAll(pairs)
  }, 60_000 + 20_000 * scale)

  it(
    "ends with the right error, and resumes, where a response ends at each byte, in order or with a reset",
    async () => {
      const cut = bytes.flatMap((at) => [
        ...framings.map((framing): Fault => ({ kind: "cut", at, framing })),
        { kind: "reset", at } as const
      ])
      // Each run alone, so that a response is short.
      const one = some(cut, 7).map((fault): Schedule => ({ ...meeting(fault), lives: [life(1, 1)] }))
      await playAll(one)
    },
    60_000 + 20_000 * scale
  )

  it(
    "ends with the right error, and resumes, where each byte of an encoded body is the last one or is wrong",
    async () => {
      const faults = bytes.filter((_, index) => index % 2 === 0).flatMap((at) =>
        (["gzip", "deflate", "br"] as const).flatMap((encoding) =>
          // Brotli has no checksum, so that a wrong byte can change the page in silence.
          (encoding === "br" ? ["cut"] as const : ["cut", "flip"] as const).map((damage): Fault => ({
            kind: "encoding",
            encoding,
            damage,
            at
          }))
        )
      )
      await playAll(some(faults, 7).map((fault): Schedule => ({ ...meeting(fault), lives: [life(1, 1)] })))
    },
    60_000 + 20_000 * scale
  )

  it("waits as each Retry-After asks, or says what it asks", async () => {
    await playAll(
      retryAfters.flatMap((retryAfter) =>
        [429, 503].flatMap((status) =>
          [0, 1].map((retries) =>
            meeting({ kind: "status", status, body: "json", retryAfter, ending: "whole" }, retries)
          )
        )
      )
    )
  }, 60_000)

  it("waits as each Retry-After of a 429 and a 503 asks, with the retries that a client has by default", async () => {
    await playAll(
      ([...retryAfters, "0.4", "near date"] as const).flatMap((retryAfter) =>
        [429, 503].map((status) => ({
          ...meeting({ kind: "status", status, body: "json", retryAfter, ending: "whole" }),
          hasDefaultRetry: true
        }))
      )
    )
  }, 60_000)

  it("ends with the right error, and resumes, for each body that is no page, in each encoding", async () => {
    await playAll(wrongBodies.flatMap((body) =>
      ([undefined, "gzip", "br", "deflate"] as const).flatMap((encoding) => ({
        ...meeting({ kind: "body", body }),
        encoding
      }))
    ))
  }, 60_000)

  it("tells or skips each odd row at each place of a page, and loses no other", async () => {
    const all = oddities.flatMap((oddity) =>
      [1, 2, 3, 4].flatMap((odd) =>
        (["list", "listPage", "history"] as const).flatMap((reader) =>
          (["fail", "skip"] as const).flatMap((undecodableRows) =>
            [true, false].map((detail): Schedule => ({
              ...plain,
              reader,
              lives: [1, 2, 3, 4].map((id) => life(id + 1, id, id === odd ? oddity : undefined)),
              query: { ...plain.query, undecodableRows, detail, pageSize: 5 }
            }))
          )
        )
      )
    )
    await playAll(some(all, 5))
  }, 60_000 + 20_000 * scale)
})
