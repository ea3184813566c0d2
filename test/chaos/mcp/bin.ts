/** The built server as a process: started as a client or an operator would, measured, and searched for secrets at its end. */
import { assert, onTestFinished } from "@effect/vitest"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { ChaosServer } from "../server/server.ts"

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** The token of Coalesce. No output may hold it, nor its beginning. */
export const token = "tokCANARYmcp_+/=~0123456789abcdef"

/** The token of the server itself. */
export const bearer = "bearerCANARYmcp~0123456789abcdef"

const secrets = [token, bearer].flatMap((secret) => [
  secret.slice(0, 14),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64").slice(0, 18)
])

/** Fails where a text holds a secret, or a credential of a row. */
export const isClean = (text: string): void => {
  for (const secret of [...secrets, "CANARY_USER", "CANARY_ACCOUNT"]) {
    const at = text.indexOf(secret)
    assert.isTrue(at < 0, `a secret came out: …${text.slice(Math.max(0, at - 300), at + 60)}`)
  }
}

/** What a server holds, at most. */
export interface Memory {
  /** How many objects, functions among them. */
  readonly objects: number
  /** The heap of the engine, and what is held beside it for objects. */
  readonly heapMB: number
  /** All memory of the process. */
  readonly rssMB: number
}

export interface Bin {
  readonly process: ChildProcess
  /** All that it has written so far. */
  readonly written: { stdout: string; stderr: string }
  /** Resolves with the first match in what it has written to stderr. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>
  /** Collects garbage, and returns what is left. */
  readonly memory: () => Promise<Memory>
  /** Resolves when it has ended, with its exit code and how long that took. Fails where it wrote a secret. */
  readonly end: (
    how: (bin: ChildProcess) => unknown
  ) => Promise<{ readonly code: number | null; readonly millis: number }>
}

/** Starts the server on a server of Coalesce. Nothing of this machine's settings reaches it. */
export const startBin = (upstream: ChaosServer, args: ReadonlyArray<string>): Bin => {
  const flags = ["--expose-gc", "--import", file("test/chaos/programs/measured.mjs"), file("packages/mcp/dist/bin.cjs")]
  const child = spawn(process.execPath, [...flags, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: "/nonexistent",
      TZ: "UTC",
      COALESCE_ACCESS_TOKEN: token,
      COALESCE_BASE_URL: upstream.origin,
      COALESCE_MCP_HTTP_TOKEN: bearer
    },
    stdio: ["pipe", "pipe", "pipe", "ipc"]
  })
  // A test that fails does not end it.
  onTestFinished(() => void child.kill("SIGKILL"))
  const written = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => written[name] += text)
  }
  // What is written to a server that has ended is lost.
  child.stdin?.on("error", () => {})
  const closed = once(child, "close")
  return {
    process: child,
    written,
    says: async (pattern) => {
      for (;;) {
        const match = pattern.exec(written.stderr)
        if (match !== null) return match
        assert.isNull(child.exitCode, `It ended without saying ${pattern}: ${written.stderr}`)
        await Promise.race([child.stderr === null ? closed : once(child.stderr, "data"), closed])
      }
    },
    memory: async () => {
      const measured = once(child, "message")
      child.send("memory")
      const [memory]: ReadonlyArray<Memory> = await measured
      return memory ?? { objects: Number.NaN, heapMB: Number.NaN, rssMB: Number.NaN }
    },
    end: async (how) => {
      const began = performance.now()
      how(child)
      await closed
      isClean(written.stdout)
      isClean(written.stderr)
      return { code: child.exitCode, millis: performance.now() - began }
    }
  }
}
