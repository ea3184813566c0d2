// Loaded before a program, with --import and --expose-gc: says how much memory it holds whenever its parent asks.
import { setTimeout as pause } from "node:timers/promises"

const measure = async () => {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await pause(20)
  }
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heapMB: heapUsed / 1e6, rssMB: rss / 1e6 })
}

process.on("message", () => void measure())
// The parent's question must not keep the program alive.
process.channel?.unref()
