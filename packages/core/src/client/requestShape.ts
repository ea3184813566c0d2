/** What each option of a client that is no setting of its connection must be. */
import * as Schedule from "effect/Schedule"
import { count, duration, finiteDuration, misfits, required, type Shape } from "../error/check.ts"
import type { RateLimit, RequestOptions } from "./model.ts"

const rateLimitShape: Shape<RateLimit> = { requests: required(count), per: required(finiteDuration) }

export const requestShape: Shape<RequestOptions> = {
  timeout: duration,
  retry: ["Expected a Schedule", Schedule.isSchedule],
  maxResponseBytes: ["Expected a number of bytes above zero", count[1]],
  rateLimit: [
    "Expected { requests, per }: an integer from 1 and a duration above zero",
    (value) => misfits(value, rateLimitShape).length === 0
  ],
  maxConcurrency: count,
  userAgent: ["Expected visible ASCII", (value) => typeof value === "string" && /^[\x20-\x7e]+$/.test(value)]
}
