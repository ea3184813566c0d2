/** Sends one GET to the API, with retries. Values of `effect/http`, which may move in a minor version, stay in this folder. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import type { Connection } from "../Connection.ts"
import { finiteDuration } from "../error/check.ts"
import * as RunsError from "../RunsError.ts"
import { omitUndefined } from "../wire/omitUndefined.ts"
import { declaredBytes, maxErrorBytes, maxResponseBytes, read as readBody } from "./body.ts"
import type { GetError, RequestOptions } from "./model.ts"
import * as Pace from "./pace.ts"
import { ProxyNotice } from "./proxyNotice.ts"
import { OnFailure } from "./references.ts"
import { closed, describe, parse, type ParsedResponse, retryAfterOf } from "./response.ts"
import { defaultRetry, totalTime } from "./retry.ts"
import { make as scrubber } from "./scrub.ts"
import { type AttemptContext, contextOf, fromStatus, type RequestContext } from "./statusError.ts"
import { addressOf, countRetry, measured } from "./telemetry.ts"
import { version } from "./version.ts"

export interface Get {
  readonly endpoint: "runs" | "run" | "results" | "schedulerStatus"
  /** The path of the API, with its query. */
  readonly path: string
  readonly resumeFrom?: RequestContext["resumeFrom"] | undefined
  /** What is done with the text of a 200 before it is parsed. */
  readonly onText?: ((text: string) => Effect.Effect<void>) | undefined
}

export interface Transport {
  readonly get: (get: Get) => Effect.Effect<ParsedResponse, GetError>
  /** Removes the token from a text. */
  readonly scrub: (text: string) => string
  /** The project of lists that name no other. */
  readonly projectID?: string | undefined
}

/**
 * Returns what the layer of the HTTP client was built with for `fetch`, such as a dispatcher that leads to a proxy. Only the
 * client sees it, so the client is asked: with a request that ends before it is sent.
 */
const requestInitOf = (client: HttpClient.HttpClient) =>
  Effect.suspend(() => {
    let init = Option.none<FetchHttpClient.RequestInit["Service"]>()
    const read = Effect.contextWith((context: Context.Context<never>) => {
      init = Context.getOption(context, FetchHttpClient.RequestInit)
      return Effect.interrupt
    })
    return Effect.map(Effect.exit(client.postprocess(read)), () => init)
  })

// The span of the HTTP client would hold the headers of the request, and send the id of the trace to a third party.
const withoutClientSpan = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false)
  )

/**
 * Aborts a request that ends early. One that succeeds was read to its end: the error that an abort makes would keep its
 * response in memory, since the stack of an error holds the fiber in which it was made.
 */
const abortedUnlessRead = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>): Effect.Effect<A, E> =>
  Effect.flatMap(Scope.make(), (scope) =>
    effect.pipe(
      Scope.provide(scope),
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause)))
    ))

type Broken = (error: unknown, proxy?: string) => RunsError.TransportError

/**
 * Makes the transport of a connection, unless its time-out is invalid. Its generator functions are made once, and not for each
 * request: V8 keeps whatever such a function can see until it collects its whole heap, which would be each page.
 */
export const make = Effect.fnUntraced(
  function*(
    connection: Connection,
    options: RequestOptions
  ): Effect.fn.Return<Transport, RunsError.InvalidConnection, HttpClient.HttpClient> {
    const timeout = Option.getOrUndefined(Duration.fromInput(options.timeout ?? "20 seconds"))
    if (timeout === undefined || Duration.toMillis(timeout) <= 0) {
      return yield* new RunsError.InvalidConnection({ field: "timeout", reason: finiteDuration[0] })
    }
    const unscoped = yield* HttpClient.HttpClient
    // In the background: a client that waits before each request, as a rate limit does, does not hold up its layer.
    const init = yield* Effect.forkDetach(requestInitOf(unscoped), { startImmediately: true })
    const address = addressOf(connection.origin)
    const client = HttpClient.withScope(unscoped)
    // A server that echoes the token gets it into no row, error or cursor.
    const token = Redacted.value(connection.accessToken)
    const scrub = scrubber(token)
    const limit = options.maxResponseBytes ?? maxResponseBytes
    const mostOfAttempt = Duration.toMillis(timeout)
    const total = Math.max(totalTime, mostOfAttempt)
    const pace = yield* Pace.make(connection.origin, options, total)
    const proxyNotice = yield* ProxyNotice
    const headers = {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      "user-agent": options.userAgent ?? `coalesce-runs/${version}`
    }

    const send = Effect.fnUntraced(function*(get: Get, url: string, context: AttemptContext, broken: Broken) {
      // What a client or a stream throws is a broken connection too: it must not end the caller as a defect.
      const orBroken = (proxy?: string) => <A, R>(effect: Effect.Effect<A, HttpClientError.HttpClientError, R>) =>
        effect.pipe(
          Effect.mapError((error) => broken(error, proxy)),
          Effect.catchDefect((defect) => Effect.fail(broken(defect, proxy)))
        )
      const layerInit = yield* Fiber.join(init)
      const ownInit = yield* Effect.serviceOption(FetchHttpClient.RequestInit)
      const requestInit = {
        ...Option.getOrUndefined(Option.orElse(ownInit, () => layerInit)),
        redirect: "manual"
      } as const
      const response = yield* client.execute(HttpClientRequest.get(url, { headers })).pipe(
        // A redirect would carry the token to wherever it points. What else the caller set for `fetch` stays.
        Effect.provideService(FetchHttpClient.RequestInit, requestInit),
        // Where a dispatcher of the caller leads is not known.
        orBroken("dispatcher" in requestInit ? undefined : proxyNotice(new URL(url)))
      )
      if (response.status === 200) {
        const body = declaredBytes(response) > limit ? undefined : yield* orBroken()(readBody(response, limit))
        if (body === undefined || body.end === "TooLarge") {
          return yield* new RunsError.ResponseTooLarge({ ...context, limit })
        }
        const text = body.end === "Incomplete" ? undefined : scrub(body.takeText())
        if (text !== undefined && get.onText) yield* get.onText(text)
        const parsed = text !== undefined ? parse(text, context, scrub) : undefined
        return parsed ?? (yield* broken("the connection ended before the end of the body"))
      }
      // The status is known even if the body breaks off.
      const body = yield* Effect.orElseSucceed(orBroken()(readBody(response, maxErrorBytes)), () => undefined)
      const isRedirect = response.status >= 300 && response.status < 400
      return yield* fromStatus(context, {
        status: response.status,
        body: body === undefined ? "" : body.end === "TooLarge" ? closed(body.takeText()) : body.takeText(),
        location: isRedirect ? response.headers["location"] : undefined,
        retryAfter: retryAfterOf(response, yield* Clock.currentTimeMillis)
      }, scrub)
    })

    const attempt = (get: Get, url: string, context: AttemptContext, timeout: Duration.Duration) => {
      const broken: Broken = (error, proxy) =>
        new RunsError.TransportError({ ...context, ...describe(error, scrub), ...omitUndefined({ proxy }) })
      return send(get, url, context, broken).pipe(
        withoutClientSpan,
        abortedUnlessRead,
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () => Effect.fail(new RunsError.RequestTimeout({ ...context, timeout }))
        }),
        measured({ endpoint: get.endpoint, ...address }, context.attempts)
      )
    }

    return {
      scrub,
      projectID: connection.projectID,
      get: Effect.fnUntraced(function*(get) {
        const url = `${connection.origin}${get.path}`
        const context = contextOf(scrub(url), get.resumeFrom)
        const started = yield* Clock.currentTimeMillis
        let attempts = 0
        // How long the attempts waited for their turns: the time of a request leaves it out.
        let waited = 0
        const spent = (now: number) => now - started - waited
        const next = Effect.flatMap(Clock.currentTimeMillis, (before) =>
          pace(
            Effect.flatMap(Clock.currentTimeMillis, (now) => {
              waited += now - before
              attempts++
              // The default policy bounds all attempts together, so the last ones can have less than their full time.
              const left = options.retry === undefined ? total - Math.ceil(spent(now)) : mostOfAttempt
              const time = Duration.millis(Math.min(mostOfAttempt, left))
              const sent = attempt(get, url, { ...context, attempts }, time)
              return attempts > 1 ? Effect.andThen(countRetry(connection.origin), sent) : sent
            }),
            (retryAfter) => new RunsError.TooManyRequests({ ...context, attempts, retryAfter })
          ))
        const parsed = yield* next.pipe(
          Effect.tapError(yield* OnFailure),
          Effect.retry({
            schedule: options.retry ?? defaultRetry(spent, total),
            while: (error) => error.isRetryable
          })
        )
        yield* Effect.annotateCurrentSpan({ "http.response.status_code": 200 })
        return yield* Effect.fromResult(parsed)
      })
    }
  }
)
