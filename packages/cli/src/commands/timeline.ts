/** `timeline`: what did the night look like? */
import * as Command from "effect/cli/Command"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  ...flags.selection,
  ...flags.common,
  html: flags.text("html", "Write a page to this file: pictures and a table, in one file that loads nothing"),
  svg: flags.flag("svg", "Print a picture as SVG")
}

export const timeline = Command.make("timeline", config, onDemand(() => import("../handlers/timeline.ts"))).pipe(
  Command.withDescription("Draw the runs of last night, or a window: a row for each job, beside what is usual for it"),
  Command.withExamples([
    { command: "coalesce-runs timeline", description: "In the terminal, as text" },
    { command: "coalesce-runs timeline --html night.html", description: "A page for a browser, for print or for mail" }
  ])
)
