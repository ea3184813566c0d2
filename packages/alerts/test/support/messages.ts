// Messages to send: one of a story, and generated ones with hostile texts.
import type { Incident } from "@coalesce-runs/alerts"
import type { Report } from "@coalesce-runs/core"
import * as Effect from "effect/Effect"
import * as FastCheck from "fast-check"
import { missing, night, play } from "./story.ts"

/** The messages of a failure and its end. */
export const opensAndResolves: Effect.Effect<readonly [opened: Incident.Message, resolved: Incident.Message]> = play([
  [night("02:00"), { id: 1, error: missing }],
  [night("02:30"), { id: 2, reRunOf: 1 }]
]).pipe(
  Effect.flatMap(({ messages: [opened, resolved] }) =>
    opened === undefined || resolved === undefined
      ? Effect.die("two messages")
      : Effect.succeed([opened, resolved] as const)
  ),
  Effect.orDie
)

/** Texts that mean something in some medium. */
export const hostile: ReadonlyArray<string> = [
  "<!channel> <!here> <@U024BE7LH> <#C024BE7LR>",
  "@channel @here @everyone :fire:",
  "<https://evil.example|Open the run>",
  "[Open the run](https://evil.example)",
  "<at>Ada</at> {{DATE(2026-11-03T02:00Z)}} ${runLink}",
  "*bold* _italic_ ~struck~ `code` ```fence```",
  "\u001b[31mred\u001b[0m\u0007 \u202egnol\u202c\r\nNew: all is well",
  "\ud800 lone, and \u{1f525} whole",
  "&amp; &lt;!channel&gt;",
  "x".repeat(1_000_000),
  "&".repeat(10_000),
  "\u{1f525}".repeat(5000)
]

const text = FastCheck.oneof(FastCheck.string({ unit: "binary", maxLength: 3000 }), FastCheck.constantFrom(...hostile))

const span: FastCheck.Arbitrary<Report.Span> = FastCheck.oneof(
  FastCheck.constantFrom("Run 1202 failed: ", "x".repeat(20_000)),
  FastCheck.record({ quote: text }),
  FastCheck.record({ name: text }),
  FastCheck.record({ status: text }),
  FastCheck.record({ link: text })
)

const line = FastCheck.array(span, { maxLength: 6 })

const row = FastCheck.record(
  {
    cells: FastCheck.array(line, { maxLength: 3 }),
    details: FastCheck.array(line, { maxLength: 3 }),
    sql: FastCheck.record({ title: line, lines: FastCheck.array(text, { maxLength: 3 }) })
  },
  { requiredKeys: ["cells"] }
)

const section = FastCheck.record(
  {
    title: line,
    layout: FastCheck.constantFrom("list", "inline", "table"),
    rows: FastCheck.array(row, { maxLength: 40 }),
    more: line
  },
  { requiredKeys: ["layout", "rows"] }
)

const report: FastCheck.Arbitrary<Report.Report> = FastCheck.record({
  headline: line,
  lines: FastCheck.array(line, { maxLength: 30 }),
  sections: FastCheck.array(section, { maxLength: 10 }),
  nextSteps: FastCheck.constant([])
})

/** Messages with a report, names and links as nobody would write them. */
export const generated = (message: Incident.Message): FastCheck.Arbitrary<Incident.Message> =>
  FastCheck.record({
    report,
    runLink: text,
    jobName: text,
    environmentID: text,
    id: FastCheck.string({ maxLength: 600 })
  }).map((
    { environmentID, id, jobName, report, runLink }
  ) => ({
    ...message,
    incidentID: id,
    environmentID,
    runLink,
    report,
    jobs: { ...message.jobs, listed: message.jobs.listed.map((job) => ({ ...job, jobName })) }
  }))

/** A message whose report is one text of the API in each kind of span. */
export const saying = (message: Incident.Message, text: string): Incident.Message => ({
  ...message,
  runLink: text,
  report: {
    headline: [{ quote: text }],
    lines: [[{ name: text }], [{ status: text }], [{ link: text }]],
    sections: [],
    nextSteps: []
  }
})
