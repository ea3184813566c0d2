/** Responses in JSON that are not the SDK's. */
import type { ServerResponse } from "node:http"
import { refusal } from "../message.ts"

export const respond = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
}

/** A JSON-RPC error for a request that is refused before its message is read. */
export const error = (message: string) => refusal(message, -32_000)
