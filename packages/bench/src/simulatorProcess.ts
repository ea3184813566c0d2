/** Starts a simulator in a process of its own, so that its work is not measured with that of its client. */
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

/** The token that a server expects: no shorter than real ones, since a short text takes longer to search for. */
export const token = `bench-${"0123456789abcdef".repeat(4)}`

export interface SimulatorOptions {
  /** The delay of each response, in milliseconds. */
  readonly latency: number
  /** Default: `busy`, with `count` runs. */
  readonly scenario?: "busy" | "last-night"
  readonly count?: number
}

export const startSimulator = (options: SimulatorOptions): Promise<SimulatorProcess> =>
  startServer(
    bin,
    Object.entries({ port: 0, scenario: "busy", token, ...options }).flatMap((
      [name, value]
    ) => [`--${name}`, `${value}`])
  )

/** Starts a program that prints the URL of the simulator that it serves. */
export const startServer = async (program: string, args: ReadonlyArray<string>): Promise<SimulatorProcess> => {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  // Ends the simulator even if the bench fails.
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
  throw new Error("The simulator ended before it printed its URL")
}
