/** Real processes: the bundled bin, started as a client or a person would. */
import { type ChildProcess, spawn } from "node:child_process"
import { cpSync, existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const dist = (file: string): string => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))

/** Copies the bin and its chunks into a folder that holds nothing else. */
export const copyOfBin = (): string => {
  if (!existsSync(dist("bin.cjs"))) throw new Error("The bin is not built: npm run build")
  const folder = mkdtempSync(join(tmpdir(), "coalesce-runs-mcp-"))
  for (const part of ["bin.cjs", "chunks"]) cpSync(dist(part), join(folder, part), { recursive: true })
  return join(folder, "bin.cjs")
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Started {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** The first match in what it writes to stderr. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
}

/** Nothing of this process's environment but what Node needs to be found. */
export const start = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}): Started => {
  const child = spawn(process.execPath, [...args], {
    cwd: tmpdir(),
    env: { PATH: process.env["PATH"], HOME: mkdtempSync(join(tmpdir(), "home-")), ...env },
    stdio: ["pipe", "pipe", "pipe"]
  })
  const written = { stdout: "", stderr: "" }
  const waiting = new Set<() => void>()
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text
      for (const look of waiting) look()
    })
  }
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, ...written })))
  return {
    process: child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(written.stderr)
          if (match === null) return
          waiting.delete(look)
          resolve(match)
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`It ended without saying ${pattern}: ${written.stderr}`)))
      })
  }
}

/** Starts, gives it nothing, and waits for its end. */
export const run = (args: ReadonlyArray<string>, env?: Readonly<Record<string, string>>): Promise<Ended> => {
  const started = start(args, env)
  started.process.stdin?.end()
  return started.ended
}
