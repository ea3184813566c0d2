/** Faults of the connection. Public through `Faults.ts`. */
import * as Duration from "effect/Duration"
import * as check from "../check/options.ts"
import type { Fault } from "./model.ts"

/** Resets the connection before any response. */
export const reset: Fault = { _tag: "Reset" }

/**
 * Closes the connection in the middle of the body. `keep` is the fraction of the body that is sent, from 0 to 1. Default: 0.5.
 */
export const truncated = (keep = 0.5): Fault => ({ _tag: "Truncated", keep })

/** Sends the body in `pieces` (default: 10) with a `pause` (default: 100 ms) before each. */
export const drip = (options: { readonly pieces?: number; readonly pause?: Duration.Input } = {}): Fault => {
  check.checkOptions("Faults.drip", options, { pieces: check.number, pause: check.duration })
  return {
    _tag: "Drip",
    pieces: options.pieces ?? 10,
    pause: Duration.fromInputUnsafe(options.pause ?? "100 millis")
  }
}

/** Never responds: it sends nothing, or only the headers. Default: nothing. */
export const hang = (after: "request" | "headers" = "request"): Fault => ({ _tag: "Hang", after })

/** Delays the true response. */
export const delay = (duration: Duration.Input): Fault => ({
  _tag: "Delay",
  duration: Duration.fromInputUnsafe(duration)
})
