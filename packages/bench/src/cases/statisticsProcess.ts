/**
 * Counts generated runs, or learns what is usual from them, or does nothing, and prints the peak memory of the process in bytes:
 * `node statisticsProcess.js usual|hostile|baseline|hostileBaseline|alone|empty [count]`. Runs come in pages of a thousand, as from the client, and none is
 * stored, so that the memory is that of what is folded.
 *
 * It is resident memory: of the modules, of their compiled code, and of the runs that the engine has not collected yet. Two
 * halves of 16 MiB are for young objects, and runs fill both whatever is done with them. A run is made as the client makes it
 * from a row: checking each id with a schema and writing its times through a `Date` would leave more garbage than the rest.
 */
import type { Run } from "@coalesce-runs/core"
import { peakMemory } from "../peakMemory.ts"

const [what, count] = [process.argv[2], Number(process.argv[3] ?? 0)]

const isBaseline = what === "baseline" || what === "hostileBaseline"

if (what === "usual" || what === "hostile" || isBaseline || what === "alone") {
  // Imported only here, so that the empty process loads nothing.
  const DateTime = await import("effect/DateTime")
  const Effect = await import("effect/Effect")
  const Option = await import("effect/Option")
  const Stream = await import("effect/Stream")
  const { hostile, ofJobs, usual } = await import("./statisticsRuns.ts")

  const sampleOf = what === "hostile" || what === "hostileBaseline" ? hostile : isBaseline ? ofJobs : usual
  // A million hostile runs lie in 28 days, with an id for each second one.
  const secondsBetween = what === "hostileBaseline" ? 2 : isBaseline ? 60 : 30
  const idsBetween = what === "hostileBaseline" ? 2 : 1
  // The brand adds no check to the number.
  const isRunId = (id: number): id is typeof Run.RunId.Type => Number.isSafeInteger(id)
  const runOf = (index: number) => {
    const { jobID, reason } = sampleOf(index)
    const id = index * idsBetween
    const start = Date.UTC(2026, 0, 1) / 1000 + index * secondsBetween
    if (!isRunId(id)) throw new Error(`${id} is no id`)
    return {
      id,
      runType: "refresh" as const,
      runStatus: reason === undefined ? "completed" : "failed",
      runStartTime: DateTime.fromEpochSeconds(start),
      runEndTime: DateTime.fromEpochSeconds(start + 1 + (index * 7919) % 3_600_000 / 1000),
      runDetails: { environmentID: String(isBaseline ? jobID % 5 : index % 3), jobID, jobName: "Nightly" },
      runFailureReason: reason
    }
  }
  const pageSize = 1000
  const runs = Stream.paginate(0, (first) =>
    Effect.sync(() => {
      const next = Math.min(first + pageSize, count)
      return [
        Array.from({ length: next - first }, (_, index) => runOf(first + index)),
        next < count ? Option.some(next) : Option.none()
      ] as const
    }))

  // Only what is measured is loaded: to count nothing, what statistics load.
  const counts = {
    alone: async () => {
      await import("@coalesce-runs/core/RunStatistics")
      return Stream.runCount(runs)
    },
    baseline: async () => {
      const { sink } = await import("@coalesce-runs/core/RunBaseline")
      // Days expire, so that most runs of a long history are counted no more.
      return Effect.map(Stream.run(runs, sink({ timeZone: "UTC" })), ({ newestID }) => (newestID ?? 0) / idsBetween + 1)
    },
    statistics: async () => {
      const { sink } = await import("@coalesce-runs/core/RunStatistics")
      return Effect.map(Stream.run(runs, sink({ groupBy: "job" })), (statistics) => statistics.runs)
    }
  }
  const counted = await counts[what === "alone" ? "alone" : isBaseline ? "baseline" : "statistics"]()
  const seen = await Effect.runPromise(counted)
  if (seen !== count) throw new Error(`${seen} runs were counted instead of ${count}`)
}

console.log(peakMemory())
