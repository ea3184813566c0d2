import { Incident } from "@coalesce-runs/alerts"
import { Report } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { night } from "../support/story.ts"

const utc = (time: string) => DateTime.toUtc(DateTime.makeUnsafe(`${night(time)}Z`))

/** An incident of another kind. */
const stuck: Incident.Incident = {
  id: "i",
  key: "k",
  kind: "stuck",
  severity: "critical",
  since: utc("02:00"),
  until: utc("02:00"),
  failures: 1,
  jobs: [],
  moreJobs: 0,
  loop: false,
  messages: 1,
  toldAt: utc("02:00"),
  relapses: 0
}

describe("an incident of the watch", () => {
  const refused = { state: "signInRefused", failedPolls: 1, message: "401 Unauthorized" } as const
  const failing = (failedPolls: number) => ({ state: "pollsFailed", failedPolls, message: "503" }) as const
  const step = (state: Incident.State, watch: Incident.WatchState, time: string) =>
    Incident.advance(state, { watch }, { diagnoses: [] }, utc(time))
  const said = ({ messages }: Incident.Step) =>
    messages.map(({ failures, report, status, why }) => [status, why, failures, Report.toText(report)])

  it("opens once, ends with the next poll that succeeds, and opens again", () => {
    const opened = step(Incident.begin(), failing(5), "02:00")
    expect(said(opened)).toEqual([
      ["opened", "first", 5, "This watch cannot read Coalesce: its last 5 polls failed\n503"]
    ])
    expect(opened.messages[0]).toMatchObject({ kind: "watch", severity: "critical", jobs: { listed: [], more: 0 } })
    const more = step(opened.state, failing(6), "02:10")
    expect(more.messages).toEqual([])
    expect(more.state.incidents).toMatchObject([{ since: utc("02:00"), until: utc("02:10"), failures: 6, relapses: 0 }])
    const well = step(more.state, { state: "well" }, "02:20")
    expect(said(well)).toEqual([
      ["resolved", "recovered", 6, "This watch reads Coalesce again\nIt tells what happened meanwhile."]
    ])
    expect(step(well.state, { state: "well" }, "02:30")).toEqual({ state: well.state, messages: [] })
    const again = step(well.state, failing(1), "03:00")
    expect(said(again)).toEqual([["updated", "again", 1, "This watch cannot read Coalesce: its last poll failed\n503"]])
    expect(again.state.incidents).toMatchObject([{ relapses: 1 }])
    expect(again.state.incidents[0]?.overAt).toBeUndefined()
    expect(again.state.incidents[0]?.resolvedAt).toBeUndefined()
  })

  it("is another for a sign-in that is refused, and ends no other incident", () => {
    const both = step(step({ version: 1, incidents: [stuck] }, failing(5), "02:00").state, refused, "02:10")
    expect(said(both)).toEqual([[
      "opened",
      "first",
      1,
      "Coalesce refuses the sign-in of this watch: no run is told until it is renewed\n401 Unauthorized"
    ]])
    expect(both.state.incidents).toHaveLength(3)
    expect(step(both.state, refused, "02:15").state.incidents.map(({ kind, until }) => [kind, until])).toEqual([
      ["stuck", utc("02:00")],
      ["watch", utc("02:00")],
      ["watch", utc("02:15")]
    ])
    const well = step(both.state, { state: "well" }, "02:20")
    expect(well.messages).toHaveLength(2)
    expect(well.state.incidents.map(({ overAt }) => overAt)).toEqual([undefined, utc("02:20"), utc("02:20")])
  })
})
