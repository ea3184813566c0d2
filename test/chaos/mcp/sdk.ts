/** Clients of the SDK over HTTP, in either era of the protocol. */
import { connected } from "../../../packages/mcp/test/support/http.ts"
import { bearer } from "./bin.ts"
import type { Asked } from "./calls.ts"

export const connect = async (url: string, era: "legacy" | "modern") => {
  const client = await connected(url, era, { authorization: `Bearer ${bearer}` })
  const request = (asked: Asked, signal: AbortSignal): Promise<unknown> => {
    switch (asked.method) {
      case "tools/call":
        return client.callTool(asked.params, { signal })
      case "prompts/get":
        return client.getPrompt(asked.params, { signal })
      case "tools/list":
        return client.listTools({}, { signal })
    }
  }
  return {
    /** Returns the text of the result; undefined where the signal ended it before. */
    ask: (asked: Asked, signal: AbortSignal): Promise<string | undefined> =>
      request(asked, signal).then((result) => JSON.stringify(result), (error: unknown) => {
        if (signal.aborted) return undefined
        throw error
      }),
    close: () => client.close()
  }
}
