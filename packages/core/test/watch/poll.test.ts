/** Long because the cases of a poll are one table. */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import { Run, RunCursor, type RunsClient, RunsError } from "../../src/index.ts"
import type { Event } from "../../src/watch/event.ts"
import * as poll from "../../src/watch/poll.ts"

const run = ([id, runStatus]: readonly [number, string]): Run.RunSummary => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus
})

interface PageOptions {
  readonly hasMore?: boolean
  readonly undecodable?: ReadonlyArray<number | undefined>
}

/** A page in its order: each row is an id and a status. */
const page = (
  rows: ReadonlyArray<readonly [number, string]>,
  { hasMore = false, undecodable = [] }: PageOptions = {}
): RunsClient.RunPage<Run.RunSummary> => {
  const cursor = RunCursor.start({ orderBy: "id", orderByDirection: "desc" })
  const last = rows.at(-1)?.[0]
  return {
    orderBy: "id",
    orderByDirection: "desc",
    runs: rows.map(run),
    undecodable: undecodable.map((id, index) => ({
      id: id === undefined ? undefined : Run.RunId.make(id),
      index,
      path: "runStatus",
      issue: "Expected string"
    })),
    cursor: last === undefined ? cursor : { ...cursor, value: last },
    hasMore
  }
}

const request = { method: "GET", url: "https://coalesce.example/api/v1/runs" } as const
const unavailable = new RunsError.ServiceUnavailable({ request, status: 503 })
const throttled = (retryAfter: Duration.Input) =>
  new RunsError.TooManyRequests({ request, status: 429, retryAfter: Duration.fromInputUnsafe(retryAfter) })

const show = (event: Event): string => {
  switch (event._tag) {
    case "Appeared":
      return `${event.run.id} appeared`
    case "StatusChanged":
      return `${event.run.id} changed from ${event.from} to ${event.to}`
    case "Ended":
      return `${event.run.id} ended ${event.to}${event.from === undefined ? "" : ` from ${event.from}`}`
    case "Untracked":
      return `${event.runID} untracked as ${event.lastStatus}: ${event.reason}`
    case "PollFailed":
      return `${event.error._tag}, retry in ${Duration.toSeconds(event.retryIn)} s`
  }
}

interface Call {
  /** `direction limit`, and the id it starts from. */
  readonly request: string
  readonly response: RunsClient.RunPage<Run.RunSummary> | RunsClient.ListError
  readonly events?: ReadonlyArray<string>
  /** Seconds before the next request. */
  readonly wait: number
}

interface Case {
  readonly name: string
  readonly options?: Partial<poll.Options>
  readonly calls: ReadonlyArray<Call>
}

const newest = "desc 100"
const startWith = (...rows: ReadonlyArray<readonly [number, string]>): Call => ({
  request: newest,
  response: page(rows),
  wait: 30
})

const cases: ReadonlyArray<Case> = [
  {
    name: "reports nothing of the runs that exist at the start",
    calls: [startWith([2, "running"], [1, "failed"]), {
      request: newest,
      response: page([[2, "running"], [1, "failed"]]),
      wait: 30
    }]
  },
  {
    name: "reports new runs and changes, the oldest first",
    calls: [startWith([2, "running"], [1, "waitingToRun"]), {
      request: newest,
      response: page([[4, "failed"], [3, "running"], [2, "completed"], [1, "running"]]),
      events: [
        "1 changed from waitingToRun to running",
        "2 ended completed from running",
        "3 appeared",
        "4 appeared",
        "4 ended failed"
      ],
      wait: 30
    }]
  },
  {
    name: "reports a run that ended and runs again",
    calls: [startWith([1, "failed"]), {
      request: newest,
      response: page([[1, "running"]]),
      events: ["1 changed from failed to running"],
      wait: 30
    }]
  },
  {
    name: "finds new runs in an account that had none",
    calls: [startWith(), { request: newest, response: page([[0, "running"]]), events: ["0 appeared"], wait: 30 }]
  },
  {
    name: "starts from since at once, and reports every run behind it",
    options: { since: 7 },
    calls: [
      { request: "desc 100 from 8", response: page([[7, "running"], [6, "running"]]), wait: 0 },
      {
        request: "asc 1000 from 7",
        response: page([[8, "failed"]]),
        events: ["8 appeared", "8 ended failed"],
        wait: 30
      },
      {
        request: newest,
        response: page([[8, "failed"], [7, "failed"], [6, "running"]]),
        events: ["7 ended failed from running"],
        wait: 30
      }
    ]
  },
  {
    name: "catches up, a page at a time, where the newest page does not reach the last known run",
    calls: [
      startWith([1, "completed"]),
      { request: newest, response: page([[300, "running"], [201, "running"]], { hasMore: true }), wait: 0 },
      {
        request: "asc 1000 from 1",
        response: page([[2, "running"], [3, "running"]], { hasMore: true }),
        events: ["2 appeared", "3 appeared"],
        wait: 0
      },
      { request: "asc 1000 from 3", response: page([[300, "running"]]), events: ["300 appeared"], wait: 30 }
    ]
  },
  {
    name: "waits before it requests a page again that did not advance",
    options: { since: 5 },
    calls: [
      { request: "desc 100 from 6", response: page([]), wait: 0 },
      { request: "asc 1000 from 5", response: page([], { hasMore: true }), wait: 30 },
      { request: newest, response: page([[6, "running"]]), events: ["6 appeared"], wait: 30 }
    ]
  },
  {
    name: "untracks a run that its page should hold, and forgets one that had ended",
    calls: [startWith([3, "running"], [2, "completed"], [1, "running"]), {
      request: newest,
      response: page([[1, "running"]]),
      events: ["3 untracked as running: Deleted"],
      wait: 30
    }]
  },
  {
    name: "keeps a run whose row is undecodable, and every run where such a row has no id",
    calls: [
      startWith([3, "running"], [2, "running"], [1, "running"]),
      {
        request: newest,
        response: page([[3, "running"]], { undecodable: [2] }),
        events: ["1 untracked as running: Deleted"],
        wait: 30
      },
      { request: newest, response: page([[3, "running"]], { undecodable: [undefined] }), wait: 30 },
      { request: newest, response: page([[3, "running"]]), events: ["2 untracked as running: Deleted"], wait: 30 }
    ]
  },
  {
    name: "reads runs that are older than the newest page, as far as each page reaches",
    calls: [
      startWith([250, "completed"], [151, "completed"], [40, "running"], [20, "running"], [10, "running"]),
      { request: newest, response: page([[250, "completed"], [151, "completed"]], { hasMore: true }), wait: 0 },
      {
        request: "desc 31 from 41",
        response: page([[40, "completed"], [30, "failed"]], { hasMore: true }),
        events: ["40 ended completed from running"],
        wait: 0
      },
      {
        request: "desc 11 from 21",
        response: page([[10, "failed"]], { hasMore: true }),
        events: ["10 ended failed from running", "20 untracked as running: Deleted"],
        wait: 30
      },
      { request: newest, response: page([[250, "completed"], [151, "completed"]], { hasMore: true }), wait: 30 }
    ]
  },
  {
    name: "continues with the next older run where a page does not reach the first",
    calls: [
      startWith([250, "completed"], [40, "running"], [20, "running"]),
      { request: newest, response: page([[250, "completed"]], { hasMore: true }), wait: 0 },
      { request: "desc 21 from 41", response: page([[250, "completed"]], { hasMore: true }), wait: 0 },
      {
        request: "desc 1 from 21",
        response: page([[20, "failed"]]),
        events: ["20 ended failed from running"],
        wait: 30
      }
    ]
  },
  {
    name: "does not report an old run that a deletion moves into the newest page",
    calls: [
      { request: newest, response: page([[250, "completed"], [151, "completed"]], { hasMore: true }), wait: 30 },
      { request: newest, response: page([[151, "completed"], [150, "running"]], { hasMore: true }), wait: 30 }
    ]
  },
  {
    name: "stops a poll after 10 pages of older runs, and continues there in the next",
    calls: [
      startWith([1300, "completed"], ...Array.from({ length: 12 }, (_, n) => [1200 - 100 * n, "running"] as const)),
      {
        request: newest,
        response: page([[1300, "completed"]], { hasMore: true }),
        wait: 0
      },
      ...Array.from({ length: 10 }, (_, n): Call => ({
        request: `desc 100 from ${1201 - 100 * n}`,
        response: page([[1200 - 100 * n, "running"]], { hasMore: true }),
        wait: n === 9 ? 30 : 0
      })),
      { request: newest, response: page([[1300, "completed"]], { hasMore: true }), wait: 0 },
      { request: "desc 100 from 201", response: page([[200, "running"]], { hasMore: true }), wait: 0 },
      { request: "desc 1 from 101", response: page([[100, "running"]], { hasMore: true }), wait: 30 },
      { request: newest, response: page([[1300, "completed"]], { hasMore: true }), wait: 0 },
      { request: "desc 100 from 1201", response: page([[1200, "running"]], { hasMore: true }), wait: 0 }
    ]
  },
  {
    name: "untracks the oldest runs beyond maxWatched, and does not find them new afterwards",
    options: { maxWatched: 2 },
    calls: [
      startWith([2, "running"], [1, "running"]),
      {
        request: newest,
        response: page([[3, "running"], [2, "running"], [1, "running"]]),
        events: ["3 appeared", "1 untracked as running: LimitReached"],
        wait: 30
      },
      { request: newest, response: page([[3, "running"], [2, "running"], [1, "failed"]]), wait: 30 }
    ]
  },
  {
    name: "doubles the wait with each failure, up to 10 times every, and starts over after a success",
    calls: [
      startWith([1, "running"]),
      ...[30, 60, 120, 240, 300, 300].map((wait): Call => ({
        request: newest,
        response: unavailable,
        events: [`ServiceUnavailable, retry in ${wait} s`],
        wait
      })),
      { request: newest, response: page([[1, "failed"]]), events: ["1 ended failed from running"], wait: 30 },
      { request: newest, response: unavailable, events: ["ServiceUnavailable, retry in 30 s"], wait: 30 }
    ]
  },
  {
    name: "waits as long as the server says, if that is longer",
    calls: [
      { request: newest, response: throttled("30 minutes"), events: ["TooManyRequests, retry in 1800 s"], wait: 1800 },
      { request: newest, response: throttled("1 second"), events: ["TooManyRequests, retry in 60 s"], wait: 60 },
      startWith()
    ]
  },
  {
    name: "starts a poll over that failed among older runs, and counts it as failed",
    calls: [
      startWith([9, "completed"], [1, "running"]),
      ...[30, 60].flatMap((wait): ReadonlyArray<Call> => [
        { request: newest, response: page([[9, "completed"]], { hasMore: true }), wait: 0 },
        { request: "desc 1 from 2", response: unavailable, events: [`ServiceUnavailable, retry in ${wait} s`], wait }
      ]),
      { request: newest, response: page([[9, "completed"]], { hasMore: true }), wait: 0 },
      { request: "desc 1 from 2", response: page([[1, "failed"]]), events: ["1 ended failed from running"], wait: 30 }
    ]
  }
]

describe("a poll of RunWatch", () => {
  it.each(cases)("$name", ({ calls, options }) => {
    let state = poll.begin({ every: Duration.seconds(30), maxWatched: 1000, since: undefined, ...options })
    calls.forEach(({ events = [], request, response, wait }, index) => {
      const made = poll.request(state)
      const from = made.startingFrom === undefined ? "" : ` from ${made.startingFrom}`
      assert.strictEqual(`${made.orderByDirection} ${made.limit}${from}`, request, `request ${index}`)
      const step = "_tag" in response
        ? poll.fail<Run.RunSummary>(state, response)
        : poll.advance(state, made, response)
      assert.deepStrictEqual(step.events.map(show), events, `events ${index}`)
      assert.strictEqual(Duration.toSeconds(step.wait), wait, `wait ${index}`)
      state = step.state
    })
  })

  it("remembers only runs that have not ended once it has caught up", () => {
    const begun = poll.begin({ every: Duration.seconds(30), maxWatched: 1000, since: 0 })
    const { state } = poll.advance(begun, poll.request(begun), page([]))
    const rows = Array.from({ length: 1000 }, (_, n) => [n + 1, n === 500 ? "running" : "completed"] as const)
    const caughtUp = poll.advance(state, poll.request(state), page(rows, { hasMore: true }))
    assert.strictEqual(caughtUp.events.length, 1999)
    assert.deepStrictEqual<unknown>([...caughtUp.state.statuses], [[501, "running"]])
  })

  it("leaves the state that it is given unchanged", () => {
    const begun = poll.begin({ every: Duration.seconds(30), maxWatched: 1000, since: undefined })
    const { state } = poll.advance(begun, poll.request(begun), page([[2, "running"], [1, "running"]]))
    const first = poll.advance(state, poll.request(state), page([[3, "running"], [2, "failed"]]))
    const second = poll.advance(state, poll.request(state), page([[3, "running"], [2, "failed"]]))
    assert.strictEqual(begun.statuses.size, 0)
    assert.deepStrictEqual(first, second)
  })
})
