/** Reads the peak memory of this process. */
import { readFileSync } from "node:fs"

/** Returns the most bytes of memory that this process has had. */
export const peakMemory = (): number => {
  // On Linux a process inherits the maxRSS of its parent, and the bench is larger than an empty process.
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : ""
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) * 1024
}
