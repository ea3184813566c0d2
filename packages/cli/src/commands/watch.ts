/** `watch`: what happens from now on? */
import * as Command from "effect/cli/Command"
import * as flags from "../flags.ts"
import { onDemand } from "../onDemand.ts"

const config = {
  environmentID: flags.environment,
  projectID: flags.project,
  runType: flags.runType,
  every: flags.duration("every", "How long to wait between two polls, such as 30s or 5m. Default: 30s"),
  since: flags.integer("since", "Also tell what happened to the runs after this one, by its id"),
  state: flags.text("state", "A directory that keeps where the watch is, so that it goes on there"),
  alerts: flags.text("alerts", "Tell what goes wrong, and when it is over, as this alerts.yml says. Needs --state"),
  once: flags.flag("once", "Poll once and end, for cron. Needs --state, where the next poll goes on"),
  ...flags.common
}

export const watch = Command.make("watch", config, onDemand(() => import("../handlers/watch.ts"))).pipe(
  Command.withDescription("Tell what happens to runs as it happens, until it is interrupted"),
  Command.withExamples([
    {
      command: "coalesce-runs watch --state runs.state",
      description: "Goes on where it was, and loses no end of a run"
    },
    {
      command: "coalesce-runs watch --once --state runs.state",
      description: "Tells what happened since the last call, from cron"
    },
    {
      command: "coalesce-runs watch --alerts alerts.yml --state runs.state",
      description: "Tells incidents in Slack, Teams, PagerDuty or by a webhook, as a service"
    }
  ])
)
