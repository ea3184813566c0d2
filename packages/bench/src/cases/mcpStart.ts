/**
 * Measures how long a client waits for the MCP server: from the start of the bundled bin to its response to `initialize`,
 * against a Node that starts and does nothing. For another version of Node:
 * `npx -y -p node@24 node packages/bench/dist/index.js --only mcp-start`.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Case } from "../Case.ts"

const bin = fileURLToPath(new URL("../../../mcp/dist/bin.cjs", import.meta.url))

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } }
})

// This variable makes Node read certificates as it starts, which doubles the time of the baseline and hides the server's.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env

const startNode = async (): Promise<void> => {
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore", env }), "exit")
}

const startServer = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [bin], { stdio: ["pipe", "pipe", "inherit"], env })
    server.once("exit", () => reject(new Error("The MCP server ended before it responded")))
    server.stdout.once("data", () => {
      // Kills it at once, so that its end slows no other variant.
      server.kill("SIGKILL")
      resolve()
    })
    server.stdin.write(`${initialize}\n`)
  })

export const mcpStartCase: Case = {
  name: "mcp-start",
  prepare: (quick) => ({
    title: "the MCP server's bin, from its start to its response to initialize",
    variants: [
      { name: "node -e 0", run: startNode },
      { name: "coalesce-runs-mcp", run: startServer, aim: 4 }
    ],
    rounds: quick ? { warmUp: 2, measured: 10 } : { warmUp: 5, measured: 40 }
  })
}
