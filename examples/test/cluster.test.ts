import { type SimulatedRun, Simulator } from "@coalesce-runs/simulator"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createServer } from "node:net"
import * as postgres from "../../packages/core/test/support/postgres.ts"
import { start } from "./support.ts"

/** The bound on how long no machine watches. */
const takeoverMillis = 10_000

const freePort = () =>
  new Promise<string>((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(String(typeof address === "object" && address !== null ? address.port : 0)))
    })
  })

/** The ends that a process of the cluster told, in their order. */
interface Told {
  readonly by: string
  readonly id: string
}

/** Lets refreshes start, and end a second later. Returns the ends so far, as the watch names them. */
const makeWorld = (simulator: Simulator.Simulator["Service"]) => {
  const ends: Array<string> = []
  let now = 0
  const runOf = (id: number): SimulatedRun.SimulatedRun => {
    const hasEnded = id <= now - 5
    const runEndTime = new Date(Date.UTC(2026, 10, 3, 2, 0, id)).toISOString()
    return { id, runType: "refresh", runStatus: hasEnded ? "failed" : "running", ...(hasEnded ? { runEndTime } : {}) }
  }
  const step = Effect.suspend(() => {
    now++
    const runs = Array.from({ length: now }, (_, index) => runOf(index + 1))
    for (const { id, runEndTime } of runs.slice(ends.length)) {
      if (runEndTime !== undefined) ends.push(`${simulator.url}/runs/${id}/failed/${runEndTime}`)
    }
    return simulator.update(() => runs)
  })
  return { ends, goOn: Effect.forever(Effect.andThen(step, Effect.sleep("200 millis"))) }
}

it.live(
  "cluster: of processes on one Postgres another takes over within 10 s, and no end of a run is lost",
  () =>
    Effect.gen(function*() {
      const DATABASE_URL = yield* postgres.start
      const simulator = yield* Simulator.make({ runs: [] })
      const { ends, goOn } = makeWorld(simulator)
      const told: Array<Told> = []

      const join = Effect.fnUntraced(function*(by: string) {
        const RUNNER_PORT = yield* Effect.promise(freePort)
        const child = start("cluster", {
          env: {
            DATABASE_URL,
            RUNNER_PORT,
            COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token),
            COALESCE_BASE_URL: simulator.url,
            WATCH_EVERY: "1 second"
          }
        })
        let stderr = ""
        let rest = ""
        child.stderr.on("data", (text: string) => stderr += text)
        child.stdout.on("data", (text: string) => {
          const lines = `${rest}${text}`.split("\n")
          rest = lines.pop() ?? ""
          told.push(...lines.map((id) => ({ by, id })))
        })
        yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGKILL")))
        const exited = new Promise<number | null>((resolve) => child.once("close", resolve))
        return { by, child, exited: Effect.promise(() => exited), isWatching: () => stderr.includes("Watching") }
      })

      const until = (isDue: () => boolean, what: () => string) =>
        Effect.sleep("20 millis").pipe(
          Effect.repeat({ until: () => isDue() }),
          Effect.timeoutOrElse({
            duration: takeoverMillis * 2,
            orElse: () => Effect.die(new Error(`Waited for ${what()}. Told so far: ${JSON.stringify(told.slice(-5))}`))
          })
        )
      /** Waits for an end that another process than this one tells from now on, and returns after how long. */
      const takenOverFrom = Effect.fnUntraced(function*(gone: string) {
        const [from, before] = [Date.now(), told.length]
        yield* until(() => told.slice(before).some(({ by }) => by !== gone), () => `another process than ${gone}`)
        return Date.now() - from
      })

      yield* Effect.gen(function*() {
        // Both at once, on an empty database.
        const [a, b] = yield* Effect.all([join("a"), join("b")], { concurrency: 2 })
        yield* until(() => a.isWatching() || b.isWatching(), () => "the first poll")
        yield* Effect.forkScoped(goOn)
        yield* until(() => told.length > 0, () => "the first end")

        const killed = told.at(-1)?.by === "a" ? a : b
        killed.child.kill("SIGKILL")
        assert.isBelow(yield* takenOverFrom(killed.by), takeoverMillis)

        const c = yield* join("c")
        const survivor = killed === a ? b : a
        // It may take the watch with it. Only one of them watches either way.
        yield* Effect.sleep("4 seconds")
        const stopped = told.at(-1)?.by === "c" ? c : survivor
        stopped.child.kill("SIGTERM")
        assert.isBelow(yield* takenOverFrom(stopped.by), takeoverMillis)
        assert.isNotNull(yield* stopped.exited)

        const last = stopped === c ? survivor : c
        const due = ends.length
        const isToldUpTo = (count: number) => {
          const ids = new Set(told.map(({ id }) => id))
          return ends.slice(0, count).every((id) => ids.has(id))
        }
        yield* until(() => isToldUpTo(due), () => "every end")
        last.child.kill("SIGTERM")
        yield* last.exited
        // Each end under one id, and none that did not happen.
        const ids = new Set(told.map(({ id }) => id))
        assert.isAbove(ids.size, 20)
        for (const id of ids) assert.include(ends, id)
        assert.isTrue(isToldUpTo(due))
      })
    }).pipe(Effect.scoped),
  90_000
)
