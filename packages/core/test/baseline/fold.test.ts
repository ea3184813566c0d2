import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { IdRanges } from "../../src/baseline/idRanges.ts"
import { type Run, RunBaseline } from "../../src/index.ts"
import { at, nights, refresh } from "../support/baseline.ts"
import { api, dice, healthyMonth } from "../support/months.ts"
import { tablesOf } from "../support/tables.ts"

const day = 86_400_000

const json = Schema.fromJsonString(RunBaseline.Baseline)
const encode = Schema.encodeSync(json)
const decode = Schema.decodeSync(json)

describe("a baseline folded in any order", () => {
  const months = Array.from({ length: 5 }, (_, index) => {
    const month = healthyMonth(index + 1, ["interval"])
    const now = month.first + 33.4 * day
    return { runs: api(month)(0, now), timeZone: month.timeZone }
  })

  it("is the same", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.constantFrom(...months), FastCheck.integer(), ({ runs, timeZone }, seed) => {
        const roll = dice(seed)
        const shuffled = runs.map((run) => ({ run, place: roll.next() })).sort((a, b) => a.place - b.place)
          .map(({ run }) => run)
        assert.deepStrictEqual(
          RunBaseline.fromRuns(shuffled, { timeZone }),
          RunBaseline.fromRuns(runs, { timeZone })
        )
      }),
      { numRuns: 20 }
    )
  })

  it("is the same in two parts that overlap, also through JSON", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom(...months),
        FastCheck.double({ min: 0, max: 1, noNaN: true }),
        FastCheck.double({ min: 0, max: 1, noNaN: true }),
        ({ runs, timeZone }, one, other) => {
          const [from, to] = [Math.min(one, other), Math.max(one, other)].map((part) => Math.floor(part * runs.length))
          const text = encode(RunBaseline.fromRuns(runs.slice(0, to), { timeZone }))
          const previous = decode(text)
          assert.deepStrictEqual(
            RunBaseline.fromRuns(runs.slice(from), { previous }),
            RunBaseline.fromRuns(runs, { timeZone })
          )
        }
      ),
      { numRuns: 20 }
    )
  })

  it("counts no run twice, and every run once", () => {
    for (const { runs, timeZone } of months) {
      const once = RunBaseline.fromRuns(runs, { timeZone, days: 60 })
      const twice = RunBaseline.fromRuns([...runs, ...runs], { timeZone, days: 60 })
      assert.deepStrictEqual(twice, once)
      assert.strictEqual(once.runs + once.unfinishedIDs.length, runs.length)
    }
  })
})

describe("a baseline brought up to date", () => {
  const options = { timeZone: "UTC" }
  const night = (date: string, id: number) => refresh({ id, start: at(`${date}T02:00:00Z`) })

  it("lets old days expire", () => {
    const first = nights("2026-11-01", 28, (date, index) => night(date, 1 + index))
    const later = nights("2026-11-29", 7, (date, index) => night(date, 29 + index))
    const previous = RunBaseline.fromRuns(first, options)
    const baseline = RunBaseline.fromRuns(later, { previous })
    assert.strictEqual(baseline.runs, 28)
    assert.strictEqual(baseline.jobs[0]?.days[0]?.day, "2026-11-08")
    assert.deepStrictEqual(baseline, RunBaseline.fromRuns([...first, ...later], options))
    const muchLater = RunBaseline.fromRuns([night("2027-03-01", 99)], { previous })
    assert.deepStrictEqual([muchLater.runs, muchLater.jobs[0]?.starts], [1, undefined])
  })

  it("counts a run that had not ended once it has, whichever row comes first", () => {
    const running = refresh({ id: 9, start: at("2026-11-09T02:00:00Z"), seconds: undefined, runStatus: "running" })
    const ended = night("2026-11-09", 9)
    const before = nights("2026-11-01", 8, (date, index) => night(date, 1 + index))
    const previous = RunBaseline.fromRuns([...before, running], options)
    assert.deepStrictEqual([previous.runs, previous.unfinishedIDs], [8, [running.id]])
    const whole = RunBaseline.fromRuns([...before, ended], options)
    assert.deepStrictEqual(RunBaseline.fromRuns([ended, running], { previous }), whole)
    assert.deepStrictEqual(RunBaseline.fromRuns([running, ended], { previous }), whole)
  })

  const ids = (runs: ReadonlyArray<Run.Run>, more: RunBaseline.FoldOptions = options) =>
    RunBaseline.fromRuns(runs, more).unfinishedIDs.map(Number)
  const unfinished = (id: number) => refresh({ id, seconds: undefined, runStatus: "waitingToRun" })

  it("knows which runs had not ended, in order, since the first that is counted", () => {
    assert.deepStrictEqual(ids([12, 9, 10].map(unfinished)), [9, 10, 12])
    assert.deepStrictEqual(ids([night("2026-11-02", 5), unfinished(3), unfinished(5), unfinished(7)]), [7])
    assert.deepStrictEqual(ids([unfinished(3)]), [3])
  })

  it("forgets a run that was canceled while it waited, whichever row comes first", () => {
    const canceled = refresh({ id: 9, seconds: undefined, runStatus: "canceled" })
    assert.deepStrictEqual(ids([unfinished(9), canceled]), [])
    assert.deepStrictEqual(ids([canceled, unfinished(9)]), [])
    assert.strictEqual(RunBaseline.fromRuns([canceled], options).runs, 0)
  })

  it("takes no run of before its days, drops jobs without a day, and begins from nothing where there is nothing", () => {
    const previous = RunBaseline.fromRuns([night("2026-11-29", 29)], options)
    assert.strictEqual(RunBaseline.fromRuns([night("2026-11-01", 1)], { previous }).runs, 1)
    assert.strictEqual(RunBaseline.fromRuns([night("2026-11-02", 2)], { previous }).runs, 2)
    const other = refresh({ id: 99, start: at("2027-03-01T02:00:00Z"), jobID: 8 })
    assert.deepStrictEqual(RunBaseline.fromRuns([other], { previous }).jobs.map(({ jobID }) => jobID), [8])
    const empty = RunBaseline.fromRuns([], options)
    assert.deepStrictEqual(RunBaseline.fromRuns([], { previous: empty }), empty)
    assert.deepStrictEqual([empty.newestID, empty.newest, empty.runs], [undefined, undefined, 0])
    const later = RunBaseline.fromRuns([night("2026-11-28", 28)], { previous })
    assert.strictEqual(Number(later.newestID), 29)
  })

  it("says when the first and the last run of a day started, and counts the minute that had begun", () => {
    const [first, last] = [at("2026-11-02T02:00:59Z"), at("2026-11-02T09:00:00Z")]
    for (const starts of [[first, last], [last, first]]) {
      const baseline = RunBaseline.fromRuns(
        starts.map((start) => refresh({ id: start === first ? 1 : 2, start })),
        options
      )
      assert.deepStrictEqual(
        baseline.days.map(({ newest, oldest }) => [oldest, newest].map(DateTime.toEpochMillis)),
        [[first, last]]
      )
      assert.deepStrictEqual(baseline.jobs[0]?.days[0]?.starts, [120, 1, 540, 1])
    }
  })

  it("calls a job as its run of the greatest id does that has a name", () => {
    const named = (id: number, jobName: string) => refresh({ id, start: at("2026-11-02T02:00:00Z"), jobName })
    const { runDetails, ...rest } = named(4, "")
    const { jobName: _, ...nameless } = runDetails
    const runs = [named(2, "Middle"), named(1, "Old"), named(3, "New"), { ...rest, runDetails: nameless }]
    for (const ordered of [runs, runs.toReversed()]) {
      assert.strictEqual(RunBaseline.fromRuns(ordered, options).jobs[0]?.jobName, "New")
    }
  })

  it("keeps the days of a job that runs every two minutes small", () => {
    const runs = Array.from(
      { length: 28 * 720 },
      (_, index) =>
        refresh({ id: 1 + index, start: at("2026-11-01T00:00:00Z") + index * 120_000, seconds: 30 + index % 70 })
    )
    const [job] = RunBaseline.fromRuns(runs, options).jobs
    assert.deepStrictEqual(job?.starts?.every, { minutes: 2, days: 28, weekdays: [1, 2, 3, 4, 5, 6, 7] })
    assert.strictEqual(job?.runs, 28 * 720)
    for (const { durations, starts } of job?.days ?? []) {
      assert.strictEqual(starts.length, 2 * 48)
      assert.isAtMost(durations.length, 2 * 100)
    }
  })

  it("gives a thousand jobs their place, in any order, and counts the runs of others", () => {
    const runs = Array.from({ length: 1500 }, (_, index) =>
      refresh({
        id: 1 + index,
        start: at("2026-11-01T00:00:00Z") + index * 1000,
        ...(index % 3 === 0 ? { jobID: index } : { jobID: undefined, includeNodesSelector: `{ N${index} }` })
      }))
    const baseline = RunBaseline.fromRuns(runs, options)
    assert.deepStrictEqual([baseline.runs, baseline.jobs.length, baseline.otherRuns], [1500, 1000, 500])
    assert.strictEqual(baseline.jobs.filter(({ jobID }) => jobID !== undefined).length, 500)
    assert.deepStrictEqual(RunBaseline.fromRuns(runs.toReversed(), options), baseline)
  })
})

describe("a baseline of hostile runs", () => {
  const options = { timeZone: "UTC" }
  const first = at("2026-11-01T00:00:00Z")

  it("deletes nothing from a Map, and lets none grow, though each run is of a job of its own", () => {
    const runs = (of: (index: number) => number) =>
      Array.from(
        { length: 3000 },
        (_, index) =>
          refresh({
            id: 1 + index,
            start: first + index * 60_000,
            jobID: of(index),
            jobName: `Job ${index}`
          })
      )
    for (const  of of[(index: number) => 10_000 + index, (index: number) => 90_000 - index]) {
      const baseline = RunBaseline.fromRuns(runs(of), options)
      assert.deepStrictEqual([baseline.jobs.length, baseline.runs - baseline.otherRuns], [1000, 1000])
      const tables = tablesOf(() => RunBaseline.fromRuns(runs(of), options))
      assert.strictEqual(tables.deleted, 0)
      assert.isAtMost(tables.largestMap, 1251)
    }
  })

  it("keeps a bounded number of unfinished runs, and lists the latest", () => {
    const runs = Array.from(
      { length: 50_000 },
      (_, index) => refresh({ id: 1 + index, start: first, seconds: undefined, runStatus: "running" })
    )
    for (const ordered of [runs, runs.toReversed()]) {
      let last = 0
      const tables = tablesOf(() => {
        last = RunBaseline.fromRuns(ordered, options).unfinishedIDs.at(-1) ?? 0
      })
      assert.isAtMost(tables.largestSet, 20_001)
      assert.strictEqual(last, 50_000)
    }
  })

  it("keeps a bounded number of separate ids a day: what lies beyond is counted, and not known again", () => {
    const ids = new IdRanges()
    for (let id = 0; id < 20_000; id += 2) assert.isTrue(ids.add(id))
    assert.isFalse(ids.add(19_998))
    assert.deepStrictEqual([ids.add(30_000), ids.add(30_000), ids.has(30_000)], [true, true, false])
    // What joins ranges has a place.
    assert.deepStrictEqual([ids.add(1), ids.add(1)], [true, false])
    assert.deepStrictEqual([ids.count, ids.first, ids.result().length], [10_003, 0, 200])
    assert.deepStrictEqual([ids.result()[0], ids.result().at(-1)], [[0, 2], [400, 30_000]])
  })

  it("knows its ids as a set does", () => {
    const id = FastCheck.integer({ min: 1, max: 60 })
    FastCheck.assert(
      FastCheck.property(FastCheck.array(id, { maxLength: 80 }), (added) => {
        const [ids, known] = [new IdRanges(), new Set<number>()]
        for (const id of added) {
          assert.strictEqual(ids.add(id), !known.has(id))
          known.add(id)
        }
        const inRanges = ids.result().flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index)
        )
        assert.deepStrictEqual(inRanges, [...known].sort((a, b) => a - b))
        assert.strictEqual(ids.count, known.size)
        for (let id = 0; id <= 61; id++) assert.strictEqual(ids.has(id), known.has(id))
      })
    )
  })
})

describe("a habit over daylight saving", () => {
  const changes = [["Europe/London", "2026-03-29"], ["Europe/London", "2026-10-25"]] as const
  const clocks = ["UTC", "Europe/London"] as const

  it.each(changes.flatMap((change) => clocks.map((clock) => [...change, clock] as const)))(
    "survives it in %s on %s, by the clock of %s",
    (timeZone, change, clock) => {
      const changed = Date.parse(change)
      const runs = Array.from({ length: 40 }, (_, index) => {
        const date = new Date(changed + (index - 20) * day).toISOString().slice(0, 10)
        const start = DateTime.makeZonedUnsafe(`${date}T03:30:00`, { timeZone: clock, adjustForTimeZone: true })
        return refresh({ id: 1 + index, start: DateTime.toEpochMillis(start) })
      })
      for (let known = 10; known < 40; known++) {
        const learned = runs.slice(0, known)
        const baseline = RunBaseline.fromRuns(learned, { timeZone })
        const [time, ...others] = baseline.jobs[0]?.starts?.times ?? []
        assert.lengthOf(others, 0)
        assert.deepStrictEqual([time?.days, time?.streak], [Math.min(known, 28), Math.min(known, 28)])
        const now = DateTime.makeUnsafe(changed + (known - 21) * day + 12 * 3_600_000)
        const window = { since: DateTime.subtract(now, { hours: 24 }), until: now }
        assert.deepStrictEqual(RunBaseline.deviations(baseline, learned, now, window), [])
        // The next morning, without a run.
        const next = DateTime.add(now, { hours: 24 })
        const missing = RunBaseline.deviations(baseline, [], next, { since: now, until: next })
        assert.deepStrictEqual(missing.map(({ kind }) => kind), ["missing"])
      }
      const [time] = RunBaseline.fromRuns(runs, { timeZone }).jobs[0]?.starts?.times ?? []
      assert.deepStrictEqual([time?.at, time?.timeZone, time?.fitsBothClocks], ["03:30", clock, false])
    }
  )
})
