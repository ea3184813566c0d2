/** Calls the MCP server as an assistant does: the server is a process of its own, and a real client calls it over stdio. */
import { Client } from "@modelcontextprotocol/client"
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"

const server = fileURLToPath(new URL("../../../packages/mcp/dist/bin.cjs", import.meta.url))

export interface Question {
  /** The question of a person. */
  readonly text: string
  /** The tool that an assistant calls for it. */
  readonly tool: string
  readonly arguments: Record<string, unknown>
}

export const questions: ReadonlyArray<Question> = [
  { text: "Why did last night's refresh fail?", tool: "diagnose_run", arguments: {} },
  { text: "What needs attention?", tool: "check_runs", arguments: {} }
]

/** Starts the server, and ends it with the scope. The server reads its connection from the environment, as for any user. */
export const connect = (connection: {
  readonly accessToken: string
  readonly baseUrl: string
  readonly timeZone: string
}) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const client = new Client({ name: "coalesce-runs-demo", version: "0.0.0" })
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [server],
          env: {
            ...getDefaultEnvironment(),
            COALESCE_ACCESS_TOKEN: connection.accessToken,
            COALESCE_BASE_URL: connection.baseUrl,
            COALESCE_TIME_ZONE: connection.timeZone
          }
        })
      )
      return client
    }),
    (client) => Effect.promise(() => client.close())
  )

/** Returns the text that the model reads. A result that is an error ends the demo. */
export const ask = (client: Client, question: Question): Effect.Effect<string> =>
  Effect.promise(async () => {
    const { content, isError } = await client.callTool({ name: question.tool, arguments: question.arguments })
    const text = content.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n")
    if (isError === true) throw new Error(`${question.tool} failed: ${text}`)
    return text
  })
