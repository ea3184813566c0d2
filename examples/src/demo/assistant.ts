/** The same night as an assistant sees it: the MCP server in a process of its own, asked by a real client over stdio. */
import { Client } from "@modelcontextprotocol/client"
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"

const server = fileURLToPath(new URL("../../../packages/mcp/dist/bin.cjs", import.meta.url))

export interface Question {
  /** What a person asks. */
  readonly text: string
  /** What an assistant makes of it. */
  readonly tool: string
  readonly arguments: Record<string, unknown>
}

export const questions: ReadonlyArray<Question> = [
  {
    text: "Which refreshes failed last night?",
    tool: "list_runs",
    arguments: { window: "last_night", runType: "refresh", runStatus: "failed", detail: true }
  },
  { text: "Why did last night's refresh fail?", tool: "diagnose_run", arguments: {} }
]

/** Starts the server for as long as the scope is open. It reads its connection as any user of it would give it. */
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

/** The text that the model reads. An answer that is an error ends the demo. */
export const ask = (client: Client, question: Question): Effect.Effect<string> =>
  Effect.promise(async () => {
    const { content, isError } = await client.callTool({ name: question.tool, arguments: question.arguments })
    const text = content.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n")
    if (isError === true) throw new Error(`${question.tool} answered: ${text}`)
    return text
  })
