/**
 * What a watch promises, over generated histories: runs that appear (late ones too), change, end, go on and are deleted;
 * odd polls, errors, crashes at any event, restarts from the encoded checkpoint, and two watches over one store.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { isDeepStrictEqual } from "node:util"
import type { Run } from "../../src/index.ts"
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../src/watch/checkpoint.ts"
import { conclude } from "../../src/watch/conclude.ts"
import type { Event } from "../../src/watch/event.ts"
import * as poll from "../../src/watch/poll.ts"
import { instant, type Life, lives, type Minute, pageOf, phaseAt, rowsAt } from "./world.ts"

const lag = 10
const origin = "https://coalesce.example"
const options = (maxPage: number): poll.Options => ({
  origin,
  watches: { origin },
  maxWatched: 1000,
  lag: Duration.minutes(lag),
  since: undefined,
  limits: { newest: maxPage, page: maxPage, pages: 100, latePages: 100 }
})

/** What one poll meets. */
const incident = fc.record({
  wait: fc.integer({ min: 1, max: 6 }),
  /** Which of the two watches polls. */
  watch: fc.constantFrom(0, 1),
  trouble: fc.oneof(
    { weight: 5, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom("empty" as const, "short" as const, "stale" as const, "error" as const) }
  ),
  /** After how many handled events the process is killed, and whether the last of them was saved. */
  crash: fc.option(fc.record({ after: fc.nat(3), isSaved: fc.boolean() }), { freq: 5, nil: undefined }),
  seed: fc.nat(1000)
})

const scenario = fc.record({
  world: lives,
  startsAt: fc.integer({ min: 0, max: 60 }),
  incidents: fc.array(incident, { minLength: 5, maxLength: 40 }),
  pageSize: fc.constantFrom(2, 3, 100),
  watches: fc.constantFrom(1, 2)
}).map(({ pageSize, world, ...rest }) => ({
  ...rest,
  pageSize,
  // Only among the newest runs does a watch notice that an ended run goes on, and at its start a status not known.
  world: pageSize === 100 ? world : world.map((life) => {
    const first = life.phases.findIndex(({ end }) => end !== undefined)
    const phases = first < 0 ? life.phases : life.phases.slice(0, first + 1)
    return {
      ...life,
      phases: phases.map((phase) => phase.runStatus === "paused" ? { ...phase, runStatus: "running" } : phase)
    }
  })
}))

interface Reported {
  readonly event: Event
  readonly at: Minute
  readonly watch: number
  /** The ids that the server showed to the poll. */
  readonly shown: ReadonlySet<number>
}

/** Polls once at a time. None where a request fails. */
const pollAt = (
  rowsOf: (request: number) => ReadonlyArray<Run.RunSummary> | undefined,
  now: Minute,
  pageSize: number,
  from: Checkpoint | undefined
) => {
  let state = poll.begin<Run.RunSummary>(options(pageSize), from)
  for (let index = 0; state.next !== undefined; index++) {
    if (index >= 300) assert.fail("a poll is bounded")
    const rows = rowsOf(index)
    if (rows === undefined) return undefined
    const { next } = state
    state = poll.advance(state, next, pageOf(rows, poll.request(state, next), pageSize))
  }
  return conclude(state, instant(now))
}

const play = (
  { incidents, pageSize, startsAt, watches, world }: typeof scenario extends fc.Arbitrary<infer S> ? S : never
) => {
  const reported: Array<Reported> = []
  let saved: { readonly value: string; readonly version: number } | undefined
  // What each watch has in memory; none after it was killed.
  const memory: Array<{ readonly checkpoint: Checkpoint; readonly version: number } | undefined> = [
    undefined,
    undefined
  ]
  let now = startsAt
  const wasOdd = [true, watches === 2]
  let crashes = 0
  const quiet = Array.from(
    { length: 12 },
    () => ({ wait: 5, watch: 0, trouble: "none", crash: undefined, seed: 0 } as const)
  )
  for (const step of [...incidents, ...quiet]) {
    now += step.wait
    if (step === quiet[0]) now = Math.max(now, 400)
    const watch = watches === 1 ? 0 : step.watch
    // One odd poll is not believed; nobody promises the same of two.
    const isOdd = !wasOdd.includes(true) && ["empty", "short", "stale"].includes(step.trouble)
    const there = rowsAt(world, isOdd && step.trouble === "stale" ? now - 3 : now)
    const shownRows = !isOdd || step.trouble === "stale"
      ? there
      : step.trouble === "empty"
      ? []
      : there.filter(({ id }) => (id * 7 + step.seed) % 3 !== 0)
    const rowsOf = (request: number) => step.trouble === "error" && request === step.seed % 3 ? undefined : shownRows
    const known = memory[watch] ?? (saved === undefined ? undefined : {
      checkpoint: Result.getOrThrow(decodeCheckpoint(saved.value)),
      version: saved.version
    })
    const result = pollAt(rowsOf, now, pageSize, known?.checkpoint)
    if (result === undefined) continue
    wasOdd[watch] = isOdd
    let version = known?.version ?? 0
    memory[watch] = { checkpoint: result.checkpoint, version }
    const ids = result.events.map((event) =>
      event._tag === "Watching"
        ? -1
        : event._tag === "PollFailed"
        ? -1
        : event._tag === "Untracked"
        ? event.runID
        : event.run.id
    )
    if (ids.some((id, index) => id < (ids[index - 1] ?? -Infinity))) {
      assert.fail(`events of a poll come in ascending id, not ${ids.join(", ")}`)
    }
    const shown = new Set(shownRows.map(({ id }) => id))
    for (const [index, event] of result.events.entries()) {
      const { crash } = step
      const isKilled = crash !== undefined && crash.after === index
      reported.push({ event, at: now, watch, shown })
      if (isKilled && !crash.isSaved) {
        memory[watch] = undefined
        crashes++
        break
      }
      if ((saved?.version ?? 0) !== version) {
        // The other watch was faster: this one goes on from what it saved.
        memory[watch] = undefined
        crashes++
        break
      }
      const { checkpoint } = event
      if (checkpoint === undefined) return assert.fail("every event has a checkpoint")
      version++
      const value = encodeCheckpoint(checkpoint)
      // Chai compares and names values ten times as slowly, and this is compared some 300,000 times.
      if (value.length >= 4096) assert.fail(`a checkpoint is small, not ${value.length} characters`)
      const decoded = Result.getOrThrow(decodeCheckpoint(value))
      if (!isDeepStrictEqual(decoded, checkpoint)) assert.deepStrictEqual(decoded, checkpoint)
      saved = { value, version }
      memory[watch] = { checkpoint: result.checkpoint, version }
      if (isKilled) {
        memory[watch] = undefined
        crashes++
        break
      }
    }
  }
  return { reported, crashes, end: now }
}

const nameOf = (id: number, status: string, end: Minute): string =>
  `${origin}/runs/${id}/${status}/${DateTime.formatIso(instant(end))}`

const endsOf = ({ id, phases }: Life): ReadonlyArray<readonly [name: string, from: Minute]> =>
  phases.flatMap(({ end, from, runStatus }) => end === undefined ? [] : [[nameOf(id, runStatus, end), from] as const])

describe("a watch over any history", () => {
  // 10,000 histories in twenty parts, so that none takes long on a busy machine.
  it.each(Array.from({ length: 20 }, (_, part) => part + 1))(
    "reports each end at least once under one id, never twice by one watch, and nothing that did not happen (%i)",
    () => {
      fc.assert(
        fc.property(scenario, (drawn) => {
          const { crashes, end, reported } = play(drawn)
          // A process that is killed before it saves anything begins anew.
          const began = reported.findLast(({ event }) => event._tag === "Watching")
          const start = began?.at ?? Infinity
          const names = reported.flatMap(({ event }) => event._tag === "Ended" ? [event.id] : [])
          const told = new Set(names)
          const real = new Map(drawn.world.flatMap(endsOf))
          for (const { at, event } of reported) {
            if (event._tag === "Ended") {
              const from = real.get(event.id)
              if (from === undefined) return assert.fail(`${event.id} did not happen`)
              if (from > at) assert.fail(`${event.id} was told before it happened`)
            }
            if (event._tag === "Restarted") {
              const life = drawn.world.find(({ id }) => id === event.run.id)
              assert.isTrue(
                life?.phases.some(({ end, from }, index) =>
                  end === undefined && from <= at && life.phases.slice(0, index).some(({ end }) => end !== undefined)
                ),
                "a run was told as going on that did not"
              )
            }
            if (event._tag === "Untracked") {
              const life = drawn.world.find(({ id }) => id === event.runID)
              assert.isAtMost(life?.deletedAt ?? Infinity, at, "a run was told as deleted that was there")
            }
          }
          if (crashes === 0 && drawn.watches === 1) {
            assert.strictEqual(told.size, names.length, "an end was told twice without a crash")
          }
          for (const life of drawn.world) {
            const last = phaseAt(life, end)
            // What a first poll found ended is old; what was deleted may never have been seen.
            const wasOld = life.visibleFrom <= start && (last?.from ?? 0) <= start
            // At its start a watch waits for runs that its first poll lacked among the newest alone, whether they were late or the poll odd.
            const wasHidden = drawn.pageSize < 100 && began?.shown.has(life.id) !== true &&
              (life.phases[0]?.from ?? 0) <= start
            if (last?.end === undefined || wasOld || wasHidden || life.deletedAt <= end) continue
            const name = nameOf(life.id, last.runStatus, last.end)
            if (!told.has(name)) assert.include(names, name)
          }
        }),
        { numRuns: 500 }
      )
    }
  )
})
