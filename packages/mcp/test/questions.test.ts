// The page docs/questions.md: each call of its tables is made on a night of the simulator, and its text holds the answer.
// Long because it has the words of each answer.
import * as Nights from "@coalesce-runs/simulator/Nights"
import * as Scenario from "@coalesce-runs/simulator/Scenario"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync } from "node:fs"
import { client, textOf } from "./support/asked.ts"

const page = readFileSync(new URL("../../../docs/questions.md", import.meta.url), "utf8")
const [answered = "", unanswered = ""] = page.split("## What cannot be answered")

/** The cells of each row of the tables in a text, without the rows above and below the lines of a head. */
const cellsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  text.split("\n").filter((line) => /^\| (?!question|-)/.test(line)).map((line) =>
    line.slice(1, -1).split(" | ").map((cell) => cell.trim())
  )

const readArguments = Schema.decodeSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

const rows = cellsOf(answered).map(([question = "", call = "", where = ""]) => {
  const [, tool = "", args = ""] = /^`(\w+) (\{.*\})`$/.exec(call) ?? []
  return { question, tool, arguments: readArguments(args), where }
})

const timeZone = "Europe/London"
const lastNight = "the demo's night"
const histories = new Map([
  [lastNight, () => Scenario.lastNight({ now: "2026-03-10T08:00:00Z", timeZone })],
  ...Nights.all().map((night) => [night.name, () => night.history] as const)
])

/** For each question the night on which it is asked, and the words that answer it. */
const answers: ReadonlyArray<readonly [question: string, night: string, ...words: ReadonlyArray<RegExp>]> = [
  ["Is everything all right this morning?", "all well", /^Nothing needs attention\. 24 runs of 10 jobs started/],
  [
    "What needs attention, and what first?",
    lastNight,
    /^5 things need attention: 4 failed refreshes of 3 causes/,
    /Failures, by cause:\n- 2 refreshes of 2 jobs in env 5/
  ],
  [
    "Did everything fail of one cause?",
    "a quota that stops many jobs",
    /5 refreshes of 5 jobs in envs 3, 5 failed between .*, all of one cause: .*resource monitor 'MONTHLY' has exceeded its quota/
  ],
  [
    "Is it the SQL, a grant, the data or the warehouse?",
    lastNight,
    /\(warehouseOrQuota 090073\)/,
    /\(invalidIdentifier 000904\)/,
    /\(privilege 003001\)/,
    /\(dataConversion 100038\)/
  ],
  [
    "Which failures are over by now?",
    lastNight,
    /Failed and recovered:\n- 1196, .*recovered: re-run 1197 \(2026-03-10 00:09\) completed/
  ],
  [
    "Which failure is new, and which comes every night?",
    lastNight,
    /- 1202, .*: new, has not run again/,
    /- 1200, .*: the 3rd failure in succession since 2026-03-08 02:07/
  ],
  [
    "Which load before them is to blame?",
    "a failed load before the jobs that read it",
    /It follows from run 2487, which did not make SRC_PAYMENTS/
  ],
  [
    "What did not run, though it usually does?",
    "a nightly that did not run",
    /Did not run, though it usually does:\n- refresh "Daily sales" \(job 15\) in env 3: did not start at 2026-03-10 02:00/
  ],
  ["What ran late?", "a nightly that ran hours late", /Late:\n- 2499, .*: started 3h40m late; it started about 03:00/],
  [
    "Is a run stuck, since when, and at which query?",
    "a run that is stuck",
    /running for 4h39m, usually 13m53s .*at DIM_PAYMENTS \(query 018396df-\S+, since 2026-03-10 04:13\)/
  ],
  [
    "When does Daily sales usually start, and how long does it take?",
    "a nightly that ran hours late",
    /Usually, refresh "Daily sales" \(job 15\) in env 3: started about 02:00 Europe\/London/
  ],
  [
    "Which run took far longer than usual?",
    "a run that took far longer than usual",
    /"Daily sales" .*: took 1h20m, usually 11m6s/
  ],
  [
    "What waits to start, and since when?",
    "a run that waits for its start",
    /Waiting:\n- 2499, refresh "Finance reporting" .*: waiting since 2026-03-10 07:00 or earlier/
  ],
  [
    "Does a job fail again and again?",
    "a job that fails every few minutes",
    /failed 57 times since 2026-03-10 05:06, every 4m/
  ],
  [
    "Which job failed days ago and has not run since?",
    "a failure of days ago that has not run since",
    /Failed before the window, and have not run since:\n- 2415, refresh "Weekly archive"/
  ],
  [
    "Which data tests failed in runs that completed?",
    lastNight,
    /data tests failed:\n- 1195, .*: STG_CUSTOMERS: "CUSTOMER_ID is unique"/
  ],
  [
    "Which run completed but loaded nothing?",
    "a run that wrote no rows",
    /nodes changed no row:\n- 2491, .*no row in DIM_ORDER \(at least 49330 rows before\)/
  ],
  [
    "Which run did far less than usual?",
    "a run with far fewer nodes",
    /"Customer 360" .*: 3 nodes, usually 20 nodes \(28 runs\)/
  ],
  [
    "Has a node failed in a run that is still running?",
    "a running run in which a node has failed",
    /running, 1 of 10 nodes failed: STG_CUSTOMERS: "NULL result in a non-nullable column"/
  ],
  [
    "How is the finance environment?",
    lastNight,
    /^1 thing needs attention: 2 failed refreshes of one cause\.\n2 runs of 2 jobs/,
    /Window \(environmentID 5\)/
  ],
  [
    "Why did last night's refresh fail?",
    lastNight,
    /^Run 1202 failed: refresh "Daily sales" .*: DIM_ORDER: "SQL compilation error/,
    /Look at: deploy 1194, whose message names ORDER_ID/
  ],
  [
    "Is it over, and which run made it good?",
    "a failure that a deploy mended",
    /Recovered: re-run 2502 \(2026-03-10 06:30\) completed/
  ],
  [
    "Did the run again of 1196 succeed?",
    lastNight,
    /^Run 1196 failed: .*Recovered: re-run 1197 \(2026-03-10 00:09\) completed/
  ],
  ["Since when does it fail?", lastNight, /Since: run 1180 \(2026-03-08 02:07\) began a streak of 3 failures/],
  ["When did it last succeed?", lastNight, /the last success is run 1170 \(2026-03-07 02:07\)/],
  [
    "Has this happened before, and did it pass when run again?",
    "a lock that is gone when the job runs again",
    /Seen before: 3 times in 90 days, the latest run 2194 on 2026-03-01, passed when run again/
  ],
  [
    "Which deploy may have broken it?",
    lastNight,
    /Suspects, not verdicts:\n- 1194, deploy of 9f2c4e1ab7d0 "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"/
  ],
  [
    "Was the change taken back since?",
    "a deploy that was reverted after the failure",
    /Run it again: deploy 2501 took back what was deployed/,
    /Deployed since: 2501 .*, a revert/
  ],
  [
    "Who holds the lock?",
    "a lock that another run holds",
    /Root: run 2487, refresh "Raw ingest" \(job 10\) in env 3, held the lock on SRC_PAYMENTS/
  ],
  [
    "Did a data test announce it?",
    "a failed uniqueness test before a merge that fails",
    /^Run 2491 failed: .*Duplicate row/,
    /STG_CUSTOMERS(?:: "|.*)CUSTOMER_ID is unique/
  ],
  [
    "Which tables were not loaded because of it?",
    lastNight,
    /Blocked \(5\): FCT_ORDER_LINES, FCT_SALES_DAILY, FCT_REVENUE, FCT_MARGIN, RPT_SALES/
  ],
  ["Which line of the SQL is wrong?", lastNight, / > "SRC"\."ORDER_ID" AS "ORDER_KEY",/],
  [
    "What else failed, and of the same cause?",
    lastNight,
    /Also failed in the window:\n- 1200, /,
    /- 1198, .*same cause as 1199/
  ],
  ["Why did the deploy fail?", lastNight, /^Run 1138 failed: deploy of cc920e9e8d1a .*unexpected 'FROM'/],
  [
    "What happened to run 1201?",
    lastNight,
    /^Run 1201 was canceled, and did not fail by itself: .*after 5m\.\n20 nodes: 10 completed, 10 canceled/
  ],
  ["Where is its page in Coalesce?", lastNight, /Page: http:\/\/127\.0\.0\.1:4000\/runs\/1202/],
  [
    "How far is the forecast, and at which node?",
    lastNight,
    /9 of 16 nodes completed, 1 running, 6 waiting/,
    /- DIM_CUSTOMERS running since 06:03 \(1h56m, 92%\)/
  ],
  ["Which nodes take longest?", lastNight, /- STG_INVENTORY 38s \(17%\).*\n- STG_PRODUCTS 33s \(15%\)/],
  ["How many rows did STG_ORDERS load?", lastNight, /"Insert STG_ORDERS" completed 25s, 10554 inserted/],
  [
    "What is the SQL of DIM_ORDER?",
    lastNight,
    /\| TRUNCATE IF EXISTS "ANALYTICS"\."MART"\."DIM_ORDER"/,
    /\| FROM "ANALYTICS"\."STG"\."STG_ORDERS" "SRC"/
  ],
  [
    "Which query do I look up, in which warehouse?",
    lastNight,
    /"Insert DIM_ORDER" failed 39s, warehouse TRANSFORM_WH, query 012f6224-0003-b0ad-0000-24ea4448273e/
  ],
  ["Who ran run 1202?", lastNight, /Started by user service-account/],
  [
    "With which selector and parallelism did it run?",
    lastNight,
    /with parallelism 8, .*selector "\{subgraph:\\"Sales\\"\}"/
  ],
  [
    "What differs from the last good run?",
    lastNight,
    /Compared with the last success, run 1191/,
    /Differs from run 1191:\n- failed newly: DIM_ORDER/
  ],
  [
    "Which SQL has changed since?",
    lastNight,
    /STG_ORDERS: changed SQL/,
    /\| - "SRC"\."ORDER_ID" AS "ORDER_ID",\n +\| \+ "SRC"\."ORDER_ID" AS "ORDER_KEY",/
  ],
  [
    "What differs from last Tuesday's run, 1135?",
    lastNight,
    /Compared with run 1135 \(2026-03-03 03:48\), completed, which took 10m51s/
  ],
  [
    "What ran last night?",
    lastNight,
    /^10 runs, 2026-03-09 18:00 – 2026-03-10 08:00/,
    /1203 refresh running 05:54 env 3 "Demand forecast"/,
    /1194 deploy completed 19:07 3m env 3/
  ],
  [
    "What failed last night?",
    lastNight,
    /^5 runs \(runStatus failed\)/,
    /1202 03:48 10m2s env 3 "Daily sales" \(job 15\) reason "DIM_ORDER/
  ],
  ["What is running now?", lastNight, /^1 run \(runStatus running\), any time/, /1203 refresh running/],
  ["When was Daily sales last loaded?", lastNight, /1191 .*03:48 10m49s/],
  ["Did Daily sales run last Tuesday, and how long did it take?", lastNight, /1135 refresh completed 03:48 10m51s/],
  [
    "What failed or was canceled from Saturday to Monday?",
    lastNight,
    /^3 runs \(runStatus failed or canceled\), 2026-03-07 00:00 – 2026-03-10 00:00/,
    /1180 02:07 7m25s/
  ],
  [
    "Which deploys went to production in the last 7 days?",
    lastNight,
    /^1 run \(runType deploy, environmentID 3\)/,
    /commit 9f2c4e1ab7d0 "Rename ORDER_ID to ORDER_KEY in STG_ORDERS"/
  ],
  ["Which commit is in production?", lastNight, /any time/, /1194 deploy completed .*commit 9f2c4e1ab7d0/],
  [
    "Where did the job Daily sales go?",
    "a renamed job that fails",
    /"Daily sales" is an earlier name of "Daily revenue" \(job 15\)/
  ],
  ["How was the night?", lastNight, /^10 runs: 3 completed, 5 failed, 1 canceled, 1 running\. Success rate 37\.5 %/],
  [
    "Was the week better than the one before?",
    lastNight,
    /Change from the window before .*: failed \+7, runs \+1, success rate -11 points/
  ],
  ["How much time went into failed runs?", lastNight, /8 failed runs took 56m27s together/],
  [
    "Which job fails most?",
    lastNight,
    /By job, .*:\n- "Marketing attribution" \(job 14 in env 3\): 4 completed, 3 failed/
  ],
  [
    "Which environment is worst?",
    lastNight,
    /By environment, most failures first:\n- environment 3: 43 completed, 5 failed/
  ],
  ["At which hour do runs fail?", lastNight, /- "02:00": 10 completed, 3 failed/],
  ["Whose runs fail?", lastNight, /By user, .*:\n- user service-account: 56 completed, 8 failed/],
  [
    "Which node fails most, and which takes most time?",
    lastNight,
    /- FCT_CAMPAIGN_TOUCHES: 2 runs, 2 failed/,
    /- STG_ORDERS: 16 runs, p50 42s, 11m43s in all/,
    /in the latest 20 ended runs/
  ],
  [
    "What are the causes of this week's failures?",
    lastNight,
    /- 3 privilege 003001: .*new, in "Marketing attribution" \(job 14\)/
  ],
  [
    "Which data tests fail now?",
    lastNight,
    /Failed data tests in the latest completed run of 3 jobs:\n- refresh "Source checks"/
  ],
  [
    "How long does Daily sales take, and how often does it fail?",
    lastNight,
    /^23 runs \(jobID 15 "Daily sales"\): 21 completed, 2 failed\. Success rate 91\.3 %/,
    /p50 11m15s, p95 11m56s, longest 12m4s \(run 1182\)/
  ],
  ["On which days did Daily sales fail?", lastNight, /- "2026-02-27": 1 completed, 1 failed/],
  [
    "Is it getting better, week by week?",
    lastNight,
    /- "2026-03-09": 9 completed, 6 failed.*\n- "2026-03-02": 63 completed, 2 failed/
  ]
]

describe("the page of questions", () => {
  it("has a call for each of at least 40 questions, none of which is asked twice, and calls every tool", () => {
    const questions = rows.map(({ question }) => question)
    expect(answers.map(([question]) => question)).toEqual(questions)
    expect(new Set(questions).size).toBe(questions.length)
    expect(questions.length).toBeGreaterThanOrEqual(40)
    expect([...new Set(rows.map(({ tool }) => tool))]).toEqual([
      "check_runs",
      "diagnose_run",
      "inspect_run",
      "list_runs",
      "summarize_runs"
    ])
  })

  it("says where each answer stands, and why other questions have none", () => {
    for (const { where } of rows) expect(where).toMatch(/\w/)
    const without = cellsOf(unanswered)
    expect(without.length).toBeGreaterThanOrEqual(12)
    for (const row of without) expect(row.filter((cell) => /\w/.test(cell))).toHaveLength(3)
  })

  it.effect("asks for words that the result of a healthy night does not have", () =>
    Effect.gen(function*() {
      const { call } = yield* client(Nights.get("all well").history)
      const healthy = textOf(yield* call("check_runs", { timeZone }))
      for (const [question, night, ...words] of answers) {
        const said = words.filter((word) => word.test(healthy)).length
        expect([question, words.length > 0, said]).toEqual([question, true, night === "all well" ? words.length : 0])
      }
    }))

  for (const { arguments: args, question, tool } of rows) {
    it.effect(question, () =>
      Effect.gen(function*() {
        const [, night = "", ...words] = answers.find((answer) => answer[0] === question) ?? []
        const history = histories.get(night)
        if (history === undefined) throw new Error(`There is no night ${JSON.stringify(night)}`)
        const { call } = yield* client(history())
        const result = yield* call(tool, { ...args, timeZone })
        expect(result.isError, `${textOf(result)}`).toBeFalsy()
        for (const word of words) expect(textOf(result)).toMatch(word)
      }))
  }
})
