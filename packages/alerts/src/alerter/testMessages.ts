/** Makes messages of an incident that is none, to try a destination. */
import * as DateTime from "effect/DateTime"
import type { Message } from "../Incident.ts"

/** Returns a message that opens an incident, and one that resolves it. Both say that they are tests. */
export const testMessages = (at: DateTime.Utc): readonly [opened: Message, resolved: Message] => {
  const incidentID = `test-${DateTime.toEpochMillis(at).toString(36)}`
  const opened: Message = {
    id: `${incidentID}-1`,
    incidentID,
    sequence: 1,
    status: "opened",
    why: "first",
    at,
    kind: "watch",
    severity: "info",
    since: at,
    until: at,
    failures: 0,
    jobs: { listed: [], more: 0 },
    report: {
      headline: ["This is a test of coalesce-runs: nothing happened"],
      lines: [["Alerts about Coalesce runs reach this place."]],
      sections: [],
      nextSteps: []
    }
  }
  const resolved: Message = {
    ...opened,
    id: `${incidentID}-2`,
    sequence: 2,
    status: "resolved",
    why: "recovered",
    report: { ...opened.report, headline: ["This was a test of coalesce-runs: nothing happened"] }
  }
  return [opened, resolved]
}
