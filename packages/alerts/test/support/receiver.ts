// A server that keeps what it is sent and responds as it is told.
import * as Effect from "effect/Effect"
import { createServer, type IncomingHttpHeaders } from "node:http"

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Response {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Starts a server on this machine. It gives each response once, and the last one from then on. */
export const serve = (...responses: ReadonlyArray<Response>) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly received: Array<Received>; readonly close: () => void }>(
      (resume) => {
        const received: Array<Received> = []
        const server = createServer((request, response) => {
          const chunks: Array<Buffer> = []
          request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
            const { body = "", headers, status } = responses[Math.min(received.length, responses.length - 1)] ??
              { status: 200 }
            received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() })
            response.writeHead(status, headers).end(body)
          })
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          resume(Effect.succeed({
            url: `http://127.0.0.1:${port}`,
            received,
            close: () => server.close().closeAllConnections()
          }))
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )
