import * as Metric from "effect/Metric"

/** Requests sent, every attempt counted, by endpoint, outcome and host. */
export const requests = Metric.counter("coalesce_runs_requests", {
  description: "Requests sent to Coalesce, every attempt counted",
  incremental: true
})

/** Attempts that followed a failed one. */
export const retries = Metric.counter("coalesce_runs_retries", {
  description: "Attempts that followed a failed one",
  incremental: true
})

/** Runs decoded. */
export const rows = Metric.counter("coalesce_runs_rows", {
  description: "Runs decoded from pages",
  incremental: true
})

/** The time of one attempt, headers and body. */
export const latency = Metric.timer("coalesce_runs_request_latency", {
  description: "Time of one request to Coalesce, headers and body"
})
