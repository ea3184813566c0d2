/** A server on this machine that takes messages as Slack and a signed webhook do, and keeps them. */
import * as Effect from "effect/Effect"
import { createServer } from "node:http"

export interface Taken {
  /** `/slack`, `/webhook` or `/heartbeat`. */
  readonly path: string
  /** The `webhook-id` of a signed webhook. */
  readonly id: string | undefined
  readonly body: string
}

/** Starts it. While `down` has a path, what is sent to it gets 503. */
export const receiver = Effect.acquireRelease(
  Effect.callback<{
    readonly url: string
    readonly taken: Array<Taken>
    readonly down: Set<string>
    readonly close: () => void
  }>(
    (resume) => {
      const taken: Array<Taken> = []
      const down = new Set<string>()
      const server = createServer((request, response) => {
        let body = ""
        request.on("data", (chunk) => body += String(chunk)).on("end", () => {
          const path = request.url ?? ""
          if (down.has(path)) return response.writeHead(503).end()
          const id = request.headers["webhook-id"]
          taken.push({ path, id: typeof id === "string" ? id : undefined, body })
          return response.end("ok")
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({
          url: `http://127.0.0.1:${port}`,
          taken,
          down,
          close: () => server.close().closeAllConnections()
        }))
      })
    }
  ),
  ({ close }) => Effect.sync(close)
)
