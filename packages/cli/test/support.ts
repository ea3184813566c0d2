/** Runs the built bin as a process, on a simulator over real HTTP. */
import { Simulator } from "@coalesce-runs/simulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { execFile, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export const bin = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Env = Readonly<Record<string, string>>

// Nothing of this machine's own settings reaches the process.
const environment = (env: Env) => ({ PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", TZ: "UTC", ...env })

export const run = (args: ReadonlyArray<string>, env: Env = {}): Effect.Effect<Ended> =>
  Effect.callback<Ended>((resume) => {
    const child = execFile(process.execPath, [bin, ...args], { env: environment(env) }, (error, stdout, stderr) => {
      resume(Effect.succeed({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

export const start = (args: ReadonlyArray<string>, env: Env) =>
  spawn(process.execPath, [bin, ...args], { env: environment(env), stdio: ["ignore", "pipe", "pipe"] })

/** Starts a simulator, and returns it with the environment that leads the bin to it. */
export const simulated = (options?: Simulator.Options) =>
  Effect.map(Simulator.make(options), (simulator) => ({
    simulator,
    env: { COALESCE_ACCESS_TOKEN: Redacted.value(simulator.token), COALESCE_BASE_URL: simulator.url }
  }))
