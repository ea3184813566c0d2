/**
 * Prints incidents, for a terminal or for what reads a container's output.
 *
 * @since 0.1.0
 */
import * as Report from "@coalesce-runs/core/Report"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { assertOptions, callback, type Expected, flag, type Shape } from "./check/options.ts"
import type { Destination } from "./Destination.ts"
import { safeLink, titleOf } from "./destination/lines.ts"
import { wrongSetting } from "./destination/settings.ts"
import type { Message } from "./Incident.ts"

const columns: Expected = [
  "Expected a number of columns",
  (value) => typeof value === "number" && value > 0
]

const shape: Shape<Report.TerminalOptions> = { color: flag, nameCall: callback, width: columns }

/** Returns the text of a message: what it is, the report, and the link to the run. Next steps are shown if `nameCall` names them. */
export const payload = (message: Message, options: Report.TerminalOptions = {}): string => {
  assertOptions(options, shape)
  const link = safeLink(message.runLink)
  const report = options.nameCall === undefined ? { ...message.report, nextSteps: [] } : message.report
  return [`${titleOf(message)}:`, Report.toTerminal(report, options), ...(link === undefined ? [] : [link])].join("\n")
}

/** How it is printed. */
export interface Options extends Report.TerminalOptions {
  /** Names the destination. Default: `stdout`. */
  readonly name?: string | undefined
}

/** Makes a destination of this process's standard output. Throws an `InvalidDestination` where an option is wrong. */
export const stdout = (options: Options = {}): Destination => {
  const wrong = wrongSetting("stdout", options, shape)
  if (wrong !== undefined) throw wrong
  const { name = "stdout", ...terminal } = options
  return { name, send: (message) => Effect.as(Console.log(payload(message, terminal)), undefined) }
}
