/** Serves the simulator as an HTTP client: the same responses and faults without a socket, on Effect's clock. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import { isDescription, type Responder } from "./respond.ts"
import { type BodyPlan, errorResponse, planBody, type WireResponse } from "./wireResponse.ts"

const transportError = (request: HttpClientRequest.HttpClientRequest, description: string) =>
  new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, description }) })

const endOf = (end: BodyPlan["end"]): Stream.Stream<Uint8Array, Error> => {
  switch (end) {
    case "whole":
      return Stream.empty
    case "cut":
      return Stream.fail(new Error("The connection was closed in the middle of the body."))
    case "hang":
      return Stream.never
  }
}

const bodyOf = ({ end, pause, pieces }: BodyPlan): Stream.Stream<Uint8Array, Error> =>
  Stream.fromArray(pieces).pipe(
    // One piece at a time, so that each waits for its pause.
    Stream.rechunk(1),
    Stream.mapEffect((piece) =>
      Duration.isGreaterThan(pause, Duration.zero) ? Effect.as(Effect.sleep(pause), piece) : Effect.succeed(piece)
    ),
    Stream.concat(endOf(end))
  )

const isInterrupted = (exit: Exit.Exit<unknown, unknown>): boolean =>
  Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)

export const make = (responder: Responder): HttpClient.HttpClient =>
  HttpClient.make((request, url) => {
    const whole = ({ body, headers, status }: WireResponse) =>
      HttpServerResponse.toClientResponse(HttpServerResponse.uint8Array(body, { status, headers }), { request })
    const incoming = { method: request.method, url, headers: request.headers }
    if (isDescription(incoming)) return Effect.map(responder.healthy(incoming), whole)

    return Effect.suspend(() => {
      const record = responder.receive(incoming)
      return responder.respond(incoming, record).pipe(
        Effect.flatMap((outcome) => {
          if (outcome._tag === "Reset") return Effect.fail(transportError(request, "The connection was reset."))
          const { fault, response } = outcome
          const plan = planBody(response, fault)
          if (plan.end === "whole" && plan.pieces.length === 1) {
            responder.end(record, false)
            return Effect.succeed(whole(response))
          }
          const body = Stream.onExit(bodyOf(plan), (exit) =>
            Effect.sync(() => responder.end(record, isInterrupted(exit))))
          const { headers, status } = response
          return Effect.succeed(
            HttpServerResponse.toClientResponse(HttpServerResponse.stream(body, { status, headers }), { request })
          )
        }),
        Effect.onExit((exit) =>
          Exit.isSuccess(exit) ? Effect.void : Effect.sync(() =>
            responder.end(record, isInterrupted(exit))
          )
        ),
        Effect.catchDefect((defect) =>
          Effect.succeed(whole(errorResponse(500, `500: The simulator failed: ${String(defect)}`)))
        )
      )
    })
  })
