/**
 * Measures how long a person or a client waits for the two bins, against a Node that starts and does nothing: the MCP server
 * up to its responses to `initialize` and to `tools/list`, and the terminal's `--help` and `check --demo` as a whole. For
 * another version of Node: `npx -y -p node@24 node packages/bench/dist/index.js --only mcp-start,cli-start`.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Case } from "../Case.ts"

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const mcp = path("../../../mcp/dist/bin.cjs")
const cli = path("../../../cli/dist/bin.cjs")

const request = (id: number, method: string, params: object): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`

const initialize = request(1, "initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "bench", version: "1" }
})
const initialized = `${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`

// This variable makes Node read certificates as it starts, which doubles the time of the baseline and hides the bins'.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env

const runNode = (...args: ReadonlyArray<string>) => async (): Promise<void> => {
  await once(spawn(process.execPath, args, { stdio: "ignore", env }), "exit")
}

/** Starts the server, and returns it with a function that sends a request and waits for a line that has its response. */
const startServer = (args: ReadonlyArray<string> = []) => {
  const server = spawn(process.execPath, [...args, mcp], { stdio: ["pipe", "pipe", "pipe"], env })
  const send = (text: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      server.once("exit", () => reject(new Error("The MCP server ended before it responded")))
      server.stdout.once("data", resolve)
      server.stdin.write(text)
    })
  return { server, send }
}

const startAndAsk = (...asked: ReadonlyArray<string>) => async (): Promise<void> => {
  const { send, server } = startServer()
  for (const text of asked) await send(text)
  // Kills it at once, so that its end slows no other variant.
  server.kill("SIGKILL")
}

/** Lets a server end by itself, which writes Node's compile cache where Node has one: every start but the first has it. */
const startOnce = async (): Promise<void> => {
  const { send, server } = startServer()
  await send(initialize)
  await send(initialized + request(2, "tools/list", {}))
  server.stdin.end()
  await once(server, "exit")
}

/** What is loaded before the first response, and what each file costs: a line each. */
const loadedBeforeTheFirstResponse = async (): Promise<ReadonlyArray<string>> => {
  const { send, server } = startServer(["--import", new URL("./loadedProcess.js", import.meta.url).href])
  let said = ""
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text
  })
  await send(initialize)
  server.stdin.end()
  await once(server, "close")
  return said.trimEnd().split("\n")
}

/** Newer versions of Node keep compiled code. */
const aimOfServer = process.versions.node.startsWith("20.") ? 3.2 : 2.7

const rounds = (quick: boolean) => quick ? { warmUp: 2, measured: 10 } : { warmUp: 3, measured: 25 }

export const startCases: ReadonlyArray<Case> = [
  {
    name: "mcp-start",
    prepare: async (quick) => {
      await startOnce()
      const loaded = await loadedBeforeTheFirstResponse()
      return {
        title: "the MCP server's bin, from its start to its responses",
        notes: ["Loaded before the first:", ...loaded],
        variants: [
          { name: "node -e 0", run: runNode("-e", "0") },
          { name: "coalesce-runs-mcp, initialize", run: startAndAsk(initialize), aim: aimOfServer },
          {
            name: "coalesce-runs-mcp, initialize and tools/list",
            run: startAndAsk(initialize, initialized + request(2, "tools/list", {}))
          }
        ],
        rounds: rounds(quick)
      }
    }
  },
  {
    name: "cli-start",
    prepare: async (quick) => {
      await runNode(cli, "check", "--demo")()
      return {
        title: "the terminal's bin, as a whole",
        variants: [
          { name: "node -e 0", run: runNode("-e", "0") },
          { name: "coalesce-runs --help", run: runNode(cli, "--help"), aim: 4 },
          { name: "coalesce-runs check --demo", run: runNode(cli, "check", "--demo"), aim: 12 }
        ],
        rounds: rounds(quick)
      }
    }
  }
]
