/** A server that fails as destinations of alerts do, and repeats all that it was sent wherever it can. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"

/** How a destination fails, or takes a message in an odd way. */
export const failures = [
  "status400",
  "status401",
  "status404",
  "status429",
  "status500",
  "status503",
  "redirect",
  "reset",
  "cut",
  "noJson",
  "brokenJson",
  "refusal",
  "oddHeaders"
] as const

type Failure = (typeof failures)[number]

const isFailure = (text: string | undefined): text is Failure => failures.some((failure) => failure === text)

const respond = (failure: Failure, echo: string, request: IncomingMessage, response: ServerResponse): void => {
  switch (failure) {
    case "redirect":
      return void response.writeHead(307, { location: `/trap${request.url ?? ""}` }).end(echo)
    case "reset":
      return void request.socket.resetAndDestroy()
    case "cut":
      response.writeHead(200, { "content-length": 100_000 }).write(echo)
      return void setTimeout(() => response.destroy(), 5)
    case "noJson":
      return void response.writeHead(200, { "content-type": "text/html" }).end(`<p>${echo}</p>`)
    case "brokenJson":
      return void response.writeHead(200, { "content-type": "application/json" }).end(`{"ok":${echo.slice(0, -1)}`)
    case "refusal":
      return void response.writeHead(200).end(JSON.stringify({ ok: false, error: echo, ts: echo, errors: [echo] }))
    case "oddHeaders":
      return void response.writeHead(500, { "retry-after": request.url ?? "", "x-echo": request.url ?? "" }).end(echo)
    case "status400":
    case "status401":
    case "status404":
    case "status429":
    case "status500":
    case "status503":
      return void response.writeHead(Number(failure.slice(6)), { "retry-after": "0" }).end(echo)
  }
}

export interface Destinations {
  readonly origin: string
  /** The paths of all requests. A path begins with the failure that its requests meet. */
  readonly paths: ReadonlyArray<string>
  readonly stop: () => void
}

export const start = async (): Promise<Destinations> => {
  const paths: Array<string> = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("error", () => {}).on("data", (part: string) => body += part)
    request.on("end", () => {
      const path = request.url ?? ""
      paths.push(path)
      const failure = path.split("/")[1]
      const echo = JSON.stringify({ path, headers: request.headers, body })
      if (isFailure(failure)) respond(failure, echo, request, response)
      else response.writeHead(200).end(echo)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    paths,
    stop: () => server.close().closeAllConnections()
  }
}
