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

export interface SimulatorOptions {
  /** How late each answer is, in milliseconds. */
  readonly latency: number
  /** `busy` unless given: as many runs as `count`. */
  readonly scenario?: "busy" | "last-night"
  readonly count?: number
}

export const startSimulator = async (options: SimulatorOptions): Promise<SimulatorProcess> => {
  const child = spawn(process.execPath, [
    bin,
    ...Object.entries({ port: 0, scenario: "busy", token, ...options }).flatMap((
      [name, value]
    ) => [`--${name}`, `${value}`])
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
