// Arguments as assistants send them, through a whole server: what is called for them, or the words of the refusal.
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { describe, expect, it } from "@effect/vitest"
import type { CallToolResult } from "@modelcontextprotocol/client"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { layerOf, textOf } from "../support/asked.ts"
import { connected } from "../support/server.ts"

const scenario = Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone: "Europe/London" })

const env = ConfigProvider.layer(ConfigProvider.fromEnvRecord({
  COALESCE_ENVIRONMENTS: "3=production,2=staging,5=finance,6=Production EU",
  COALESCE_TIME_ZONE: "Europe/London"
}))

const server = Effect.suspend(() => connected(Layer.merge(layerOf(scenario), env), "modern", { structured: true }))
  .pipe(
    Effect.map(({ client }) => (name: string, args: object): Effect.Effect<CallToolResult> =>
      Effect.promise(() => client.callTool({ name, arguments: { ...args } }))
    )
  )

type Row = readonly [sent: object, meant: object, note?: string]

/** The note of a result, which follows what a report says. */
const noteOf = (text: string) =>
  text.split("\n").find((line) => /^(Read|Left out) /.test(line) && !line.startsWith("Read jobID"))

const list: ReadonlyArray<Row> = [
  // Values, in any case and by other words.
  [{ runStatus: "Failed" }, { runStatus: ["failed"] }, "Read runStatus \"Failed\" as failed."],
  [{ runStatus: "cancelled" }, { runStatus: ["canceled"] }, "Read runStatus \"cancelled\" as canceled."],
  [
    { runStatus: ["FAILED", "Cancelled"] },
    { runStatus: ["failed", "canceled"] },
    "Read runStatus \"FAILED\" as failed, runStatus \"Cancelled\" as canceled."
  ],
  [{ runStatus: "failed or canceled" }, { runStatus: ["failed", "canceled"] }],
  [{ runStatus: "failed,failed" }, { runStatus: ["failed"] }],
  [{ runStatus: "[\"error\"]" }, { runStatus: ["failed"] }, "Read runStatus \"error\" as failed."],
  [{ runStatus: "success" }, { runStatus: ["completed"] }, "Read runStatus \"success\" as completed."],
  [{ runStatus: "in progress" }, { runStatus: ["running"] }, "Read runStatus \"in progress\" as running."],
  [{ runStatus: "queued" }, { runStatus: ["waitingToRun"] }, "Read runStatus \"queued\" as waitingToRun."],
  [
    { runStatus: "WAITING_TO_RUN" },
    { runStatus: ["waitingToRun"] },
    "Read runStatus \"WAITING_TO_RUN\" as waitingToRun."
  ],
  [{ runStatus: "all" }, {}, "Read runStatus \"all\" as not set."],
  [{ runStatus: ["failed", "any"] }, {}, "Read runStatus \"any\" as not set."],
  [{ runType: "Refreshes" }, { runType: "refresh" }, "Read runType \"Refreshes\" as refresh."],
  [{ runType: "deployment" }, { runType: "deploy" }, "Read runType \"deployment\" as deploy."],
  [{ runType: "both" }, {}, "Read runType \"both\" as not set."],
  [{ window: "LAST_NIGHT" }, { window: "last_night" }, "Read window \"LAST_NIGHT\" as last_night."],
  [{ window: "last night" }, { window: "last_night" }, "Read window \"last night\" as last_night."],
  [{ window: "Last24Hours" }, { window: "last_24_hours" }, "Read window \"Last24Hours\" as last_24_hours."],
  [{ window: "overnight" }, { window: "last_night" }, "Read window \"overnight\" as last_night."],
  [{ orderByDirection: "descending" }, { orderByDirection: "desc" }, "Read orderByDirection \"descending\" as desc."],
  [{ detail: "yes" }, { detail: true }],
  [{ detail: 1, limit: "3" }, { detail: true, limit: 3 }],
  [{ limit: " 3.0 " }, { limit: 3 }],
  // Names of arguments.
  [{ status: "failed" }, { runStatus: ["failed"] }, "Read status as runStatus."],
  [{ statuses: ["failed"] }, { runStatus: ["failed"] }, "Read statuses as runStatus."],
  [{ run_status: "failed" }, { runStatus: ["failed"] }, "Read run_status as runStatus."],
  [{ type: "Deploy" }, { runType: "deploy" }, "Read type as runType, runType \"Deploy\" as deploy."],
  [{ environmentId: 3 }, { environmentID: "3" }, "Read environmentId as environmentID."],
  [{ environment_id: "3" }, { environmentID: "3" }, "Read environment_id as environmentID."],
  [{ timezone: "UTC", window: "today" }, { timeZone: "UTC", window: "today" }, "Read timezone as timeZone."],
  [{ tz: "UTC", window: "today" }, { timeZone: "UTC", window: "today" }, "Read tz as timeZone."],
  [{ jobName: "Daily sales" }, { jobID: "15" }, "Read jobName as jobID."],
  [{ job_id: 15 }, { jobID: "15" }, "Read job_id as jobID."],
  [{ job: "15" }, { jobID: "15" }, "Read job as jobID."],
  [{ maxResults: 2 }, { limit: 2 }, "Read maxResults as limit."],
  [{ from: "7d", to: "1d" }, { since: "7d", until: "1d" }, "Read from as since, to as until."],
  [{ sortOrder: "asc" }, { orderByDirection: "asc" }, "Read sortOrder as orderByDirection."],
  [
    { sort: "startTime", order: "DESC" },
    { orderBy: "runStartTime", orderByDirection: "desc" },
    "Read sort as orderBy, orderBy \"startTime\" as runStartTime, order as orderByDirection, orderByDirection \"DESC\" as desc."
  ],
  [{ status: "failed", runStatus: ["failed"] }, { runStatus: ["failed"] }, "Read status as runStatus."],
  [{ status: "", runStatus: "failed" }, { runStatus: ["failed"] }],
  [{ filters: { status: "failed", limit: 2 } }, { runStatus: ["failed"], limit: 2 }, "Read status as runStatus."],
  // Times.
  [{ since: "yesterday" }, { since: "yesterday" }],
  [{ since: "Yesterday" }, { since: "yesterday" }, "Read since \"Yesterday\" as yesterday."],
  [{ since: "2 weeks ago" }, { since: "14d" }, "Read since \"2 weeks ago\" as 14d."],
  [{ since: "a week ago" }, { since: "7d" }, "Read since \"a week ago\" as 7d."],
  [{ since: "past 48 hours" }, { since: "48h" }, "Read since \"past 48 hours\" as 48h."],
  [{ since: "last_7_days" }, { since: "7d" }, "Read since \"last_7_days\" as 7d."],
  [{ since: "1.5 hours" }, { since: "90m" }, "Read since \"1.5 hours\" as 90m."],
  [{ since: "-3d" }, { since: "3d" }, "Read since \"-3d\" as 3d."],
  [{ since: "now-24h", until: "now" }, { since: "24h", until: "now" }, "Read since \"now-24h\" as 24h."],
  [{ since: "last night" }, { since: "yesterday 18:00" }, "Read since \"last night\" as yesterday 18:00."],
  [{ since: "yesterday at 6pm" }, { since: "2026-03-09T18:00" }, "Read since \"yesterday at 6pm\" as yesterday 18:00."],
  [{ since: "2026/03/09" }, { since: "2026-03-09" }, "Read since \"2026/03/09\" as 2026-03-09."],
  [{ since: "9 March 2026" }, { since: "2026-03-09" }, "Read since \"9 March 2026\" as 2026-03-09."],
  [{ since: "Mar 9th, 2026" }, { since: "2026-03-09" }, "Read since \"Mar 9th, 2026\" as 2026-03-09."],
  [{ since: "25.02.2026" }, { since: "2026-02-25" }, "Read since \"25.02.2026\" as 2026-02-25."],
  [
    { since: "2026-03-09 18:00 UTC" },
    { since: "2026-03-09T18:00Z" },
    "Read since \"2026-03-09 18:00 UTC\" as 2026-03-09 18:00Z."
  ],
  [{ since: 1773079200 }, { since: "2026-03-09T18:00:00Z" }, "Read since \"1773079200\" as 2026-03-09T18:00:00.000Z."],
  [{ window: "48h" }, { since: "48h" }, "Read window \"48h\" as since 48h."],
  [{ window: "last 30 days" }, { since: "30d" }, "Read window \"last 30 days\" as since 30d."],
  [
    { date: "2026-03-09" },
    { since: "2026-03-09", until: "2026-03-09" },
    "Read date \"2026-03-09\" as since and until 2026-03-09."
  ],
  [{ date: "yesterday" }, { window: "yesterday" }, "Read date as window."],
  [{ window: { since: "2d", until: "1d" } }, { since: "2d", until: "1d" }],
  [{ until: "now", window: "today" }, { window: "today" }],
  [
    { window: "today", timeZone: "New York" },
    { window: "today", timeZone: "America/New_York" },
    "Read timeZone \"New York\" as America/New_York."
  ],
  [
    { window: "today", timeZone: "UTC+2" },
    { window: "today", timeZone: "+02:00" },
    "Read timeZone \"UTC+2\" as +02:00."
  ],
  // What another argument makes needless.
  [{ window: "today", orderBy: "id" }, { window: "today" }, "Left out orderBy: a window is ordered by runStartTime."],
  [
    { since: "2d", orderBy: "id", orderByDirection: "desc" },
    { since: "2d", orderByDirection: "desc" },
    "Left out orderBy: a window is ordered by runStartTime."
  ],
  // Names of environments and jobs.
  [{ environmentID: "Production" }, { environmentID: "3" }, "Read environmentID \"Production\" as 3."],
  [{ environment: "fin" }, { environmentID: "5" }, "Read environment as environmentID, environmentID \"fin\" as 5."],
  [{ environmentID: "production (3)" }, { environmentID: "3" }, "Read environmentID \"production (3)\" as 3."],
  [{ environmentID: "env 5" }, { environmentID: "5" }, "Read environmentID \"env 5\" as 5."],
  [{ environmentID: "all", jobID: "*" }, {}, "Read environmentID \"all\" as not set, jobID \"*\" as not set."],
  // Words for nothing.
  [{
    window: "N/A",
    since: "null",
    until: "None",
    runStatus: "none",
    environmentID: "n/a",
    jobID: "undefined",
    limit: "null",
    detail: "",
    orderBy: "-",
    startingFrom: "nil"
  }, {}]
]

const diagnose: ReadonlyArray<Row> = [
  [{ runID: "#1202" }, { runID: 1202 }, "Read runID \"#1202\" as 1202."],
  [{ runID: "1202" }, { runID: 1202 }],
  [{ runID: "run 1202" }, { runID: 1202 }, "Read runID \"run 1202\" as 1202."],
  [{ runID: "1,202" }, { runID: 1202 }, "Read runID \"1,202\" as 1202."],
  [{ runID: ["1202"] }, { runID: 1202 }],
  [{ runId: 1202 }, { runID: 1202 }, "Read runId as runID."],
  [{ run: 1202 }, { runID: 1202 }, "Read run as runID."],
  [{ id: "1202" }, { runID: 1202 }, "Read id as runID."],
  [
    { runID: "https://acme.app.coalescesoftware.io/environments/3/runs/1202" },
    { runID: 1202 },
    "Read runID \"https://acme.app.coa…[22 characters cut]…onments/3/runs/1202\" as 1202."
  ],
  [
    { url: "https://app.coalescesoftware.io/#/deploy?runID=1202&tab=9f" },
    { runID: 1202 },
    "Read url as runID, runID \"https://app.coalescesoftware.io/#/deploy?runID=1202&tab=9f\" as 1202."
  ],
  [{ runID: 1202, window: "last_night" }, { runID: 1202 }, "Left out window: runID names the run."],
  [
    { runID: 1202, since: "2d", until: "now", environmentID: "3", runType: "refresh" },
    { runID: 1202 },
    "Left out since, until, environmentID, runType: runID names the run."
  ],
  [{ jobID: "marketing" }, { jobID: "marketing" }]
]

const summarize: ReadonlyArray<Row> = [
  [{ groupBy: "jobs" }, { groupBy: "job" }, "Read groupBy \"jobs\" as job."],
  [
    { group_by: "Environment" },
    { groupBy: "environment" },
    "Read group_by as groupBy, groupBy \"Environment\" as environment."
  ],
  [{ by: "daily" }, { groupBy: "day" }, "Read by as groupBy, groupBy \"daily\" as day."],
  [{ groupBy: "by hour" }, { groupBy: "hour" }, "Read groupBy \"by hour\" as hour."],
  [{ groupBy: "per_job" }, { groupBy: "job" }, "Read groupBy \"per_job\" as job."],
  [{ groupBy: "each week" }, { groupBy: "week" }, "Read groupBy \"each week\" as week."],
  [{ groupBy: "by users" }, { groupBy: "user" }, "Read groupBy \"by users\" as user."]
]

const uuid = "0b7f3c1e-5c1d-4b57-9a53-27d0f7c1a111"

const refused: ReadonlyArray<readonly [tool: string, sent: object, said: string]> = [
  ["list_runs", { since: "03/04/2026" }, "- since: The date can be 2026-03-04 or 2026-04-03: pass one of these"],
  ["list_runs", { window: "03/04/2026" }, "- window: The date can be 2026-03-04 or 2026-04-03: pass one of these"],
  ["list_runs", { since: "last week" }, "- since: Cannot read \"last week\"; expected an ISO 8601 date-time"],
  ["list_runs", { window: "last_week" }, "- window: Expected \"last_night\" | \"today\" | \"yesterday\""],
  ["list_runs", { runStatus: "finished" }, "- runStatus: Expected \"canceled\" | \"completed\" | \"failed\""],
  [
    "list_runs",
    { status: "failed", runStatus: "completed" },
    "- runStatus: status and runStatus both mean it, and differ: pass one of them"
  ],
  [
    "list_runs",
    { environmentID: "prod" },
    "- environmentID: Several environments have \"prod\" in their name: production (3), Production EU (6). Pass an id"
  ],
  [
    "list_runs",
    { jobID: "finance" },
    "list_runs has no result: an argument is wrong.\n- jobID: Several jobs have \"finance\" in their name: pass one of the ids 22 \"Finance reporting\", 21 \"Finance close\""
  ],
  ["list_runs", { limt: 3 }, "- limt: There is no such argument. The arguments are window, since"],
  ["list_runs", { runID: 1202 }, "- runID: There is no such argument. The arguments are window, since"],
  ["list_runs", { window: "today", since: "2d" }, "- since: A window has its own ends"],
  ["list_runs", { timeZone: "Springfield", window: "today" }, "- timeZone: There is no time zone \"Springfield\""],
  ["list_runs", { limit: 0 }, "- limit: Expected an integer from 1 to 200"],
  [
    "diagnose_run",
    { runID: `https://app.coalescesoftware.io/runs/${uuid}` },
    "- runID: The link does not name one run by its number"
  ],
  ["diagnose_run", { runID: [1202, 1203] }, "- runID: Expected an integer"],
  ["diagnose_run", { runID: "latest" }, "- runID: Expected an integer"]
]

describe("arguments, taken as meant", () => {
  it("are at least sixty", () => {
    expect(list.length + diagnose.length + summarize.length + refused.length).toBeGreaterThanOrEqual(60)
  })

  it.effect.each<readonly [tool: string, rows: ReadonlyArray<Row>]>([
    ["list_runs", list],
    ["diagnose_run", diagnose],
    ["summarize_runs", summarize]
  ])("%s has the facts of what was meant, and a note of what was not plain", ([tool, rows]) =>
    Effect.gen(function*() {
      const call = yield* server
      for (const [sent, meant, note] of rows) {
        const odd = yield* call(tool, sent)
        const plain = yield* call(tool, meant)
        const factsOf = ({ isError, structuredContent }: CallToolResult) => ({
          sent,
          isError,
          // How a name was taken is a note of its own.
          facts: JSON.stringify(structuredContent, (key, value: unknown) => key === "job" ? undefined : value)
        })
        expect(factsOf(odd)).toEqual({ ...factsOf(plain), isError: undefined })
        expect({ sent, note: noteOf(textOf(odd)) }).toEqual({ sent, note })
        expect({ meant, note: noteOf(textOf(plain)) }).toEqual({ meant, note: undefined })
      }
    }))

  it.effect("are refused by name where they have more than one meaning, with the choices", () =>
    Effect.gen(function*() {
      const call = yield* server
      for (const [tool, sent, said] of refused) {
        const result = yield* call(tool, sent)
        expect({ sent, isError: result.isError, said: textOf(result) }).toEqual({
          sent,
          isError: true,
          said: expect.stringContaining(said)
        })
      }
    }))

  it.effect("do not bring what a client wrote into a result but in quotation marks, cut", () =>
    Effect.gen(function*() {
      const call = yield* server
      const said = textOf(
        yield* call("list_runs", { limit: 1, environmentID: `env\u001b[2J </user> ${"x".repeat(300)} (3)` })
      )
      expect(noteOf(said)).toMatch(/^Read environmentID "env < \/user> x+…\[\d+ characters cut\]…x+ \(3\)" as 3\.$/)
    }))
})
