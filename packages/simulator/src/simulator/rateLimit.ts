/** Limits the requests in a window of time, and makes the headers of the 429 for the others. */
import * as Duration from "effect/Duration"

export interface RateLimit {
  readonly requests: number
  readonly per: Duration.Input
  readonly retryAfter?: "seconds" | "date" | "none"
}

/** Counts a request at this time. Returns undefined if it may pass, otherwise the headers of its 429. */
export type Take = (now: number) => Record<string, string> | undefined

export const make = (limit: RateLimit | undefined): Take => {
  if (limit === undefined) return () => undefined
  const per = Duration.toMillis(Duration.fromInputUnsafe(limit.per))
  let opened = Number.NEGATIVE_INFINITY
  let taken = 0
  return (now) => {
    if (now >= opened + per) {
      opened = now
      taken = 0
    }
    if (taken < limit.requests) {
      taken++
      return undefined
    }
    const seconds = Math.ceil((opened + per - now) / 1000)
    switch (limit.retryAfter ?? "seconds") {
      case "seconds":
        return { "retry-after": String(seconds) }
      case "date":
        // An HTTP date has whole seconds. Rounding up keeps the client from retrying too early.
        return { "retry-after": new Date(Math.ceil((opened + per) / 1000) * 1000).toUTCString() }
      case "none":
        return {}
    }
  }
}
