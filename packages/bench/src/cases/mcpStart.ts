/**
 * How long a client waits for the MCP server: from the start of the bundled bin to its answer of `initialize`, against a
 * Node that starts and does nothing. For another version of Node: `npx -y -p node@24 node packages/bench/dist/index.js`.
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

const startNode = async (): Promise<void> => {
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit")
}

const startServer = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [bin], { stdio: ["pipe", "pipe", "inherit"] })
    server.once("exit", () => reject(new Error("The MCP server ended before it answered")))
    server.stdout.once("data", () => {
      // At once, so that its end falls on no other variant.
      server.kill("SIGKILL")
      resolve()
    })
    server.stdin.write(`${initialize}\n`)
  })

export const mcpStartCase: Case = {
  name: "mcp-start",
  prepare: (quick) => ({
    title: "the MCP server's bin, from its start to its answer of initialize",
    variants: [
      { name: "node -e 0", run: startNode },
      { name: "coalesce-runs-mcp", run: startServer, aim: 2.8 }
    ],
    rounds: quick ? { warmUp: 2, measured: 10 } : { warmUp: 5, measured: 40 }
  })
}
