import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as concurrency from "../../src/history/concurrency.ts"
import { RunsError } from "../../src/index.ts"

const common = { request: { method: "GET", url: "https://coalesce.example/api/v1/runs" }, attempts: 1 } as const
const tooMany = new RunsError.TooManyRequests(common)
const unavailable = new RunsError.ServiceUnavailable(common)
const badGateway = new RunsError.BadGateway(common)
const timedOut = new RunsError.RequestTimeout({ ...common, timeout: Duration.seconds(30) })

type Step =
  | readonly [rows: number, sentAt: number, took: number]
  | readonly [error: RunsError.RunsError, sentAt: number, at: number]

const play = (begun: concurrency.State, steps: ReadonlyArray<Step>): ReadonlyArray<number> => {
  let state = begun
  return steps.map((step) => {
    const [what, sentAt, time] = step
    state = typeof what === "number"
      ? concurrency.answered(state, { rows: what, sentAt, endedAt: sentAt + time })
      : concurrency.failed(state, what, sentAt, time)
    return state.current
  })
}

interface Case {
  readonly name: string
  readonly concurrency?: number
  readonly least?: number
  readonly steps: ReadonlyArray<Step>
  readonly current: ReadonlyArray<number>
}

const cases: ReadonlyArray<Case> = [
  {
    name: "grows by one with each page in time, up to 16",
    steps: Array.from({ length: 10 }, (_, n) => [1000, n, 50] as const),
    current: [9, 10, 11, 12, 13, 14, 15, 16, 16, 16]
  },
  {
    name: "stays where pages take twice as long as at their best, and is halved where they take four times as long",
    steps: [[1000, 0, 50], [1000, 5, 100], [1000, 10, 101], [1000, 20, 200], [1000, 30, 201]],
    current: [9, 10, 10, 10, 5]
  },
  {
    name: "is halved at once by a refusal, and once for all that was sent before",
    steps: [[1000, 0, 50], [tooMany, 60, 100], [tooMany, 60, 101], [unavailable, 70, 102], [tooMany, 100, 160]],
    current: [9, 4, 4, 4, 2]
  },
  {
    name: "grows again after a refusal",
    steps: [[1000, 0, 50], [tooMany, 60, 100], [1000, 110, 50], [1000, 110, 50]],
    current: [9, 4, 5, 6]
  },
  {
    name: "is never less than the requests of one page",
    least: 2,
    steps: Array.from({ length: 6 }, (_, n) => [tooMany, n * 10, n * 10 + 5] as const),
    current: [4, 2, 2, 2, 2, 2]
  },
  {
    name: "is halved by each kind of error that says that a server is overloaded",
    steps: [[tooMany, 0, 10], [unavailable, 20, 30], [timedOut, 40, 50]],
    current: [4, 2, 1]
  },
  {
    name: "measures a page by pages of half as many rows, and not by shorter ones",
    steps: [[500, 0, 20], [1000, 30, 50], [500, 90, 90]],
    current: [9, 9, 4]
  },
  {
    name: "learns nothing from other errors",
    steps: [[badGateway, 0, 10]],
    current: [8]
  },
  {
    name: "learns nothing from a page of few rows, which is faster, and measures longer pages anew",
    steps: [[25, 0, 5], [1000, 10, 50], [25, 70, 5], [1000, 80, 60], [600, 150, 60]],
    current: [9, 10, 10, 11, 12]
  },
  {
    name: "takes pages within 5 ms for equally fast",
    steps: [[1000, 0, 0], [1000, 10, 5], [1000, 20, 3]],
    current: [9, 10, 11]
  },
  {
    name: "does not change where it was asked for",
    concurrency: 4,
    steps: [[1000, 0, 50], [tooMany, 60, 100], [1000, 110, 500]],
    current: [4, 4, 4]
  }
]

describe("the concurrency of RunHistory", () => {
  it.each(cases)("$name", ({ concurrency: asked, current, least = 1, steps }) => {
    assert.deepStrictEqual(play(concurrency.begin(asked, least), steps), current)
  })
})
