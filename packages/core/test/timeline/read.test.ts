import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Report, RunBaseline, RunsClient, RunsInMemory, RunTimeline } from "../../src/index.ts"
import { forbidden, ids, learns, night, now, read, readOver, run, weeks } from "../support/timelineNight.ts"

describe("the reading of a timeline", () => {
  it.effect("names what is unavailable, and fails only without the runs of the window", () =>
    Effect.gen(function*() {
      const timeline = yield* readOver((client) => ({
        schedulerStatus: () => forbidden,
        listPage: (query) => query?.runStatus === "running" ? forbidden : client.listPage(query)
      }))
      assert.deepStrictEqual([...new Set(timeline.unavailable.map(({ part }) => part))], ["openRuns", "runLink"])
      assert.include(Report.toText(RunTimeline.report(timeline)), "runs that have not ended: 403 Forbidden")
      const unlearned = yield* readOver((client) => ({
        pages: (query) => learns(query) ? Stream.fromEffect(forbidden) : client.pages(query)
      }))
      assert.deepStrictEqual(unlearned.unavailable.map(({ part, status }) => [part, status]), [["baseline", 403]])
      assert.deepStrictEqual(ids(unlearned), [[9, [100]], [7, [102, 103, 105]], [12, [104]]])
    }))

  it.effect("shows the runs before an error, with the rows that it skipped", () =>
    Effect.gen(function*() {
      const timeline = yield* readOver(
        (client) => ({
          pages: (query) =>
            client.pages(query).pipe(
              Stream.map((page) => ({
                ...page,
                hasMore: true,
                undecodable: [{ index: 7, path: "runType", issue: "none", id: undefined }]
              })),
              Stream.concat(Stream.fromEffect(forbidden))
            )
        }),
        { baseline: "none" },
        night.slice(-4)
      )
      assert.deepStrictEqual([timeline.truncated, timeline.error?._tag, timeline.undecodable?.count], [
        "error",
        "Forbidden",
        2
      ])
      assert.deepStrictEqual(ids(timeline), [[7, [102, 103, 105]], [12, [104]]])
    }))

  it.effect("shows a run as it ended, though another response still has it as running", () =>
    Effect.gen(function*() {
      const stale = run(103, 7, 125, { runStatus: "running" })
      const before = RunsInMemory.layer({ runs: [stale] })
      const later = yield* readOver((client) => ({
        listPage: (query) =>
          query?.runStatus === "running"
            ? Effect.provide(RunsClient.client, before).pipe(Effect.flatMap((client) => client.listPage(query)))
            : client.listPage(query)
      }))
      assert.deepStrictEqual(later.jobs[0]?.runs.map(({ id, runStatus }) => [Number(id), runStatus]), [
        [102, "failed"],
        [103, "completed"],
        [105, "waitingToRun"]
      ])
      // And the other way round: it ended between the two.
      const now = yield* readOver(
        (client) => ({
          listPage: (query) =>
            query?.runStatus === "running"
              ? Effect.map(
                client.listPage({ ...query, runStatus: "completed" }),
                (page) => ({ ...page, runs: page.runs.filter(({ id }) => id === 103) })
              )
              : client.listPage(query)
        }),
        {},
        night.map((one) => one.id === 103 ? stale : one)
      )
      assert.strictEqual(now.jobs.flatMap(({ runs }) => runs).find(({ id }) => id === 103)?.runStatus, "running")
    }))

  it.effect("reads the pages of 20 runs: of failed ones, of those that have not ended, then of the latest", () =>
    Effect.gen(function*() {
      const many = Array.from(
        { length: 30 },
        (_, index) =>
          run(
            index + 1,
            7,
            10 * index,
            index === 0 ? { runStatus: "failed" } : index === 1 ? { runStatus: "running" } : {}
          )
      )
      const timeline = yield* read({}, many)
      const linked = timeline.jobs.flatMap(({ runs }) => runs).filter(({ runLink }) => runLink !== undefined)
      assert.deepStrictEqual(linked.map(({ id }) => Number(id)), [
        1,
        2,
        ...Array.from({ length: 18 }, (_, n) => 13 + n)
      ])
    }))

  it.effect("knows what is usual in its own zone, of the environment and the job that it shows", () =>
    Effect.gen(function*() {
      const here = yield* read({ environmentID: "3", timeZone: "Africa/Lagos" })
      assert.deepStrictEqual(ids(here), [[9, [100]], [7, [102, 103, 105]], [8, []]])
      const [usual] = here.jobs[2]?.usual?.starts?.times ?? []
      assert.deepStrictEqual([usual?.at, usual?.timeZone], ["04:00", "Africa/Lagos"])
      assert.deepStrictEqual(ids(yield* read({ jobID: "Job 8" })), [[8, []]])
    }))

  it.effect("takes what is usual from a baseline that is given, or does without", () =>
    Effect.gen(function*() {
      const learned = yield* RunBaseline.learn({ timeZone: "UTC" }).pipe(
        Effect.provide(RunsInMemory.layer({ runs: weeks })),
        Effect.tap(() => TestClock.setTime(Date.parse(now)))
      )
      const tonight = night.slice(-4)
      const starts = ({ jobs }: RunTimeline.Timeline) =>
        jobs.map(({ jobID, usualStarts }) => [jobID, usualStarts.length] as const)
      assert.deepStrictEqual(starts(yield* read({ baseline: learned }, tonight)), [[7, 1], [8, 1], [12, 0]])
      assert.deepStrictEqual(starts(yield* read({}, tonight)), [[7, 0], [12, 0]])
      const without = yield* read({ baseline: "none" })
      assert.deepStrictEqual(starts(without), [[9, 0], [7, 0], [12, 0]])
      assert.deepStrictEqual(without.unavailable, [])
    }))

  it.effect("waits for what is usual for twice the time of a part, and takes what it knows by then", () =>
    Effect.gen(function*() {
      const slow = (seconds: number) =>
        readOver((client) => ({
          pages: (query) =>
            learns(query)
              ? Stream.unwrap(Effect.as(Effect.sleep(`${seconds} seconds`), client.pages(query)))
              : client.pages(query)
        }), { partTimeout: "10 seconds" })
      const read = (seconds: number) =>
        Effect.gen(function*() {
          const reading = yield* Effect.forkChild(slow(seconds), { startImmediately: true })
          yield* TestClock.adjust("1 minute")
          return yield* Fiber.join(reading)
        })
      assert.strictEqual((yield* read(15)).jobs[1]?.usualStarts.length, 1)
      const late = yield* read(25)
      assert.deepStrictEqual(late.jobs.flatMap(({ usualStarts }) => usualStarts), [])
      assert.deepStrictEqual(late.unavailable, [])
    }))
})
