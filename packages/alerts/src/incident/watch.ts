/** Puts what the watch tells of itself into incidents: that it may not read, or that its polls fail. */
import type * as Report from "@coalesce-runs/core/Report"
import type * as DateTime from "effect/DateTime"
import { incidentID } from "./key.ts"
import type { Incident } from "./model.ts"

/** How a watch fares: its last poll succeeded, Coalesce refused its sign-in, or several polls failed in succession. */
export type WatchState =
  | { readonly state: "well" }
  | { readonly state: "signInRefused" | "pollsFailed"; readonly failedPolls: number; readonly message: string }

const reportOf = (headline: string, lines: ReadonlyArray<string>): Report.Report => ({
  headline: [headline],
  lines: lines.map((text) => [text]),
  sections: [],
  nextSteps: []
})

const headlines = {
  signInRefused: () => "Coalesce refuses the sign-in of this watch: no run is told until it is renewed",
  pollsFailed: (polls: number) =>
    `This watch cannot read Coalesce: ${polls === 1 ? "its last poll" : `its last ${polls} polls`} failed`
}

/** Opens an incident of a watch that fails, and ends it once a poll succeeds. */
export const addWatch = (
  incidents: ReadonlyArray<Incident>,
  watch: WatchState,
  at: DateTime.Utc
): ReadonlyArray<Incident> => {
  if (watch.state === "well") {
    return incidents.map((incident) =>
      incident.kind !== "watch" || incident.overAt !== undefined ? incident : {
        ...incident,
        overAt: at,
        report: reportOf("This watch reads Coalesce again", ["It tells what happened meanwhile."])
      }
    )
  }
  const key = JSON.stringify(["watch", watch.state])
  const report = reportOf(headlines[watch.state](watch.failedPolls), [watch.message])
  const known = incidents.find((incident) => incident.key === key)
  if (known === undefined) {
    return [...incidents, {
      id: incidentID(key, at),
      key,
      kind: "watch",
      severity: "critical",
      since: at,
      until: at,
      failures: watch.failedPolls,
      jobs: [],
      moreJobs: 0,
      loop: false,
      messages: 0,
      pending: { why: "first", notBefore: at },
      relapses: 0,
      report
    }]
  }
  const { overAt: _, resolvedAt, ...rest } = known
  const again: Incident = {
    ...rest,
    until: at,
    failures: watch.failedPolls,
    report,
    ...(resolvedAt === undefined
      ? {}
      : { relapses: known.relapses + 1, pending: { why: "again" as const, notBefore: at } })
  }
  return incidents.map((incident) => incident === known ? again : incident)
}
