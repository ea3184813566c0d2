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

/** How a destination takes its time: no response, one that drips, and one that does not end. */
export const delays = ["hang", "drip", "endless"] as const

type Failure = (typeof failures)[number] | (typeof delays)[number]

const isFailure = (text: string | undefined): text is Failure =>
  [...failures, ...delays].some((failure) => failure === text)

/** Sends a text again and again, as fast as it is read or every so often, until the client is gone. Tells how many bytes it sent. */
const sendOn = (
  response: ServerResponse,
  text: string,
  everyMillis: number | undefined,
  sent: (bytes: number) => void
) => {
  response.writeHead(200)
  const send = () => {
    while (!response.destroyed) {
      sent(text.length)
      const isRoom = response.write(text)
      if (everyMillis !== undefined) return void setTimeout(send, everyMillis)
      if (!isRoom) return void response.once("drain", send)
    }
  }
  send()
}

const respond = (
  failure: Failure,
  echo: string,
  request: IncomingMessage,
  response: ServerResponse,
  sent: (bytes: number) => void
): void => {
  switch (failure) {
    case "hang":
      return
    case "drip":
      return sendOn(response, "x", 100, () => {})
    case "endless":
      return sendOn(response, echo.repeat(20), undefined, sent)
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
  /** How many bytes each response without an end had when its client let it go, or has now. */
  readonly endless: ReadonlyArray<number>
  readonly stop: () => void
}

export const start = async (): Promise<Destinations> => {
  const paths: Array<string> = []
  const endless: Array<number> = []
  const server = createServer((request, response) => {
    let body = ""
    request.setEncoding("utf8").on("error", () => {}).on("data", (part: string) => body += part)
    request.on("end", () => {
      const path = request.url ?? ""
      paths.push(path)
      const failure = path.split("/")[1]
      const echo = JSON.stringify({ path, headers: request.headers, body })
      const index = failure === "endless" ? endless.push(0) - 1 : -1
      const sent = (bytes: number) => void (endless[index] = (endless[index] ?? 0) + bytes)
      if (isFailure(failure)) respond(failure, echo, request, response, sent)
      else response.writeHead(200).end(echo)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    paths,
    endless,
    stop: () => server.close().closeAllConnections()
  }
}
