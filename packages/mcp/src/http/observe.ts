/** What operators see of the calls: one line of log each, and metrics in Prometheus' format. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import type { EndedCall } from "../callTool.ts"

// Name, unit, attributes and boundaries are those of OpenTelemetry's conventions for MCP.
const duration = Metric.histogram("mcp_server_operation_duration_seconds", {
  description: "Time of one call of a tool",
  boundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]
})

const errorTypeOf = (outcome: string): string | undefined =>
  outcome === "ok" ? undefined : outcome === "canceled" ? outcome : outcome === "fault" ? "_OTHER" : "tool_error"

/** Counts and times a call that has ended, and says it in one line. */
export const ended = (log: (line: string) => void) => ({ outcome, requests, seconds, tool }: EndedCall): void => {
  const errorType = errorTypeOf(outcome)
  const attributes = {
    "mcp.method.name": "tools/call",
    "gen_ai.tool.name": tool,
    ...(errorType === undefined ? {} : { "error.type": errorType })
  }
  Effect.runSync(Metric.update(Metric.withAttributes(duration, attributes), seconds))
  log(
    `coalesce-runs-mcp: ${tool}, ${seconds.toFixed(2)} s, ${requests} ${
      requests === 1 ? "request" : "requests"
    }, ${outcome}`
  )
}

/** Returns all metrics of the process, those of the core library too. */
export const metrics = (): string => PrometheusMetrics.formatUnsafe(Context.empty())
