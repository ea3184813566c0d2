/** Long because the cases of a poll are one table. */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import { Run, RunCursor, type RunsClient } from "../../src/index.ts"
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../src/watch/checkpoint.ts"
import { conclude } from "../../src/watch/conclude.ts"
import type { Event } from "../../src/watch/event.ts"
import * as poll from "../../src/watch/poll.ts"

/** A row: its id, its status, and the minute of its end if it has one. */
type Row = readonly [id: number, status: string, end?: number]

const started = DateTime.makeUnsafe("2026-11-03T02:00:00Z")

const run = ([id, runStatus, end]: Row): Run.RunSummary => ({
  id: Run.RunId.make(id),
  runType: "refresh",
  runStatus,
  ...(end === undefined ? {} : { runEndTime: DateTime.add(started, { minutes: end }) })
})

interface PageOptions {
  readonly hasMore?: boolean
  readonly undecodable?: ReadonlyArray<number | undefined>
  /** Default: the last id. */
  readonly last?: number
}

/** A page in its order. */
const page = (
  rows: ReadonlyArray<Row>,
  { hasMore = false, last = rows.at(-1)?.[0], undecodable = [] }: PageOptions = {}
): RunsClient.RunPage<Run.RunSummary> => {
  const cursor = RunCursor.start({ orderBy: "id", orderByDirection: "desc" })
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

const show = (event: Event): string => {
  switch (event._tag) {
    case "Watching":
      return `watching ${event.unfinished.map(({ id, runStatus }) => `${id} ${runStatus}`).join(", ") || "nothing"}`
    case "Appeared":
      return `${event.run.id} appeared`
    case "StatusChanged":
      return `${event.run.id} changed from ${event.from} to ${event.to}`
    case "Ended":
      return `${event.run.id} ended ${event.to}${event.from === undefined ? "" : ` from ${event.from}`}`
    case "Restarted":
      return `${event.run.id} restarted from ${event.from} to ${event.to}`
    case "Untracked":
      return `${event.runID} untracked as ${event.lastStatus}: ${event.reason}`
    case "PollFailed":
      return event.error._tag
  }
}

type Page = RunsClient.RunPage<Run.RunSummary>

interface Poll {
  /** Minutes since the poll before. Default: 1. */
  readonly after?: number
  /** Each request as `direction limit`, with its status and the id it starts from; and its page. */
  readonly calls: ReadonlyArray<readonly [request: string, page: Page]>
  readonly events?: ReadonlyArray<string>
  readonly hasMore?: boolean
}

interface Case {
  readonly name: string
  readonly options?: Partial<poll.Options>
  readonly polls: ReadonlyArray<Poll>
}

type Rows = ReadonlyArray<Row>

const newest = "desc 100"
const statuses = ["waitingToRun", "initializing", "rendering", "running"]

/** The first poll of a watch. `older` are runs that the newest page lacks. */
const first = (
  rows: Rows,
  events: string,
  { hasMore = false, older = [] }: PageOptions & { readonly older?: Rows } = {}
): Poll => ({
  calls: [
    [newest, page(rows, { hasMore })],
    ...statuses.map((status) =>
      [`desc 1000 ${status}`, page([...rows, ...older].filter(([, runStatus]) => runStatus === status))] as const
    ),
    [newest, page(rows, { hasMore })]
  ],
  events: [events]
})

const one = (rows: Rows, events: ReadonlyArray<string> = [], options?: PageOptions): Poll => ({
  calls: [[newest, page(rows, options)]],
  events
})

const cases: ReadonlyArray<Case> = [
  {
    name: "learns which runs have not ended, however old they are, and reports nothing of those that have",
    polls: [
      first([[300, "running"], [299, "failed"]], "watching 7 waitingToRun, 300 running", {
        hasMore: true,
        older: [[7, "waitingToRun"]]
      }),
      {
        calls: [
          [newest, page([[300, "running"], [299, "failed"]], { hasMore: true })],
          ["desc 1 from 8", page([[7, "failed"]], { hasMore: true })]
        ],
        events: ["7 ended failed from waitingToRun"]
      }
    ]
  },
  {
    name: "reports new runs and changes, the smallest id first",
    polls: [
      first([[2, "running"], [1, "waitingToRun"]], "watching 1 waitingToRun, 2 running"),
      one([[4, "failed"], [3, "running"], [2, "completed"], [1, "running"]], [
        "1 changed from waitingToRun to running",
        "2 ended completed from running",
        "3 appeared",
        "4 appeared",
        "4 ended failed"
      ])
    ]
  },
  {
    name: "reports a run that goes on after its end once two polls in a row saw it, and its next end",
    polls: [
      first([[1, "failed"]], "watching nothing"),
      one([[1, "running"]]),
      one([[1, "failed"]]),
      one([[1, "running"]]),
      one([[1, "running"]], ["1 restarted from failed to running"]),
      one([[1, "failed"]], ["1 ended failed from running"])
    ]
  },
  {
    name: "finds new runs in an account that had none",
    polls: [first([], "watching nothing"), one([[0, "running"]], ["0 appeared"])]
  },
  {
    name: "does not believe one odd poll, neither an empty nor a short one",
    polls: [
      first([[4, "failed"], [3, "running"], [2, "failed"], [1, "completed"]], "watching 3 running"),
      one([]),
      one([[4, "failed"], [3, "running"], [2, "failed"], [1, "completed"]]),
      one([[2, "failed"]]),
      one([[4, "failed"], [3, "failed"], [2, "failed"], [1, "completed"]], ["3 ended failed from running"])
    ]
  },
  {
    name: "starts from since at once, reports every run behind it, and the ends of those before it",
    options: { since: 7 },
    polls: [
      {
        calls: statuses.map((status) => [
          `desc 1000 ${status}`,
          page(status === "running" ? [[9, "running"], [7, "running"]] : [])
        ]),
        events: ["watching 7 running"],
        hasMore: true
      },
      one([[9, "running"], [8, "failed"], [7, "failed"], [6, "failed"]], [
        "7 ended failed from running",
        "8 appeared",
        "8 ended failed",
        "9 appeared"
      ])
    ]
  },
  {
    name: "catches up, a page at a time, where the newest page does not reach the last known run",
    polls: [
      first([[1, "completed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[300, "running"], [201, "running"]], { hasMore: true })],
          ["asc 1000 from 1", page([[2, "running"], [3, "running"]], { hasMore: true })],
          ["asc 1000 from 3", page([[300, "running"]])]
        ],
        events: ["2 appeared", "3 appeared", "300 appeared"]
      }
    ]
  },
  {
    name: "leaves new runs beyond 10 pages to the next poll, which follows at once",
    polls: [
      first([[1, "completed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[300, "completed"]], { hasMore: true })],
          ...Array.from(
            { length: 10 },
            (_, n) => [`asc 1000 from ${n + 1}`, page([[n + 2, "completed"]], { hasMore: true })] as const
          )
        ],
        events: Array.from({ length: 10 }, (_, n) => [`${n + 2} appeared`, `${n + 2} ended completed`]).flat(),
        hasMore: true
      }
    ]
  },
  {
    name: "waits before it requests a page again that did not advance",
    polls: [
      first([[5, "failed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[9, "running"]], { hasMore: true })],
          ["asc 1000 from 5", page([], { hasMore: true })]
        ]
      },
      one([[6, "running"], [5, "failed"]], ["6 appeared"])
    ]
  },
  {
    name: "untracks a run that three polls in a row lack",
    polls: [
      first([[3, "running"], [2, "completed"], [1, "running"]], "watching 1 running, 3 running"),
      one([[1, "running"]]),
      one([[1, "running"]]),
      one([[1, "running"]], ["3 untracked as running: Deleted"])
    ]
  },
  {
    name: "keeps a run whose row is undecodable, and every run where such a row has no id",
    polls: [
      first([[2, "running"], [1, "running"]], "watching 1 running, 2 running"),
      ...Array.from({ length: 3 }, () => one([[1, "running"]], [], { undecodable: [2] })),
      ...Array.from({ length: 3 }, () => one([], [], { undecodable: [undefined] })),
      one([[2, "failed"], [1, "failed"]], ["1 ended failed from running", "2 ended failed from running"])
    ]
  },
  {
    name: "reads runs that are older than the newest page, as far as each page reaches",
    polls: [
      first([[250, "completed"], [151, "completed"]], "watching 10 running, 20 running, 40 running", {
        hasMore: true,
        older: [[40, "running"], [20, "running"], [10, "running"]]
      }),
      {
        calls: [
          [newest, page([[250, "completed"], [151, "completed"]], { hasMore: true })],
          ["desc 31 from 41", page([[40, "completed"], [30, "failed"]], { hasMore: true })],
          ["desc 11 from 21", page([[20, "failed"], [10, "failed"]], { hasMore: true })]
        ],
        events: ["10 ended failed from running", "20 ended failed from running", "40 ended completed from running"]
      },
      one([[250, "completed"], [151, "completed"]], [], { hasMore: true })
    ]
  },
  {
    name: "does not report an old run that a deletion moves into the newest page",
    polls: [
      first([[250, "completed"], [151, "completed"]], "watching nothing", { hasMore: true }),
      {
        calls: [
          [newest, page([[151, "completed"], [150, "running"]], { hasMore: true })]
        ]
      }
    ]
  },
  {
    name: "reports a run with a smaller id that becomes visible within lag, and none that does later",
    options: { lag: Duration.minutes(10) },
    polls: [
      first([[3, "completed"]], "watching nothing"),
      { ...one([[3, "completed"], [2, "failed"]], ["2 appeared", "2 ended failed"]), after: 9 },
      { ...one([[3, "completed"], [2, "failed"]]), after: 9 },
      one([[3, "completed"], [2, "failed"]]),
      one([[3, "completed"], [2, "failed"], [1, "failed"]])
    ]
  },
  {
    name: "reads down to where runs may still appear late",
    polls: [
      first([[500, "completed"], [401, "completed"]], "watching nothing", { hasMore: true }),
      {
        calls: [
          [newest, page([[450, "completed"]], { hasMore: true })],
          ["desc 49 from 450", page([[420, "failed"], [401, "completed"]], { hasMore: true })]
        ],
        events: ["420 appeared", "420 ended failed", "450 appeared", "450 ended completed"]
      }
    ]
  },
  {
    name: "stops a poll after 10 pages of older runs, and continues there in the next",
    polls: [
      first(
        [[1300, "completed"]],
        `watching ${Array.from({ length: 12 }, (_, n) => `${100 + 100 * n} running`).join(", ")}`,
        {
          hasMore: true,
          older: Array.from({ length: 12 }, (_, n) => [1200 - 100 * n, "running"] as const)
        }
      ),
      {
        calls: [
          [newest, page([[1300, "completed"]], { hasMore: true })],
          ...Array.from(
            { length: 10 },
            (_, n) =>
              [`desc 100 from ${1201 - 100 * n}`, page([[1200 - 100 * n, "running"]], { hasMore: true })] as const
          )
        ]
      },
      {
        calls: [
          [newest, page([[1300, "completed"]], { hasMore: true })],
          ["desc 100 from 201", page([[200, "running"]], { hasMore: true })],
          ["desc 1 from 101", page([[100, "running"]], { hasMore: true })]
        ]
      }
    ]
  },
  {
    name: "reads on through the runs of a status at the start, as long as its pages advance and hold runs",
    polls: [{
      calls: [
        [newest, page([[900, "completed"]], { hasMore: true })],
        ["desc 1000 waitingToRun", page([[800, "waitingToRun"]], { hasMore: true })],
        ["desc 1000 waitingToRun from 800", page([[700, "waitingToRun"]])],
        ["desc 1000 initializing", page([[600, "initializing"]], { hasMore: true })],
        ["desc 1000 initializing from 600", page([[600, "initializing"]], { hasMore: true })],
        ["desc 1000 rendering", page([], { hasMore: true, last: 500 })],
        ["desc 1000 running", page([[400, "running"]])],
        [newest, page([[900, "completed"]], { hasMore: true })]
      ],
      events: ["watching 400 running, 600 initializing, 700 waitingToRun, 800 waitingToRun"]
    }]
  },
  {
    name: "reads the runs of each status through no more pages than it may",
    options: { limits: { ...poll.limits, pages: 2 } },
    polls: [{
      calls: [
        [newest, page([[900, "completed"]], { hasMore: true })],
        ...statuses.flatMap((status): Poll["calls"] => [
          [`desc 1000 ${status}`, page([[800, status]], { hasMore: true })],
          [`desc 1000 ${status} from 800`, page([[700, status]], { hasMore: true })]
        ]),
        [newest, page([[900, "completed"]], { hasMore: true })]
      ],
      events: ["watching 700 running, 800 running"]
    }]
  },
  {
    name: "begins behind the newest run that it can read, where the newest page has no id",
    polls: [
      first([], "watching 400 running", { hasMore: true, older: [[400, "running"]] }),
      {
        calls: [
          [newest, page([[900, "completed"]], { hasMore: true })],
          ["asc 1000 from 400", page([[900, "completed"]])]
        ],
        events: ["900 appeared", "900 ended completed"]
      }
    ]
  },
  {
    name: "catches up from the start where there was no run, and behind run 0",
    polls: [
      first([], "watching nothing"),
      {
        calls: [
          [newest, page([[300, "running"]], { hasMore: true })],
          ["asc 1000", page([[0, "running"]])]
        ],
        events: ["0 appeared"]
      },
      {
        calls: [
          [newest, page([[300, "running"]], { hasMore: true })],
          ["asc 1000 from 0", page([[300, "running"]])]
        ],
        events: ["300 appeared"]
      }
    ]
  },
  {
    name: "does not catch up where the newest page begins right behind the last known run, also if that is undecodable",
    polls: [
      first([[5, "failed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[9, "running"]], { hasMore: true })],
          ["asc 1000 from 5", page([[6, "running"]], { last: 8, undecodable: [8] })]
        ],
        events: ["6 appeared"]
      },
      {
        calls: [
          [newest, page([[9, "running"]], { hasMore: true })],
          ["desc 9 from 9", page([[6, "running"]])]
        ],
        events: ["9 appeared"]
      }
    ]
  },
  {
    name: "looks for late runs through 3 pages, and reports none below them any more",
    polls: [
      first([[1000, "completed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[1000, "completed"]], { hasMore: true })],
          ["desc 1000 from 1000", page([[900, "completed"]], { hasMore: true })],
          ["desc 900 from 900", page([[800, "completed"]], { hasMore: true })],
          ["desc 800 from 800", page([[700, "running"]], { hasMore: true })]
        ],
        events: [900, 800].toReversed().reduce(
          (events, id) => [...events, `${id} appeared`, `${id} ended completed`],
          ["700 appeared"]
        )
      },
      one([[1000, "completed"], [900, "completed"], [800, "completed"], [700, "running"], [699, "running"]])
    ]
  },
  {
    name: "does not request a page of late runs again that did not advance",
    polls: [
      first([[50, "completed"]], "watching nothing"),
      {
        calls: [
          [newest, page([[50, "completed"]], { hasMore: true })],
          ["desc 50 from 50", page([], { hasMore: true })]
        ]
      }
    ]
  },
  {
    name: "untracks runs that three polls lack among the late and the older ones",
    polls: [
      first(
        [[300, "completed"], [202, "completed"], [201, "running"]],
        "watching 10 running, 12 running, 20 running, 201 running",
        { hasMore: true, older: [[20, "running"], [12, "running"], [10, "running"]] }
      ),
      ...Array.from({ length: 3 }, (_, n): Poll => ({
        calls: [
          [newest, page([[300, "completed"], [202, "completed"]], { hasMore: true })],
          ["desc 1 from 202", page([], { hasMore: true, last: 200 })],
          ["desc 11 from 21", page([[20, "running"], [10, "running"]], { hasMore: true })]
        ],
        events: n === 2 ? ["12 untracked as running: Deleted", "201 untracked as running: Deleted"] : []
      }))
    ]
  },
  {
    name: "continues with the older runs below those of the last poll",
    options: { limits: { ...poll.limits, pages: 1 } },
    polls: [
      first([[300, "completed"]], "watching 20 running, 21 running", {
        hasMore: true,
        older: [[21, "running"], [20, "running"]]
      }),
      ...["desc 2 from 22", "desc 1 from 21", "desc 2 from 22"].map((request): Poll => ({
        calls: [
          [newest, page([[300, "completed"]], { hasMore: true })],
          [request, page([[request === "desc 1 from 21" ? 20 : 21, "running"]], { hasMore: true })]
        ]
      }))
    ]
  },
  {
    name: "begins the older runs again where those that it would continue with are untracked",
    options: { maxWatched: 2, limits: { ...poll.limits, pages: 1 } },
    polls: [
      first([[300, "completed"]], "watching 20 running, 21 running", {
        hasMore: true,
        older: [[21, "running"], [20, "running"]]
      }),
      {
        calls: [
          [newest, page([[301, "running"], [300, "completed"]], { hasMore: true })],
          ["desc 2 from 22", page([[21, "running"]], { hasMore: true })]
        ],
        events: ["20 untracked as running: LimitReached", "301 appeared"]
      },
      {
        calls: [
          [newest, page([[301, "running"], [300, "completed"]], { hasMore: true })],
          ["desc 1 from 22", page([[21, "running"]], { hasMore: true })]
        ]
      }
    ]
  },
  {
    name: "does not request an unfinished run alone that the newest page holds last",
    polls: [
      first([[300, "completed"], [201, "running"]], "watching 201 running", { hasMore: true }),
      one([[300, "completed"], [201, "running"]], [], { hasMore: true })
    ]
  },
  {
    name: "reports an end again where a later one or another status shows that the run went on, and no earlier one",
    polls: [
      first([[3, "failed"], [2, "failed", 0], [1, "failed", 0]], "watching nothing"),
      one([[3, "failed"], [2, "failed", 1], [1, "completed", 0]], ["2 ended failed"]),
      one([[3, "completed"], [2, "failed", 0], [1, "failed", 0]], ["3 ended completed"]),
      one([[3, "completed", 2], [2, "failed"], [1, "failed", 0]]),
      one([[3, "completed", 3], [2, "failed", 1], [1, "failed", 0]], ["3 ended completed"]),
      one([[3, "completed", 3], [2, "running", 5], [1, "running"]], ["2 ended running"])
    ]
  },
  {
    name: "untracks the oldest runs beyond maxWatched, and does not find them new afterwards",
    options: { maxWatched: 2 },
    polls: [
      first([[2, "running"], [1, "running"]], "watching 1 running, 2 running"),
      one([[3, "running"], [2, "running"], [1, "running"]], ["1 untracked as running: LimitReached", "3 appeared"]),
      one([[3, "running"], [2, "running"], [1, "failed"]])
    ]
  }
]

const origin = "https://coalesce.example"

describe("a poll of RunWatch", () => {
  it.each(cases)("$name", ({ options, polls }) => {
    let checkpoint: Checkpoint | undefined
    let now = started
    polls.forEach(({ after = 1, calls, events = [], hasMore = false }, number) => {
      now = DateTime.add(now, { minutes: after })
      let state = poll.begin<Run.RunSummary>({
        origin,
        watches: { origin },
        maxWatched: 1000,
        lag: Duration.minutes(10),
        since: undefined,
        limits: poll.limits,
        ...options
      }, checkpoint)
      const requests: Array<string> = []
      for (const [, response] of calls) {
        const { next } = state
        if (next === undefined) break
        const { limit, orderByDirection, runStatus, startingFrom } = poll.request(state, next)
        const from = startingFrom === undefined ? "" : ` from ${startingFrom}`
        requests.push(`${orderByDirection} ${limit}${runStatus === undefined ? "" : ` ${runStatus}`}${from}`)
        state = poll.advance(state, next, response)
      }
      assert.deepStrictEqual(requests, calls.map(([request]) => request), `requests of poll ${number}`)
      assert.isUndefined(state.next, `poll ${number} goes on`)
      const result = conclude(state, now)
      assert.deepStrictEqual(
        Result.getOrThrow(decodeCheckpoint(encodeCheckpoint(result.checkpoint))),
        result.checkpoint
      )
      assert.deepStrictEqual(result.events.map(show), events, `events of poll ${number}`)
      assert.strictEqual(result.hasMore, hasMore, `hasMore of poll ${number}`)
      assert.deepStrictEqual(result.events.at(-1)?.checkpoint ?? result.checkpoint, result.checkpoint)
      // The checkpoint behind an event is the same, whichever others were read before.
      const forwards = result.events.map(({ checkpoint }) => checkpoint)
      const backwards = conclude(state, now).events.toReversed().map(({ checkpoint }) => checkpoint)
      assert.deepStrictEqual(backwards.toReversed(), forwards)
      checkpoint = result.checkpoint
    })
  })
})
