/** Serves the simulator on sockets, in real time. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Http from "node:http"
import { type IncomingRequest, isDescription, type Responder } from "./respond.ts"
import { errorResponse, planBody, type WireResponse } from "./wireResponse.ts"

export interface ListenOptions {
  readonly host: string
  readonly port: number
}

const requestOf = (request: Http.IncomingMessage): IncomingRequest | undefined => {
  const url = `http://simulator${request.url}`
  if (!URL.canParse(url)) return undefined
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return { method: request.method ?? "GET", url: new URL(url), headers }
}

const writeHead = (response: Http.ServerResponse, { body, headers, status }: WireResponse): void => {
  response.writeHead(status, { ...headers, "content-length": String(body.length) })
}

const send = (response: Http.ServerResponse, wire: WireResponse) =>
  Effect.sync(() => {
    writeHead(response, wire)
    response.end(wire.body)
  })

const write = (response: Http.ServerResponse, piece: Uint8Array) =>
  Effect.callback<void>((resume) => {
    // A piece counts as sent once the kernel has it: destroying the socket earlier would lose it.
    response.write(piece, () => resume(Effect.void))
  })

/** Sends a 500 if a rule or a change of a test throws, so that the request does not hang. */
const sendDefect = (response: Http.ServerResponse, defect: unknown) =>
  response.headersSent
    ? Effect.sync(() => void response.destroy())
    : send(response, errorResponse(500, `500: The simulator failed: ${String(defect)}`))

/** Listens until the scope closes, and returns the port. At the end it destroys open sockets. */
export const listen = Effect.fnUntraced(function*(responder: Responder, { host, port }: ListenOptions) {
  const runFork = yield* FiberSet.makeRuntime()
  const realClock = Clock.Clock.defaultValue()
  // Requests whose socket was cut by the simulator, not by the client.
  const cut = new WeakSet<Http.IncomingMessage>()
  let closing = false

  const serve = Effect.fnUntraced(function*(
    message: Http.IncomingMessage,
    response: Http.ServerResponse,
    outcome: Effect.Success<ReturnType<Responder["respond"]>>
  ) {
    if (outcome._tag === "Reset") {
      cut.add(message)
      message.socket.resetAndDestroy()
      return
    }
    const plan = planBody(outcome.response, outcome.fault)
    const [whole] = plan.pieces
    if (plan.end === "whole" && plan.pieces.length === 1 && whole !== undefined) {
      return yield* send(response, outcome.response)
    }
    if (plan.end === "cut") cut.add(message)
    writeHead(response, outcome.response)
    response.flushHeaders()
    for (const piece of plan.pieces) {
      if (Duration.isGreaterThan(plan.pause, Duration.zero)) yield* Effect.sleep(plan.pause)
      yield* write(response, piece)
    }
    if (plan.end === "hang") return yield* Effect.never
    if (plan.end === "cut") response.destroy()
    else response.end()
  })

  const server = Http.createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    message.resume()
    const request = requestOf(message)
    if (request === undefined) {
      runFork(send(response, errorResponse(404, "404: There is no such path.")))
      return
    }
    if (isDescription(request)) {
      runFork(Effect.flatMap(responder.healthy(request), (wire) => send(response, wire)))
      return
    }
    const record = responder.receive(request)
    const fiber = runFork(
      responder.respond(request, record).pipe(
        Effect.flatMap((outcome) => serve(message, response, outcome)),
        Effect.catchCause((cause) => sendDefect(response, Cause.squash(cause))),
        Effect.provideService(Clock.Clock, realClock)
      )
    )
    response.on("close", () => {
      responder.end(record, !response.writableFinished && !closing && !cut.has(message))
      fiber.interruptUnsafe()
    })
  })

  return yield* Effect.acquireRelease(
    Effect.callback<number, Error>((resume) => {
      server.once("error", (error) => {
        resume(Effect.fail(error))
      })
      server.listen(port, host, () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        closing = true
        server.close(() => resume(Effect.void))
        server.closeAllConnections()
      })
  )
})
