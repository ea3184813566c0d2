// Loaded before a program, with --import and --expose-gc: says how much memory it holds whenever its parent asks.
import { setTimeout as pause } from "node:timers/promises"
import { queryObjects } from "node:v8"

/**
 * Counts objects, for which V8 collects all it can and shrinks the young generation to its smallest. `gc()` leaves that at 33 MB, and leaves
 * pages that are free to threads which come to return them when they are scheduled: on a busy machine that is too late to be measured.
 */
const count = () => queryObjects(Object, { format: "count" })

const measure = async () => {
  const rounds = []
  for (let round = 0; round < 5; round++) {
    globalThis.gc?.()
    // What a weak reference showed lives until the next task.
    await pause(50)
    const objects = count()
    const { external, heapUsed, rss } = process.memoryUsage()
    rounds.push({ objects, heapMB: (heapUsed + external) / 1e6, rssMB: rss / 1e6 })
  }
  // More than the least of them is not held.
  const least = (name) => Math.min(...rounds.map((round) => round[name]))
  process.send?.({ objects: least("objects"), heapMB: least("heapMB"), rssMB: least("rssMB") })
}

process.on("message", () => void measure())
// The parent's question must not keep the program alive.
process.channel?.unref()
