/**
 * A watch as a process on a simulator over real HTTP, killed at random moments: 20 times, or as often as `COALESCE_KILLS` says.
 */
import { SimulatedRun, type Simulator } from "@coalesce-runs/simulator"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { simulated, start } from "./support.ts"

const kills = Number(process.env["COALESCE_KILLS"] ?? 20)

const Line = Schema.fromJsonString(Schema.Struct({
  event: Schema.String,
  id: Schema.optionalKey(Schema.String),
  from: Schema.optionalKey(Schema.String),
  to: Schema.optionalKey(Schema.String),
  run: Schema.optionalKey(Schema.Struct({
    id: Schema.Int,
    runStatus: Schema.String,
    runEndTime: Schema.optionalKey(Schema.String)
  }))
}))

const decodeLine = Schema.decodeUnknownSync(Line)

const maxRuns = 20 * kills

const ongoing = ["waitingToRun", "initializing", "running"]
const terminal = ["completed", "failed", "canceled"]

interface Fate {
  /** The statuses so far, in their order. */
  readonly statuses: Array<string>
  readonly visibleAt: number
  runEndTime?: string
}

const hasEnded = ({ runEndTime }: Fate) => runEndTime !== undefined

/** Lets runs appear, some of them behind later ones, change and end. It writes down what happened. */
const makeWorld = (simulator: Simulator.Simulator["Service"]) => {
  const fates = new Map<number, Fate>()
  let now = 0

  const publish = simulator.update(() =>
    [...fates].flatMap(([id, { runEndTime, statuses, visibleAt }]): ReadonlyArray<SimulatedRun.SimulatedRun> =>
      visibleAt > now ? [] : [{
        id,
        runType: "refresh",
        runStatus: statuses.at(-1) ?? "",
        environmentID: "3",
        runStartTime: "2026-11-03T02:00:00.000Z",
        ...(runEndTime === undefined ? {} : { runEndTime })
      }]
    )
  )
  const end = Effect.fnUntraced(function*(fate: Fate) {
    fate.statuses.push(yield* Random.choice(terminal))
    fate.runEndTime = new Date(Date.UTC(2026, 10, 3, 3) + now).toISOString()
  })
  const step = Effect.gen(function*() {
    now += 1
    const open = [...fates.values()].filter((fate) => !hasEnded(fate))
    // However long the kills take, there is an end to what the last process has to tell.
    if (open.length < 40 && fates.size < maxRuns) {
      // One of five becomes visible a second or two after runs with greater ids.
      const isLate = (yield* Random.next) < 0.2
      const visibleAt = now + (isLate ? yield* Random.nextIntBetween(1, 40) : 0)
      fates.set(fates.size + 1, { statuses: [yield* Random.choice(ongoing)], visibleAt })
    }
    for (const fate of open) {
      const chance = yield* Random.next
      if (chance < 0.03) yield* end(fate)
      else if (chance < 0.06) fate.statuses.push(yield* Random.choice(ongoing))
    }
    yield* publish
  })
  const endAll = Effect.gen(function*() {
    now += 100
    for (const fate of fates.values()) if (!hasEnded(fate)) yield* end(fate)
    yield* publish
  })
  return { fates, endAll, goOn: Effect.forever(Effect.andThen(step, Effect.sleep("50 millis"))) }
}

/** Starts the watch and ends it with a signal: some time after its start, or after the line for which `isDue` holds. */
const watchUntil = (
  state: string,
  env: Readonly<Record<string, string>>,
  signal: "SIGKILL" | "SIGTERM",
  { isDue, millis }: {
    readonly isDue: ((lines: ReadonlyArray<string>) => boolean) | undefined
    readonly millis: number
  }
) =>
  Effect.callback<{ readonly lines: ReadonlyArray<string>; readonly stderr: string; readonly code: number | null }>(
    (resume) => {
      const child = start(["watch", "--every", "1s", "--since", "0", "--state", state, "--json"], env)
      let stdout = ""
      let stderr = ""
      let isEnding = false
      // A line that the kill cut off is not told.
      const linesOf = () => stdout.slice(0, stdout.lastIndexOf("\n") + 1).split("\n").slice(0, -1)
      const endIn = (millis: number) => {
        isEnding = true
        setTimeout(() => child.kill(signal), millis)
      }
      child.stdout.on("data", (chunk) => {
        stdout += String(chunk)
        if (!isEnding && isDue?.(linesOf()) === true) endIn(millis)
      })
      child.stderr.on("data", (chunk) => stderr += String(chunk))
      if (isDue === undefined) endIn(millis)
      // The line may be lost: what is missing is told by the assertions.
      const timer = setTimeout(() => isEnding || endIn(0), 60_000)
      child.once("close", (code) => {
        clearTimeout(timer)
        resume(Effect.succeed({ code, stderr, lines: linesOf() }))
      })
      return Effect.sync(() => child.kill("SIGKILL"))
    }
  )

it.live(
  `a watch that is killed ${kills} times prints every end, under one id, and nothing that did not happen`,
  () =>
    Effect.gen(function*() {
      const directory = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "coalesce-runs-kills-"))),
        (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true }))
      )
      const state = join(directory, "state")
      const { env, simulator } = yield* simulated({ runs: [] })
      const { endAll, fates, goOn } = makeWorld(simulator)
      const printed: Array<ReadonlyArray<typeof Line.Type>> = []
      const ids = new Map<string, Set<string>>()
      const keep = (lines: ReadonlyArray<string>) => {
        const decoded = lines.map((line) => decodeLine(line))
        printed.push(decoded)
        for (const { id, run } of decoded) {
          if (id === undefined || run === undefined) continue
          const end = `${run.id} ${run.runStatus} ${run.runEndTime}`
          ids.set(end, new Set([...(ids.get(end) ?? []), id]))
        }
      }

      yield* Effect.gen(function*() {
        for (let kill = 0; kill < kills; kill++) {
          // Every second one dies while it handles and saves the events of a poll, the others at any point of their life.
          const isHandling = kill % 2 === 1
          const millis = yield* Random.nextIntBetween(0, isHandling ? 30 : 2500)
          const { lines } = yield* watchUntil(state, env, "SIGKILL", {
            millis,
            isDue: isHandling ? (lines) => lines.length > kill % 3 : undefined
          })
          keep(lines)
        }
      }).pipe(Effect.raceFirst(goOn))

      yield* endAll
      const isTold = (lines: ReadonlyArray<string>) => {
        const now = new Set(
          lines.flatMap((line) => decodeLine(line).event === "Ended" ? [decodeLine(line).run?.id] : [])
        )
        const before = printed.flat().flatMap(({ event, run }) => event === "Ended" ? [run?.id] : [])
        return new Set([...now, ...before]).size === fates.size
      }
      const last = yield* watchUntil(state, env, "SIGTERM", { millis: 500, isDue: isTold })
      keep(last.lines)
      assert.deepStrictEqual([last.code, last.stderr], [0, ""])

      // Every end of a run, and no other, under one id.
      const ends = [...fates].map(([id, { runEndTime, statuses }]) => `${id} ${statuses.at(-1)} ${runEndTime}`)
      assert.isAbove(ends.length, kills)
      assert.sameMembers([...ids.keys()], ends)
      for (const [end, named] of ids) assert.strictEqual(named.size, 1, end)
      assert.strictEqual(new Set([...ids.values()].flatMap((named) => [...named])).size, ends.length)

      for (const events of printed) {
        // No process tells an end twice.
        const own = events.flatMap(({ id }) => id === undefined ? [] : [id])
        assert.lengthOf(own, new Set(own).size)
        for (const { event, from, run, to } of events) {
          assert.include(["Watching", "Appeared", "StatusChanged", "Ended"], event)
          if (run === undefined) continue
          // What is printed was so once.
          const statuses = fates.get(run.id)?.statuses ?? []
          for (const status of [run.runStatus, from, to]) if (status !== undefined) assert.include(statuses, status)
        }
      }
    }).pipe(Effect.scoped, Random.withSeed("kills")),
  60_000 + kills * 6000
)
