/** A simulator in a process of its own, so that its work is not measured with its client's. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface SimulatorProcess {
  readonly url: string
  readonly token: string
  readonly dispose: () => Promise<void>
}

const bin = fileURLToPath(new URL("dist/bin.js", import.meta.resolve("@coalesce-runs/simulator/package.json")))

const token = "bench-token"

/** So many runs, each answer so many milliseconds late. */
export const startSimulator = async (count: number, latency: number): Promise<SimulatorProcess> => {
  const options = { port: 0, scenario: "busy", count, latency, token }
  const child = spawn(process.execPath, [
    bin,
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])
  ], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  // It must not outlive a bench that fails.
  process.once("exit", () => child.kill())
  const exited = once(child, "exit")
  const dispose = async () => {
    child.kill("SIGTERM")
    await exited
  }
  for await (const line of createInterface(child.stdout)) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) return { url, token, dispose }
  }
  throw new Error("The simulator ended before it said where it listens")
}
