/** Real HTTP: the handler's answers on sockets, and what may go wrong there. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Http from "node:http"
import type { Fault, FaultRequest, Faults, Rule } from "../Faults.ts"
import type * as RateLimit from "./rateLimit.ts"
import type { RequestLog, RequestRecord } from "./requestLog.ts"
import { type Answer, changePage, errorAnswer, send, sendDefect, sendFaulty } from "./send.ts"

export interface ServerOptions {
  readonly host: string
  readonly port: number
  readonly log: RequestLog
  readonly handler: (request: Request) => Promise<Response>
  readonly isValid: (authorization: string) => boolean
  readonly latency: Duration.Duration
  readonly takeRate: RateLimit.Take
  readonly nextFault: (request: FaultRequest) => Fault | undefined
  /** What the log's times and the rate limit go by. Sockets go by real time. */
  readonly clock: Clock.Clock
  readonly realClock: Clock.Clock
}

/** Decides for each request which fault befalls it, and counts for each rule. */
export const makeNextFault = (faults: Faults): (request: FaultRequest) => Fault | undefined => {
  const counts = new Map<Rule, number>()
  return (request) => {
    let fault: Fault | undefined
    for (const rule of faults) {
      if (!rule.matching(request)) continue
      const count = (counts.get(rule) ?? 0) + 1
      counts.set(rule, count)
      if (fault === undefined && rule.applies(count)) fault = rule.fault
    }
    return fault
  }
}

const noSuchPath = errorAnswer(404, "404: There is no such path.")

const headersOf = (request: Http.IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== "authorization") headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return headers
}

/** Listens until the scope closes, and gives the port. Open sockets are destroyed at the end. */
export const listen = Effect.fnUntraced(function*(options: ServerOptions) {
  const { log, clock } = options
  const runFork = yield* FiberSet.makeRuntime()
  // Requests whose socket is cut on this side, so not by the client.
  const cut = new WeakSet<Http.IncomingMessage>()
  let closing = false
  const now = () => DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())

  const healthy = (request: Http.IncomingMessage): Effect.Effect<Answer> =>
    Effect.promise(async () => {
      const authorization = request.headers.authorization
      const response = await options.handler(
        new Request(`http://simulator${request.url}`, {
          method: request.method ?? "GET",
          headers: authorization === undefined ? {} : { authorization }
        })
      )
      const body = Buffer.from(await response.arrayBuffer())
      // The router's own answer to a path with a broken % escape.
      if (response.status === 404 && body.length === 0) return noSuchPath
      return { status: response.status, headers: Object.fromEntries(response.headers), body }
    })

  const answerTo = (request: Http.IncomingMessage): Effect.Effect<Answer> => {
    const tooMany = options.takeRate(clock.currentTimeMillisUnsafe())
    return tooMany === undefined
      ? healthy(request)
      : Effect.succeed(errorAnswer(429, "429: Too many requests.", tooMany))
  }

  const serve = Effect.fnUntraced(function*(
    request: Http.IncomingMessage,
    response: Http.ServerResponse,
    record: RequestRecord
  ) {
    const fault = options.nextFault(record)
    if (fault !== undefined) log.change(record.number, { fault: fault._tag })
    if (Duration.isGreaterThan(options.latency, Duration.zero)) yield* Effect.sleep(options.latency)
    if (fault?._tag === "Reset" || fault?._tag === "Truncated") cut.add(request)
    if (fault?._tag === "Reset") {
      request.socket.resetAndDestroy()
      return
    }
    if (fault?._tag === "Answer") {
      log.change(record.number, { status: fault.status })
      return yield* send(response, { ...fault, body: Buffer.from(fault.body) })
    }
    if (fault?._tag === "Hang" && fault.after === "request") return yield* Effect.never
    if (fault?._tag === "Delay") yield* Effect.sleep(fault.duration)
    const answer = yield* answerTo(request)
    log.change(record.number, { status: answer.status })
    yield* sendFaulty(
      response,
      fault?._tag === "ChangePage" ? changePage(answer, (page) => fault.change(page, record)) : answer,
      fault
    )
  })

  const server = Http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume()
    const url = `http://simulator${request.url}`
    if (!URL.canParse(url)) {
      runFork(send(response, noSuchPath))
      return
    }
    const { pathname, searchParams } = new URL(url)
    if (pathname === "/openapi.json") {
      runFork(Effect.flatMap(healthy(request), (answer) => send(response, answer)))
      return
    }
    const authorization = request.headers.authorization
    const record = log.add({
      method: request.method ?? "GET",
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: headersOf(request),
      authorization: authorization === undefined ? "missing" : options.isValid(authorization) ? "valid" : "wrong",
      receivedAt: now()
    })
    const fiber = runFork(
      serve(request, response, record).pipe(
        Effect.catchCause((cause) => sendDefect(response, Cause.squash(cause))),
        Effect.provideService(Clock.Clock, options.realClock)
      )
    )
    response.on("close", () => {
      const cutHere = closing || cut.has(request)
      log.change(record.number, { endedAt: now(), closedEarly: !response.writableFinished && !cutHere })
      fiber.interruptUnsafe()
    })
  })

  return yield* Effect.acquireRelease(
    Effect.callback<number, Error>((resume) => {
      server.once("error", (error) => {
        resume(Effect.fail(error))
      })
      server.listen(options.port, options.host, () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : options.port))
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
