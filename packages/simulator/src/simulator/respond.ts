/** Responds to a request, over HTTP or in memory: logs it, applies the rate limit and the faults, and calls the API. */
import type * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Fault, FaultRequest, Faults, Rule } from "../Faults.ts"
import type * as RateLimit from "./rateLimit.ts"
import type { RequestLog, RequestRecord } from "./requestLog.ts"
import { changePage, errorResponse, textResponse, type WireResponse } from "./wireResponse.ts"

export interface IncomingRequest {
  readonly method: string
  readonly url: URL
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** A response with the fault that changes its body, or a connection that is reset. */
export type Outcome =
  | { readonly _tag: "Reset" }
  | { readonly _tag: "Response"; readonly response: WireResponse; readonly fault: Fault | undefined }

export interface Responder {
  /** Logs a request. */
  readonly receive: (request: IncomingRequest) => RequestRecord
  readonly respond: (request: IncomingRequest, record: RequestRecord) => Effect.Effect<Outcome>
  /** Returns the API's own response, with no fault and no entry in the log. */
  readonly healthy: (request: IncomingRequest) => Effect.Effect<WireResponse>
  /** Logs the end of a request. `closedEarly` says that the client left before it had the whole response. */
  readonly end: (record: RequestRecord, closedEarly: boolean) => void
}

export interface ResponderOptions {
  readonly log: RequestLog
  readonly handler: (request: Request) => Effect.Effect<WireResponse>
  readonly isValid: (authorization: string) => boolean
  readonly latency: Duration.Duration
  readonly takeRate: RateLimit.Take
  readonly nextFault: (request: FaultRequest) => Fault | undefined
  /** The clock of the log and of the rate limit. */
  readonly clock: Clock.Clock
}

/** Returns the fault of a request, if it has one. Each rule counts its own requests. */
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

/** Whether a request is for the OpenAPI document. Those are not logged and have no faults. */
export const isDescription = ({ url }: IncomingRequest): boolean => url.pathname === "/openapi.json"

export const make = ({ clock, handler, isValid, latency, log, nextFault, takeRate }: ResponderOptions): Responder => {
  const now = () => DateTime.makeUnsafe(clock.currentTimeMillisUnsafe())

  const healthy = ({ headers, method, url }: IncomingRequest): Effect.Effect<WireResponse> => {
    const { authorization } = headers
    return Effect.suspend(() =>
      handler(new Request(url, { method, headers: authorization === undefined ? {} : { authorization } }))
    )
  }

  return {
    healthy,

    receive: ({ headers: { authorization, ...headers }, method, url }) =>
      log.add({
        method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers,
        authorization: authorization === undefined ? "missing" : isValid(authorization) ? "valid" : "wrong",
        receivedAt: now()
      }),

    respond: Effect.fnUntraced(function*(request, record): Effect.fn.Return<Outcome> {
      const fault = nextFault(record)
      if (fault !== undefined) log.change(record.number, { fault: fault._tag })
      if (Duration.isGreaterThan(latency, Duration.zero)) yield* Effect.sleep(latency)
      if (fault?._tag === "Reset") return { _tag: "Reset" }
      if (fault?._tag === "Response") {
        log.change(record.number, { status: fault.status })
        return { _tag: "Response", response: textResponse(fault.status, fault.headers, fault.body), fault: undefined }
      }
      if (fault?._tag === "Hang" && fault.after === "request") return yield* Effect.never
      if (fault?._tag === "Delay") yield* Effect.sleep(fault.duration)
      const tooMany = takeRate(clock.currentTimeMillisUnsafe())
      const response = tooMany === undefined
        ? yield* healthy(request)
        : errorResponse(429, "429: Too many requests.", tooMany)
      log.change(record.number, { status: response.status })
      return {
        _tag: "Response",
        response: fault?._tag === "ChangePage" ? changePage(response, (page) => fault.change(page, record)) : response,
        fault
      }
    }),

    end: ({ number }, closedEarly) => log.change(number, { endedAt: now(), closedEarly })
  }
}
