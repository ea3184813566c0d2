import * as Effect from "effect/Effect"
import { createServer, type RequestListener } from "node:http"

export interface Served {
  readonly origin: string
  /** The path and the `authorization` of each request so far. */
  readonly requests: ReadonlyArray<string>
}

/** Starts a server, and returns the requests that reach it. */
export const serve = (respond: RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<Served & { readonly close: () => void }>((resume) => {
      const requests: Array<string> = []
      const server = createServer((request, response) => {
        requests.push(`${request.url} ${request.headers.authorization}`)
        respond(request, response)
      })
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        const close = () => {
          server.closeAllConnections()
          server.close()
        }
        resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, requests, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )
