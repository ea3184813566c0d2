/** Renders a report as the text of a result. It names each next step by the tool that takes it. */
import * as Report from "@coalesce-runs/core/Report"

const toolOf: { readonly [A in Report.NextStep["action"]]: string } = {
  check: "check_runs",
  diagnose: "diagnose_run",
  inspect: "inspect_run",
  list: "list_runs",
  summarize: "summarize_runs"
}

export const toText = (report: Report.Report): string =>
  Report.toText(report, {
    nameCall: ({ action, arguments: args }) => `${toolOf[action]} ${JSON.stringify(args)}`
  })
