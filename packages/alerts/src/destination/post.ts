/** Posts a payload to the secret address of a destination. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Headers from "effect/http/Headers"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { DeliveryFailed, InvalidDestination } from "../Destination.ts"

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/** Checks the address of a destination. */
export const checkUrl = (
  destination: string,
  url: Redacted.Redacted<string>
): Effect.Effect<void, InvalidDestination> => {
  const invalid = (reason: string) => new InvalidDestination({ destination, setting: "url", reason })
  const text = Redacted.value(url)
  if (!URL.canParse(text)) return Effect.fail(invalid("Expected an https: URL"))
  const { hostname, password, protocol, username } = new URL(text)
  if (username !== "" || password !== "") return Effect.fail(invalid("Expected a URL without a user"))
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname))
    ? Effect.void
    : Effect.fail(invalid("Expected https:, because http: would send the message and its address unencrypted"))
}

/** A payload, for one message. */
export interface Post {
  readonly destination: string
  readonly messageID: string
  readonly url: Redacted.Redacted<string>
  readonly body: string
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** How many characters of a body are read, and for how long. */
const reply = { length: 10_000, time: "5 seconds" } as const

/**
 * Returns the beginning of a body. It never fails: the status has said already whether the message was taken, and to send it
 * again because its response does not end would tell it twice.
 */
export const beginningOf = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<string> =>
  Effect.suspend(() => {
    const decoder = new TextDecoder()
    let text = ""
    return Stream.runForEachWhile(response.stream, (chunk) =>
      Effect.sync(() => {
        text += decoder.decode(chunk, { stream: true })
        return text.length < reply.length
      })).pipe(
        Effect.timeout(reply.time),
        Effect.ignore,
        Effect.map(() => text.slice(0, reply.length))
      )
  })

/** A day. */
const longestWait = 86_400_000

const reasonOf = (status: number): string =>
  status >= 300 && status < 400
    ? "it redirects, and redirects are not followed"
    : status === 429
    ? "too many messages"
    : status >= 500
    ? "an error of its own"
    : status === 404 || status === 410
    ? "the address does not exist"
    : status === 401 || status === 403
    ? "the sign-in was refused"
    : "it refused the message"

const retryAfterOf = (headers: Headers.Headers, now: number): number | undefined => {
  const header = headers["retry-after"]
  const parsed = header === undefined ? undefined : Headers.parseRetryAfter(header)
  return parsed !== undefined && Result.isSuccess(parsed)
    ? Math.min(Math.ceil(Duration.toMillis(Headers.retryAfterDelay(parsed.success, now))), longestWait)
    : undefined
}

/** Follows no redirect, and shows the address to nobody: a span would hold it, and a header would send its id to a third party. */
export const discreet = <A, E, R>(request: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  request.pipe(
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false)
  )

/** Posts JSON and returns the beginning of the response. It retries nothing. */
export const post = (
  { body, destination, headers = {}, messageID, url }: Post
): Effect.Effect<string, DeliveryFailed, HttpClient.HttpClient> => {
  const failed = (fields: Pick<DeliveryFailed, "isRetryable" | "reason" | "retryAfterMillis" | "status">) =>
    new DeliveryFailed({ destination, messageID, ...fields })
  return HttpClient.execute(
    HttpClientRequest.post(Redacted.value(url)).pipe(
      HttpClientRequest.setHeaders(headers),
      HttpClientRequest.bodyText(body, "application/json; charset=utf-8")
    )
  ).pipe(
    Effect.timeout("20 seconds"),
    Effect.catchTag(
      "TimeoutError",
      () => Effect.fail(failed({ isRetryable: true, reason: "no response in 20 seconds" }))
    ),
    // The error of the client holds the address.
    Effect.catchTag(
      "HttpClientError",
      () => Effect.fail(failed({ isRetryable: true, reason: "it cannot be reached" }))
    ),
    Effect.flatMap(Effect.fnUntraced(function*(response) {
      const { headers, status } = response
      const text = yield* beginningOf(response)
      if (status >= 200 && status < 300) return text
      const retryAfterMillis = retryAfterOf(headers, yield* Clock.currentTimeMillis)
      return yield* failed({
        status,
        reason: reasonOf(status),
        isRetryable: status === 408 || status === 429 || status >= 500,
        ...(retryAfterMillis === undefined ? {} : { retryAfterMillis })
      })
    })),
    discreet
  )
}
