// What a medium without reports of its own shows of one, and how it is cut, escaped and left out.
import { PagerDuty, Slack, Teams } from "@coalesce-runs/alerts"
import type { Report } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import { cut, linesOf, safeLink, takeFitting, titleOf, word, write } from "../../src/destination/lines.ts"
import { messageOf, utc } from "../support/routing.ts"

const written = ({ indent, isTitle, spans }: ReturnType<typeof linesOf>[number]): string =>
  `${indent}${isTitle ? "#" : " "}${
    write(spans, { words: (text) => text, quoted: (text) => `q${text}`, name: (text) => `n${text}` })
  }`

const report: Report.Report = {
  headline: ["Run 1 failed: ", { quote: "a & b" }],
  lines: [["It is ", { status: "failed" }, "."], []],
  sections: [
    {
      title: ["Failed nodes"],
      layout: "list",
      rows: [
        { cells: [["one"], [], ["two"]], details: [["detail"]] },
        { cells: [["three"]], sql: { title: ["SQL:"], lines: ["SELECT 1", "FROM x"] } }
      ],
      more: ["2 more"]
    },
    { layout: "table", rows: [{ cells: [["bare"]] }] },
    { title: ["Blocked"], layout: "inline", rows: [{ cells: [["a"], ["b"]] }, { cells: [["c"]] }], more: ["1 more"] },
    { layout: "inline", rows: [{ cells: [["d"]] }] }
  ],
  nextSteps: [{ action: "list", arguments: {}, why: "nobody calls it from a chat" }]
}

describe("the lines of a report", () => {
  it("are its lines, then its sections with their titles, rows, details, SQL and what is left out", () => {
    expect(linesOf(report).map(written)).toEqual([
      "0 It is nfailed.",
      "0 ",
      "0#Failed nodes",
      "1 • one two",
      "2 detail",
      "1 • three",
      "2 SQL:",
      "2 nSELECT 1",
      "2 nFROM x",
      "1 and 2 more",
      "1 • bare",
      "0 Blocked: a b, c and 1 more",
      "0 d"
    ])
  })

  it("quote text of the API, name names, and bound all of them", () => {
    expect(
      written({ indent: 0, isTitle: false, spans: [{ quote: "a" }, " ", { name: "B C" }, " ", { link: "https://x" }] })
    )
      .toBe("0 q\"a\" nB C qhttps://x")
    expect(written({ indent: 0, isTitle: false, spans: ["a\u0000\u001b\nb"] })).toBe("0 a   b")
    for (
      const span of ["x".repeat(1001), { name: "x".repeat(1001) }, { link: "x".repeat(1001) }, {
        status: "x".repeat(1001)
      }]
    ) {
      expect(written({ indent: 0, isTitle: false, spans: [span] }).length).toBeLessThanOrEqual(1003)
    }
    expect(written({ indent: 0, isTitle: false, spans: ["x".repeat(1000)] })).toBe(`0 ${"x".repeat(1000)}`)
  })

  it("write a name as one plain word, or in quotation marks", () => {
    for (const plain of ["DB.RAW.ORDERS", "a_b$1", "x:y/z-1"]) expect(word(plain)).toBe(plain)
    for (const other of ["a b", "", "é", "a b.c", "a.b c"]) expect(word(other)).toBe(`"${other}"`)
  })
})

describe("a text that is cut", () => {
  it("keeps what fits, and never half a character", () => {
    expect(cut("abc", 3)).toBe("abc")
    expect(cut("abcd", 3)).toBe("ab…")
    expect(cut("a\u{1f525}b", 3)).toBe("a…")
    expect(cut("\u{1f525}ab", 3)).toBe("\u{1f525}…")
    expect(cut("\ud83dabc", 3)).toBe("\ud83da…")
  })
})

describe("lines that fit", () => {
  it("are taken in order, and the others are counted", () => {
    const note = "… 4 more lines".length + 1
    const lines = ["aaaa", "bbbb", "cccc", "dddd"]
    expect(takeFitting(lines, note + 20)).toEqual(lines)
    expect(takeFitting(lines, note + 19)).toEqual(["aaaa", "bbbb", "cccc", "… 1 more line"])
    expect(takeFitting(lines, note + 10)).toEqual(["aaaa", "bbbb", "… 2 more lines"])
    // A short one behind a long one is not taken: the order says more.
    expect(takeFitting(["aaaa", "b".repeat(99), "c", "d"], note + 20)).toEqual(["aaaa", "… 3 more lines"])
    expect(takeFitting(lines, 0)).toEqual(["… 4 more lines"])
    expect(takeFitting([], 0)).toEqual([])
    expect(takeFitting(lines, 30, () => 10)).toEqual(["aaaa", "bbbb", "… 2 more lines"])
  })
})

describe("the title of a message", () => {
  it.each([
    ["opened", "first", "New"],
    ["updated", "anotherJob", "Update (another job)"],
    ["updated", "anotherNight", "Update (another night)"],
    ["updated", "loop", "Update (fails in a loop)"],
    ["updated", "again", "Update (came back)"],
    ["updated", "worse", "Update (got worse)"],
    ["updated", "reminder", "Update (not over yet)"],
    ["resolved", "recovered", "Resolved"],
    ["resolved", "gone", "Resolved (no longer found)"],
    ["resolved", "expired", "Resolved (no longer checked)"],
    ["test", "other", "test"]
  ])("of one that is %s, %s, is %s", (status, why, title) => {
    expect(titleOf({ status, why })).toBe(title)
  })
})

describe("a link that is shown", () => {
  it("is a page of the web, without anything that a medium reads otherwise", () => {
    const address = (length: number) => `https://a.b/${"x".repeat(length - 12)}`
    for (const link of ["https://a.b-c.io", "https://a:8443/runs/1?x=1&y=%20#z~+", address(1000)]) {
      expect(safeLink(link)).toBe(link)
    }
    for (
      const link of [
        undefined,
        "http://a.b",
        "xhttps://a.b",
        "https://a.b c",
        "https://a.b/|x",
        "https://a.b/<x>",
        "https://u@a.b",
        "https://a:b/",
        "https://a.b/x\n",
        address(1001)
      ]
    ) expect(safeLink(link)).toBeUndefined()
  })
})

describe("a payload", () => {
  const runLink = "https://app.example/runs/1?a=1&b=2"
  const message = { ...messageOf(utc("2026-11-03T02:00"), { class: "lock" }), report, runLink }
  const { runLink: _, ...noLink } = message
  const noText = { ...noLink, report: { headline: [], lines: [], sections: [], nextSteps: [] } }
  const text = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })

  it("of Slack is a header, the headline, the lines in sections, and the link", () => {
    expect(Slack.payload(message)).toEqual({
      text: "New: Run 1 failed: \"a &amp; b\"",
      blocks: [
        { type: "header", text: { type: "plain_text", text: "New", emoji: false } },
        text("Run 1 failed: \"a &amp; b\""),
        text([
          "It is failed.",
          "*Failed nodes*",
          "• one two",
          "    detail",
          "• three",
          "    SQL:",
          "    `SELECT 1`",
          "    `FROM x`",
          "and 2 more",
          "• bare",
          "Blocked: a b, c and 1 more",
          "d"
        ].join("\n")),
        text("<https://app.example/runs/1?a=1&amp;b=2|Open the run>")
      ],
      unfurl_links: false,
      unfurl_media: false
    })
    expect(Slack.payload(noText).blocks).toEqual([
      { type: "header", text: { type: "plain_text", text: "New", emoji: false } },
      text("New")
    ])
  })

  it("of Slack takes their meaning from names, and puts whole lines into sections of 3,000 characters", () => {
    const saying = (...lines: ReadonlyArray<Report.Line>) =>
      Slack.payload({ ...noLink, report: { ...report, lines, sections: [] } }).blocks.slice(2).map((block) =>
        block.text.text
      )
    expect(saying([{ name: "A_B" }, " ", { name: "A.B-c/1$" }, " ", { name: "a`b<c" }])).toEqual([
      "`A_B` A.B-c/1$ `a'b&lt; c`"
    ])
    expect(saying([{ quote: "*a* @b" }])).toEqual(["\"*\u200ba*\u200b @\u200bb\""])
    const long = (character: string, count: number): Report.Line => [character.repeat(1000), character.repeat(count)]
    expect(saying(long("a", 400), long("b", 598)).map(({ length }) => length)).toEqual([2999])
    expect(saying(long("a", 400), long("b", 599)).map(({ length }) => length)).toEqual([3000])
    expect(saying(long("a", 400), long("b", 600)).map(({ length }) => length)).toEqual([1400, 1600])
    // A block without text is refused.
    expect(saying([" "], ["a"], [""])).toEqual(["a"])
    // It is cut before an entity rather than in it.
    expect(saying(["a".repeat(999), "a".repeat(1000), "a".repeat(978), "<b"])[0]).toMatch(/^a+…$/)
    expect(saying(["a".repeat(999), "a".repeat(1000), "a".repeat(970), "<b"])[0]).toMatch(/^a+&lt;b$/)
  })

  it("of Teams is a card with a title, the headline, and a paragraph for each line", () => {
    const { attachments: [{ content, contentType }], type } = Teams.payload(message)
    expect([type, contentType]).toEqual(["message", "application/vnd.microsoft.card.adaptive"])
    const { actions, body, ...rest } = content
    expect(rest).toEqual({
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      type: "AdaptiveCard",
      version: "1.4",
      msteams: { width: "Full" }
    })
    expect(actions).toEqual([{ type: "Action.OpenUrl", title: "Open the run", url: runLink }])
    expect(body.map(({ inlines: [run], type }) => [type, run])).toEqual([
      ["RichTextBlock", { type: "TextRun", text: "New", weight: "bolder", size: "large" }],
      ...[
        ["Run 1 failed: \"a & b\""],
        ["It is failed."],
        [""],
        ["Failed nodes", "bolder"],
        ["• one two"],
        ["\u00a0\u00a0detail"],
        ["• three"],
        ["\u00a0\u00a0SQL:"],
        ["\u00a0\u00a0\"SELECT 1\""],
        ["\u00a0\u00a0\"FROM x\""],
        ["and 2 more"],
        ["• bare"],
        ["Blocked: a b, c and 1 more"],
        ["d"]
      ].map((
        [text, weight]
      ) => ["RichTextBlock", { type: "TextRun", text, ...(weight === undefined ? {} : { weight }) }])
    ])
    expect(Teams.payload(noLink).attachments[0].content.actions).toEqual([])
  })

  it("of Teams makes nothing of templates and mentions", () => {
    const saying = (text: string) =>
      Teams.payload({ ...noLink, report: { ...report, headline: [text] } }).attachments[0].content.body[1]?.inlines[0]
        ?.text
    expect(saying("{{a}} {b} ${c} $d <at>e</at> <AT>f <atom>")).toBe("{ {a}} {b} $ {c} $d < at>e< /at> < AT>f <atom>")
  })

  it("of PagerDuty is an event with the lines of the report", () => {
    expect(PagerDuty.payload(message, "eu")).toEqual({
      event_action: "trigger",
      dedup_key: "i",
      payload: {
        summary: "Run 1 failed: \"a & b\"",
        source: "eu",
        severity: "critical",
        timestamp: "2026-11-03T02:00:00.000Z",
        component: "Nightly",
        group: "3",
        class: "lock",
        custom_details: {
          status: "New",
          failures: 1,
          since: "2026-11-03T02:00:00.000Z",
          report: [
            "It is failed.",
            "",
            "Failed nodes",
            "  • one two",
            "    detail",
            "  • three",
            "    SQL:",
            "    \"SELECT 1\"",
            "    \"FROM x\"",
            "  and 2 more",
            "  • bare",
            "Blocked: a b, c and 1 more",
            "d"
          ]
        }
      },
      client: "coalesce-runs",
      links: [{ href: runLink, text: "Open the run" }]
    })
  })

  it("of PagerDuty names the job by its name or its id, and what is absent not at all", () => {
    const at = utc("2026-11-03T02:00")
    const of = (message: Parameters<typeof messageOf>[1]) => PagerDuty.payload(messageOf(at, message)).payload
    expect(of({ jobs: [{ jobID: 15 }] }).component).toBe("job 15")
    expect(Object.keys(of({ jobs: [{}] }))).not.toContain("component")
    expect(Object.keys(of({ jobs: [] }))).not.toContain("component")
    expect(of({ jobs: [{ jobName: `a\n${"b".repeat(300)}` }] }).component).toMatch(/^a b{197}…$/)
    const { environmentID: _, ...nowhere } = messageOf(at, {})
    expect(Object.keys(PagerDuty.payload(nowhere).payload)).not.toContain("group")
    expect(of({ kind: "late" })).toMatchObject({ class: "late", source: "coalesce-runs" })
    expect(PagerDuty.payload(noText).payload.summary).toBe("New")
    expect(PagerDuty.payload(noText).links).toEqual([])
    expect(PagerDuty.payload(messageOf(at, { status: "updated" })).event_action).toBe("trigger")
    expect(PagerDuty.payload(messageOf(at, { status: "resolved" })).event_action).toBe("resolve")
    expect(PagerDuty.payload({ ...message, incidentID: "i".repeat(300) }).dedup_key).toHaveLength(255)
  })
})
