/** Reads the body of a response as a stream, up to a bound, so that no server decides how much memory a program needs. */
import * as Effect from "effect/Effect"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"

/** The most bytes of a body, after decompression: 64 MiB. */
export const maxResponseBytes = 64 * 1024 * 1024

/** The most bytes of the body of an error. */
export const maxErrorBytes = 64 * 1024

export interface Body {
  readonly text: string
  /** `TooLarge` where the body goes on beyond the bound, `Incomplete` where the connection ended before its end. */
  readonly end: "Whole" | "TooLarge" | "Incomplete"
}

// The length counts compressed bytes, so it says nothing of a body that arrives decompressed.
const isEncoded = ({ headers }: HttpClientResponse.HttpClientResponse): boolean =>
  headers["content-encoding"] !== undefined

/** Returns how many bytes a body has by its `content-length`, NaN where that is not known. */
export const declaredBytes = (response: HttpClientResponse.HttpClientResponse): number =>
  isEncoded(response) ? Number.NaN : Number(response.headers["content-length"] ?? Number.NaN)

/** Reads a body, at most `limit` bytes of it. */
export const read = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Body, HttpClientError.HttpClientError> =>
  Effect.suspend(() => {
    const decoder = new TextDecoder()
    let text = ""
    let bytes = 0
    return Stream.runForEachWhile(response.stream, (chunk) =>
      Effect.sync(() => {
        text += decoder.decode(chunk.subarray(0, limit - bytes), { stream: true })
        bytes += chunk.byteLength
        return bytes <= limit
      })).pipe(
        Effect.catchIf(({ reason }) => reason._tag === "EmptyBodyError", () => Effect.void),
        Effect.map((): Body => {
          if (bytes > limit) return { text, end: "TooLarge" }
          // Some clients take a compressed body that breaks off for a short one.
          const isShort = bytes < declaredBytes(response) || (isEncoded(response) && bytes === 0)
          return { text: text + decoder.decode(), end: isShort ? "Incomplete" : "Whole" }
        })
      )
  })
