// Messages and files of routes, and what comes of them.
import { AlertsConfig, type Incident, Routes } from "@coalesce-runs/alerts"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export interface Message {
  readonly incident?: string
  readonly status?: Incident.Message["status"]
  readonly severity?: Incident.Severity
  readonly kind?: Incident.Kind
  readonly environmentID?: string
  readonly jobs?: ReadonlyArray<{ readonly jobID?: number; readonly jobName?: string; readonly selector?: string }>
  readonly more?: number
  readonly class?: "lock" | "timeout"
  readonly sequence?: number
}

export const utc = (time: string) => DateTime.toUtc(DateTime.makeUnsafe(`${time}Z`))

export const messageOf = (at: DateTime.Utc, message: Message): Incident.Message => {
  const { incident = "i", jobs = [{ jobID: 15, jobName: "Nightly" }], more = 0, sequence = 1, status = "opened" } =
    message
  return {
    id: `${incident}-${sequence}`,
    incidentID: incident,
    sequence,
    status,
    why: status === "opened" ? "first" : status === "updated" ? "anotherJob" : "recovered",
    at,
    kind: message.kind ?? "failures",
    severity: message.severity ?? "critical",
    environmentID: message.environmentID ?? "3",
    ...(message.class === undefined ? {} : { cause: { class: message.class, key: "k", message: "m" } }),
    since: at,
    until: at,
    failures: 1,
    jobs: {
      listed: jobs.map(({ jobID, jobName, selector }) => ({
        key: String(jobID),
        runType: "refresh",
        ...(jobID === undefined ? {} : { jobID }),
        ...(jobName === undefined ? {} : { jobName }),
        ...(selector === undefined ? {} : { includeNodesSelector: selector }),
        failures: 1,
        succession: 1,
        at,
        over: false
      })),
      more
    },
    report: { headline: ["Run 1 failed"], lines: [], sections: [], nextSteps: [] }
  }
}

export const file = (rest: string, timeZone = "Europe/London") =>
  `version: 1
timeZone: ${timeZone}
report: { names: { environments: { "3": production, "4": QA } } }
destinations:
  chat: { type: stdout }
  team: { type: stdout }
  pager: { type: stdout }
${rest}`

export const noon = utc("2026-11-03T12:00")

/** `chat, pager until 07:00`, where a message goes and when. */
export const planned = (rest: string, message: Message, now = noon, told?: ReadonlyArray<string>, timeZone?: string) =>
  Effect.map(
    AlertsConfig.parse(file(rest, timeZone)),
    (config) =>
      Routes.plan(config, messageOf(now, message), now, told).map(({ decision, destination }) =>
        decision._tag === "Told"
          ? destination
          : `${destination} ${decision._tag} until ${DateTime.formatIso(decision.until).slice(0, 16)}`
      ).join(", ")
  )

const incidentOf = (id: string, at: DateTime.Utc): Incident.Incident => ({
  id,
  key: id,
  kind: "failures",
  severity: "critical",
  since: at,
  until: at,
  failures: 1,
  jobs: [],
  moreJobs: 0,
  loop: false,
  messages: 1,
  relapses: 0
})

const encode = Schema.encodeSync(Routes.State)
const decode = Schema.decodeUnknownSync(Routes.State)

/** Advances over a state that was stored as text. */
export const advance = (
  config: AlertsConfig.Config,
  state: Routes.State,
  messages: ReadonlyArray<Incident.Message>,
  now: DateTime.Utc,
  known: ReadonlyArray<string>
) =>
  Routes.advance(config, decode(JSON.parse(JSON.stringify(encode(state)))), {
    messages,
    state: { version: 1, incidents: known.map((id) => incidentOf(id, now)) }
  }, now)
