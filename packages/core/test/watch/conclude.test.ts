import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { Run } from "../../src/index.ts"
import type { Checkpoint } from "../../src/watch/checkpoint.ts"
import { conclude } from "../../src/watch/conclude.ts"
import * as poll from "../../src/watch/poll.ts"

const now = DateTime.makeUnsafe("2026-11-03T02:00:00Z")
const minutesAgo = (minutes: number): DateTime.Utc => DateTime.subtract(now, { minutes })
const id = (number: number): Run.RunId => Run.RunId.make(number)

const run = (number: number, runStatus: string, runEndTime?: DateTime.Utc): Run.RunSummary => ({
  id: id(number),
  runType: "refresh",
  runStatus,
  ...(runEndTime === undefined ? {} : { runEndTime })
})

const origin = "https://coalesce.example"

const empty: Checkpoint = {
  version: 1,
  watches: { origin },
  newestID: -1,
  settledUpTo: -1,
  seen: [],
  unfinished: [],
  ended: [],
  marks: [{ at: now, newestID: -1 }]
}

interface Options extends Partial<Omit<poll.State<Run.RunSummary>, "options" | "pages">> {
  readonly runs?: ReadonlyArray<Run.RunSummary>
  readonly covers?: poll.Page<Run.RunSummary>["covers"]
  readonly undecodable?: number
  readonly maxWatched?: number
  readonly since?: number
}

/** A poll that has read one page, and what it means. */
const concluded = (
  from: Partial<Checkpoint> | undefined,
  { covers = [-Infinity, Infinity], maxWatched = 1000, runs = [], since, undecodable, ...state }: Options = {}
) =>
  conclude({
    options: { origin, watches: { origin }, maxWatched, lag: Duration.minutes(10), since, limits: poll.limits },
    checkpoint: from && { ...empty, ...from },
    next: undefined,
    pages: [{
      runs,
      undecodable: undecodable === undefined ? [] : [{ id: id(undecodable), index: 0, path: "", issue: "" }],
      covers
    }],
    pagesLeft: 0,
    caughtUpTo: undefined,
    hasMore: false,
    ...state
  }, now)

const idsOf = (entries: ReadonlyArray<{ readonly id: number }>) => entries.map(({ id }) => Number(id))

describe("what a poll means for its checkpoint", () => {
  it("each event's checkpoint leads to the events behind it, and holds what nobody has to handle", () => {
    const runs = [run(1, "failed"), run(2, "running"), run(3, "running"), run(4, "failed")]
    const unfinished = [1, 2, 9].map((number) => ({ id: id(number), runStatus: "running" }))
    const { checkpoint, events } = concluded({ unfinished, newestID: 9, seen: [[1, 2], [9, 9]], marks: [] }, { runs })
    const shown = (all: typeof events) => all.map((event) => `${event._tag} ${"run" in event ? event.run.id : ""}`)
    assert.deepStrictEqual(shown(events), ["Ended 1", "Appeared 3", "Appeared 4", "Ended 4"])
    events.forEach((event, index) => {
      assert.isTrue("checkpoint" in event)
      if (!("checkpoint" in event)) return
      assert.deepStrictEqual(event.checkpoint.unfinished.at(-1), { id: id(9), runStatus: "running", missing: 1 })
      assert.deepStrictEqual(shown(concluded(event.checkpoint, { runs }).events), shown(events.slice(index + 1)))
    })
    const last = events.at(-1)
    assert.deepStrictEqual(last !== undefined && "checkpoint" in last ? last.checkpoint : undefined, checkpoint)
    assert.deepStrictEqual(idsOf(checkpoint.unfinished), [2, 3, 9])
    assert.deepStrictEqual(idsOf(checkpoint.ended), [1, 4])
    assert.deepStrictEqual(checkpoint.seen, [[1, 4], [9, 9]])
  })

  it("names an end by its origin, run, status and time", () => {
    const names = concluded({}, { runs: [run(1, "failed"), run(2, "halted", now)] }).events.flatMap((event) =>
      event._tag === "Ended" ? [event.id] : []
    )
    assert.deepStrictEqual(names, [
      "https://coalesce.example/runs/1/failed/no-end",
      "https://coalesce.example/runs/2/halted/2026-11-03T02:00:00.000Z"
    ])
  })

  it("misses the runs that a page covers, both ends included, though another row is undecodable", () => {
    const unfinished = [9, 10, 15, 20, 21].map((number) => ({ id: id(number), runStatus: "running" }))
    const { checkpoint } = concluded({ unfinished }, { covers: [10, 20], undecodable: 15 })
    assert.deepStrictEqual(idsOf(checkpoint.unfinished.filter(({ missing }) => missing === 1)), [10, 20])
  })

  it("reports the smallest id first, missing runs too", () => {
    const unfinished = [{ id: id(10), runStatus: "running", missing: 2 }]
    const { events } = concluded({ unfinished }, { runs: [run(9, "running"), run(12, "running")] })
    assert.deepStrictEqual(events.map(({ _tag }) => _tag), ["Appeared", "Untracked", "Appeared"])
  })

  it("forgets that a run was missing once it is there", () => {
    const unfinished = [{ id: id(10), runStatus: "running", missing: 2 }]
    const { checkpoint, events } = concluded({ unfinished }, { runs: [run(10, "running")] })
    assert.deepStrictEqual(events, [])
    assert.deepStrictEqual(checkpoint.unfinished, [{ id: id(10), runStatus: "running" }])
  })

  it("keeps the end that it has reported, adds the time of one that had none, and counts nothing as going on", () => {
    const at = minutesAgo(1)
    const ended = [
      { id: id(1), runStatus: "failed", goingOn: 1 },
      { id: id(2), runStatus: "failed", runEndTime: at },
      { id: id(3), runStatus: "failed", runEndTime: at }
    ]
    const runs = [run(1, "completed", now), run(2, "completed"), run(3, "completed", at)]
    const { checkpoint, events } = concluded({ ended }, { runs })
    assert.deepStrictEqual(events, [])
    assert.deepStrictEqual(checkpoint.ended, [{ id: id(1), runStatus: "failed", runEndTime: now }, ...ended.slice(1)])
  })

  it("waits for a run that goes on, and for its end no more", () => {
    const ended = [{ id: id(1), runStatus: "failed", goingOn: 1 }]
    const { checkpoint, events } = concluded({ ended }, { runs: [run(1, "running")] })
    assert.deepStrictEqual(events.map(({ _tag }) => _tag), ["Restarted"])
    assert.deepStrictEqual(checkpoint.ended, [])
    assert.deepStrictEqual(idsOf(checkpoint.unfinished), [1])
  })

  it("remembers 150 ranges and 64 ends, the newest, and the greatest id", () => {
    const seen = Array.from({ length: 150 }, (_, n) => [10 * n, 10 * n + 1] as const)
    const ended = Array.from({ length: 64 }, (_, n) => ({ id: id(10 * n), runStatus: "failed" }))
    const { checkpoint, events: [first] } = concluded({ newestID: 1491, seen, ended }, { runs: [run(1495, "failed")] })
    assert.strictEqual(checkpoint.newestID, 1495)
    assert.strictEqual(checkpoint.settledUpTo, 1)
    assert.deepStrictEqual(checkpoint.seen, [...seen.slice(1), [1495, 1495]])
    assert.deepStrictEqual(first !== undefined && "checkpoint" in first ? first.checkpoint.seen : [], checkpoint.seen)
    assert.deepStrictEqual(idsOf(checkpoint.ended), [...idsOf(ended.slice(1)), 1495])
    assert.strictEqual(concluded({}).checkpoint.newestID, -1)
    assert.strictEqual(concluded({}, { caughtUpTo: 7 }).checkpoint.newestID, 7)
  })
})

describe("how far late runs may appear", () => {
  const mark = (minutes: number, newestID: number, isDue?: true) => ({
    at: minutesAgo(minutes),
    newestID,
    ...(isDue === undefined ? {} : { isDue })
  })
  const marks = [mark(20, 50, true), mark(10, 60), mark(5, 70), mark(1, 80)]
  const before: Partial<Checkpoint> = { newestID: 90, settledUpTo: 40, seen: [[30, 45], [55, 58]], marks }
  const own = { at: now, newestID: 90 }

  it("settles the ids of a mark once two polls have looked since lag passed", () => {
    const { checkpoint } = concluded(before)
    assert.strictEqual(checkpoint.settledUpTo, 50)
    assert.deepStrictEqual(checkpoint.seen, [[55, 58]])
    assert.deepStrictEqual(checkpoint.marks, [mark(10, 60, true), mark(5, 70), mark(1, 80), own])
  })

  it("settles nothing where a poll only catches up", () => {
    const { checkpoint } = concluded(before, { caughtUpTo: 90 })
    assert.strictEqual(checkpoint.settledUpTo, 40)
    assert.deepStrictEqual(checkpoint.marks, [...marks, own])
  })

  it("marks nothing where more is left to the next poll, or the last mark is newer than a tenth of lag", () => {
    assert.deepStrictEqual(concluded(before, { hasMore: true }).checkpoint.marks.length, 3)
    const recent = [mark(5, 60), mark(4, 70), mark(0.9, 80)]
    assert.deepStrictEqual(concluded({ ...before, marks: recent }).checkpoint.marks, recent)
    assert.deepStrictEqual(concluded({ ...before, marks: [] }).checkpoint.marks, [own])
  })

  it("keeps 20 marks", () => {
    const many = Array.from({ length: 20 }, (_, n) => mark(9 - n / 5, 70 + n))
    assert.deepStrictEqual(concluded({ ...before, marks: many }).checkpoint.marks, [...many.slice(1), own])
  })
})

describe("the first poll of a watch", () => {
  it("remembers the newest runs that have not ended, and the newest ends", () => {
    const runs = Array.from({ length: 104 }, (_, n) => run(n + 1, n % 25 === 24 ? "running" : "failed", now))
    const waiting = runs.map((one) => one.runStatus === "running" ? run(one.id, "running") : one)
    const { checkpoint, events } = concluded(undefined, { runs: waiting.toReversed(), maxWatched: 3 })
    const ended = waiting.filter(({ runStatus }) => runStatus === "failed").slice(-64)
    assert.deepStrictEqual(checkpoint, {
      ...empty,
      newestID: 104,
      settledUpTo: 54,
      seen: [[55, 104]],
      unfinished: [50, 75, 100].map((number) => ({ id: id(number), runStatus: "running" })),
      ended: ended.map(({ id }) => ({ id, runStatus: "failed", runEndTime: now })),
      marks: [{ at: now, newestID: 104 }]
    })
    assert.deepStrictEqual(events, [{
      _tag: "Watching",
      unfinished: checkpoint.unfinished,
      checkpoint,
      newestID: id(104)
    }])
  })

  it("remembers no end behind since, and knows of no newest run where there is none", () => {
    const { checkpoint, events } = concluded(undefined, { since: 2, runs: [run(1, "failed"), run(3, "running")] })
    assert.deepStrictEqual(checkpoint, {
      ...empty,
      newestID: 2,
      settledUpTo: 2,
      marks: [{ at: now, newestID: 2 }]
    })
    assert.deepStrictEqual(events, [{ _tag: "Watching", unfinished: [], checkpoint, newestID: id(1) }])
    const none = concluded(undefined)
    assert.deepStrictEqual(none.events, [{ _tag: "Watching", unfinished: [], checkpoint: none.checkpoint }])
    assert.deepStrictEqual(none.checkpoint, empty)
  })

  it("looks for late runs down to where its first page reaches", () => {
    const runs = [run(80, "running"), run(90, "running")]
    assert.strictEqual(concluded(undefined, { runs, covers: [80, Infinity] }).checkpoint.settledUpTo, 79)
    assert.strictEqual(concluded(undefined, { runs, covers: [Infinity, Infinity] }).checkpoint.settledUpTo, 90)
  })
})
