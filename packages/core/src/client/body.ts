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
  /** Decodes the bytes, and lets them go: called once. */
  readonly takeText: () => string
  /** `TooLarge` where the body goes on beyond the bound, `Incomplete` where the connection ended before its end. */
  readonly end: "Whole" | "TooLarge" | "Incomplete"
}

// The length counts compressed bytes, so it says nothing of a body that arrives decompressed.
const isEncoded = ({ headers }: HttpClientResponse.HttpClientResponse): boolean =>
  headers["content-encoding"] !== undefined

// Some clients take a compressed body that breaks off for a short one, and so one in chunks on a connection that is not kept.
const endsUnseen = (response: HttpClientResponse.HttpClientResponse): boolean =>
  isEncoded(response) ||
  (response.headers["transfer-encoding"] !== undefined && response.headers.connection === "close")

/** Returns how many bytes a body has by its `content-length`, NaN where that is not known. */
export const declaredBytes = (response: HttpClientResponse.HttpClientResponse): number =>
  isEncoded(response) ? Number.NaN : Number(response.headers["content-length"] ?? Number.NaN)

/**
 * Reads a body, at most `limit` bytes of it. The bytes stay as they came until somebody wants their text: the text of a
 * body that is too large would only add to them.
 */
export const read = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Body, HttpClientError.HttpClientError> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let bytes = 0
    const takeText = () => {
      // At once: the texts of the chunks would be joined by another copy, and make twice as much garbage.
      const all = new Uint8Array(Math.min(bytes, limit))
      let at = 0
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        all.set(chunk, at)
        at += chunk.byteLength
      }
      return new TextDecoder().decode(all)
    }
    return Stream.runForEachWhile(response.stream, (chunk) =>
      Effect.sync(() => {
        chunks.push(chunk.subarray(0, limit - bytes))
        bytes += chunk.byteLength
        return bytes <= limit
      })).pipe(
        Effect.matchEffect({
          onFailure: (error) => error.reason._tag === "EmptyBodyError" ? Effect.void : Effect.fail(error),
          onSuccess: () => Effect.void
        }),
        Effect.map((): Body => {
          const isShort = bytes < declaredBytes(response) || (bytes === 0 && endsUnseen(response))
          return { takeText, end: bytes > limit ? "TooLarge" : isShort ? "Incomplete" : "Whole" }
        })
      )
  })
