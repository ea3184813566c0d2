/** Real HTTP: the handler's answers on sockets, and what may go wrong there. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Http from "node:http"
import type { Fault, FaultRequest, Faults, Page, Rule } from "../Faults.ts"
import type * as RateLimit from "./rateLimit.ts"
import type { RequestLog, RequestRecord } from "./requestLog.ts"

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

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
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

const errorAnswer = (status: number, errorString: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: Buffer.from(JSON.stringify({ error: { errorString } }))
})

const isPage = (value: unknown): value is Page =>
  typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data) && "orderBy" in value

const changePage = (answer: Answer, change: (page: Page) => Page): Answer => {
  if (answer.status !== 200) return answer
  const page: unknown = JSON.parse(answer.body.toString())
  return isPage(page) ? { ...answer, body: Buffer.from(JSON.stringify(change(page))) } : answer
}

const headersOf = (request: Http.IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== "authorization") headers[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return headers
}

const sendHead = (response: Http.ServerResponse, { status, headers, body }: Answer) => {
  response.writeHead(status, { ...headers, "content-length": String(body.length) })
  response.flushHeaders()
}

const send = (response: Http.ServerResponse, answer: Answer) =>
  Effect.sync(() => {
    response.writeHead(answer.status, { ...answer.headers, "content-length": String(answer.body.length) })
    response.end(answer.body)
  })

const sendDefect = (response: Http.ServerResponse, defect: unknown) =>
  Effect.suspend(() => {
    if (response.headersSent || response.destroyed) return Effect.sync(() => void response.destroy())
    return send(response, errorAnswer(500, `500: The simulator failed: ${String(defect)}`))
  })

/** Sends the answer as the fault has it. */
const sendFaulty = Effect.fnUntraced(function*(response: Http.ServerResponse, answer: Answer, fault: Fault | undefined) {
  switch (fault?._tag) {
    case "Truncated": {
      sendHead(response, answer)
      const kept = answer.body.subarray(0, Math.min(answer.body.length - 1, Math.floor(answer.body.length * fault.keep)))
      // Only once the part is with the kernel: destroying earlier would take it along.
      yield* Effect.callback<void>((resume) => {
        response.write(kept, () => resume(Effect.void))
      })
      response.destroy()
      return
    }
    case "Drip": {
      sendHead(response, answer)
      const size = Math.ceil(answer.body.length / fault.pieces)
      for (let from = 0; from < answer.body.length; from += size) {
        yield* Effect.sleep(fault.pause)
        response.write(answer.body.subarray(from, from + size))
      }
      response.end()
      return
    }
    case "Hang":
      sendHead(response, answer)
      return yield* Effect.never
    default:
      return yield* send(response, answer)
  }
})

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
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer())
      }
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
    if (options.latency.pipe(Duration.isGreaterThan(Duration.zero))) yield* Effect.sleep(options.latency)
    const fault = options.nextFault(record)
    if (fault !== undefined) log.change(record.number, { fault: fault._tag })
    if (fault?._tag === "Reset" || fault?._tag === "Truncated") cut.add(request)
    switch (fault?._tag) {
      case "Reset":
        request.socket.resetAndDestroy()
        return
      case "Answer":
        log.change(record.number, { status: fault.status })
        return yield* send(response, { ...fault, body: Buffer.from(fault.body) })
      case "Hang":
        if (fault.after === "request") return yield* Effect.never
        break
      case "Delay":
        yield* Effect.sleep(fault.duration)
        break
      default:
    }
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
      runFork(send(response, errorAnswer(404, "404: There is no such path.")))
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
        // A rule or a change that a test brought along may throw: say so, rather than hang.
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
