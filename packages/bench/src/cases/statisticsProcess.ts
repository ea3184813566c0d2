/**
 * Counts generated runs, or does nothing, and prints the peak memory of the process in bytes:
 * `node statisticsProcess.js usual|hostile|alone|empty [count]`. Runs come in pages of a thousand, as from the client, and none is
 * stored, so that the memory is that of the statistics.
 */
import { peakMemory } from "../peakMemory.ts"

const [what, count] = [process.argv[2], Number(process.argv[3] ?? 0)]

if (what === "usual" || what === "hostile" || what === "alone") {
  // Imported only here, so that the empty process loads nothing.
  const Run = await import("@coalesce-runs/core/Run")
  const RunStatistics = await import("@coalesce-runs/core/RunStatistics")
  const DateTime = await import("effect/DateTime")
  const Effect = await import("effect/Effect")
  const Option = await import("effect/Option")
  const Stream = await import("effect/Stream")
  const { hostile, usual } = await import("./statisticsRuns.ts")

  const sampleOf = what === "hostile" ? hostile : usual
  const runOf = (index: number) => {
    const { jobID, reason } = sampleOf(index)
    const start = Date.UTC(2026, 0, 1) + index * 30_000
    return {
      id: Run.RunId.make(index),
      runType: "refresh" as const,
      runStatus: reason === undefined ? "completed" : "failed",
      runStartTime: DateTime.makeUnsafe(start),
      runEndTime: DateTime.makeUnsafe(start + 1000 + (index * 7919) % 3_600_000),
      runDetails: { environmentID: String(index % 3), jobID, jobName: "Nightly" },
      ...(reason === undefined ? {} : { runFailureReason: reason })
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

  const counted = what === "alone"
    ? Stream.runCount(runs)
    : Effect.map(Stream.run(runs, RunStatistics.sink({ groupBy: "job" })), (statistics) => statistics.runs)
  const seen = await Effect.runPromise(counted)
  if (seen !== count) throw new Error(`${seen} runs were counted instead of ${count}`)
}

console.log(peakMemory())
