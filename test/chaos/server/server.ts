/**
 * A server of List Runs that fails on purpose. It knows nothing of the library that it tests: its history, its pages and its
 * faults are its own. Each token is a session with a history and a plan of its own, so that many schedules run at once.
 */
import { randomInt } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { type Encoding, type Fault, labelsOf } from "./fault.ts"
import { askedOf, type Life } from "./history.ts"
import { fromOf, pageOf, type Style } from "./page.ts"
import { ofRun } from "./run.ts"
import { send } from "./send.ts"

export interface Plan {
  readonly lives: ReadonlyArray<Life>
  readonly style: Style
  /** The encoding of every response. */
  readonly encoding?: Encoding | undefined
  /** What each request of the session meets, from the first one. */
  readonly faults: ReadonlyArray<Fault | undefined>
}

export interface Served {
  readonly path: string
  readonly fault: Fault | undefined
  readonly receivedAt: number
}

export interface Session {
  readonly token: string
  /** What was served, in order. */
  readonly served: Array<Served>
  /** Runs that a lie left out of a page, or of every page. */
  readonly hidden: Set<number>
  /** What no request may do. */
  readonly violations: Array<string>
  /** What the requests from now on meet. */
  readonly coming: Array<Fault | undefined>
  /** The time of the history, if somebody sets it. Default: the number of the request. */
  time?: number | undefined
  /** What a request meets that no plan has a fault for. */
  faultOf?: ((path: string) => Fault | undefined) | undefined
  /** The paths of the requests that are under way: neither answered in full nor given up. */
  readonly underWay: Map<object, string>
}

interface State extends Session {
  readonly plan: Plan
  from: number | undefined
}

export interface ChaosServer {
  readonly origin: string
  readonly open: (token: string, plan: Plan) => Session
  readonly close: (token: string) => void
  /** The labels of all faults that were served. */
  readonly met: ReadonlySet<string>
  /** How many connections are open. */
  readonly connections: () => number
  /** Ends all connections, and listens again on the same port after a while. */
  readonly restart: (downMillis: number) => Promise<void>
  readonly stop: () => Promise<void>
}

export const start = async (): Promise<ChaosServer> => {
  const sessions = new Map<string, State>()
  const sockets = new Set<Socket>()
  const met = new Set<string>()
  let origin = ""

  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    const { authorization = "" } = request.headers
    const url = new URL(request.url ?? "/", origin)
    const state = sessions.get(authorization.replace("Bearer ", ""))
    if (state === undefined) {
      // Whoever follows a redirect here brings a token along, or not.
      response.writeHead(url.pathname === "/trap" ? 418 : 401, { "content-length": 0 }).end()
      return
    }
    const { coming, plan, served, token, violations } = state
    const time = state.time ?? served.length
    const single = ofRun(url.pathname, plan.lives, time, token)
    if (url.pathname !== "/api/v1/runs" && single === undefined) violations.push(`the token went to ${url.pathname}`)
    for (const name of ["traceparent", "b3", "cookie"]) {
      if (request.headers[name] !== undefined) violations.push(`the request has the header ${name}`)
    }
    const asked = askedOf(url.searchParams)
    const fault = coming.shift() ?? state.faultOf?.(request.url ?? "")
    if (fault !== undefined) { for (const label of labelsOf(fault)) met.add(label) }
    state.underWay.set(response, request.url ?? "")
    response.once("close", () => state.underWay.delete(response))
    served.push({ path: request.url ?? "", fault, receivedAt: performance.now() })
    const whole = { encoding: plan.encoding, token, origin, path: request.url ?? "/" }
    if (single !== undefined) return send(response, fault, { ...whole, page: single })
    const { hidden, text } = pageOf({
      ...plan,
      asked,
      fault,
      token,
      request: time,
      fromBefore: state.from
    })
    for (const id of hidden) state.hidden.add(id)
    state.from = fromOf(asked)
    send(response, fault, { ...whole, page: text })
  }

  const server = createServer({ keepAliveTimeout: 0 }, respond)
  server.on("connection", (socket) => {
    sockets.add(socket)
    // A client that went away is no concern of the server.
    socket.on("error", () => undefined)
    socket.on("close", () => sockets.delete(socket))
  })
  const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis))
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject)
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject)
        resolve()
      })
    })
  // Below the ports that a system gives to those who ask for any: while the server is down, it gives its port to nobody else.
  const listenAnywhere = async (attempts = 20): Promise<number> => {
    const port = 20_000 + randomInt(10_000)
    try {
      await listen(port)
      return port
    } catch (error) {
      if (attempts <= 1) throw error
      return listenAnywhere(attempts - 1)
    }
  }
  // A process that another test starts holds the closed socket for the moment before it becomes its own program.
  const listenAgain = async (port: number, attempts = 1000): Promise<void> => {
    try {
      await listen(port)
    } catch (error) {
      if (attempts <= 1) throw error
      await pause(5)
      return listenAgain(port, attempts - 1)
    }
  }
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  const port = await listenAnywhere()
  origin = `http://127.0.0.1:${port}`

  return {
    origin,
    met,
    open: (token, plan) => {
      const state: State = {
        token,
        plan,
        served: [],
        hidden: new Set(),
        violations: [],
        coming: [...plan.faults],
        underWay: new Map(),
        from: undefined
      }
      sessions.set(token, state)
      return state
    },
    close: (token) => void sessions.delete(token),
    connections: () => sockets.size,
    restart: async (downMillis) => {
      await shut()
      await pause(downMillis)
      await listenAgain(port)
    },
    stop: shut
  }
}
