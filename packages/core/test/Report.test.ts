import { Report } from "@coalesce-runs/core"
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"

const report: Report.Report = {
  headline: Report.line`Run ${1202} ${{ status: "failed" }}: refresh ${{ quote: "Daily \"sales\"" }} in env ${{
    name: "3"
  }}.`,
  lines: [Report.line`Why: ${{ name: "DIM ORDER" }}: ${{ quote: "invalid identifier 'X'" }}.`],
  sections: [
    {
      title: ["Failed nodes"],
      layout: "list",
      rows: [{
        cells: [[{ name: "DIM_ORDER" }]],
        details: [["stage ", { quote: "Insert" }]],
        sql: { title: ["SQL (lines 6–7 of 12)"], lines: ["SELECT", "\"SRC\".\"ORDER_ID\""], faultIndex: 1 }
      }],
      more: ["2 more"]
    },
    {
      title: ["Blocked (5)"],
      layout: "inline",
      rows: [{ cells: [[{ name: "FCT_SALES" }]] }, { cells: [[{ name: "RPT" }]] }],
      more: ["3 more"]
    },
    {
      layout: "table",
      rows: [
        { cells: [["1202"], [{ status: "failed" }], ["03:48"]] },
        { cells: [["7"], [{ status: "completed" }], []] }
      ]
    },
    { layout: "table", rows: [{ cells: [["Page: ", { link: "https://app.example/runs/1202" }]] }] }
  ],
  nextSteps: [{ action: "diagnose", arguments: { runID: 1203 }, why: "why it failed again" }]
}

describe("Report.toText", () => {
  it("renders each part in one form, and quotes text of the API", () => {
    expect(Report.toText(report)).toBe(`Run 1202 failed: refresh "Daily \\"sales\\"" in env 3.
Why: "DIM ORDER": "invalid identifier 'X'".
Failed nodes:
- DIM_ORDER
   stage "Insert"
   SQL (lines 6–7 of 12):
   | SELECT
   > "SRC"."ORDER_ID"
- and 2 more
Blocked (5): FCT_SALES, RPT and 3 more
1202 failed 03:48
7 completed
Page: https://app.example/runs/1202
Next: diagnose {"runID":1203} why it failed again`)
  })

  it("names next steps as the caller says", () => {
    const text = Report.toText(report, {
      nameCall: ({ arguments: { runID } }) => `coalesce-runs diagnose ${JSON.stringify(runID)}`
    })
    expect(text).toContain("\nNext: coalesce-runs diagnose 1203 why it failed again")
  })
})

describe("Report.toMarkdown", () => {
  it("renders each part, with code for names and SQL", () => {
    expect(Report.toMarkdown(report)).toBe(`Run 1202 **failed**: refresh "Daily \\\\"sales\\\\"" in env \`3\`.

Why: \`DIM ORDER\`: "invalid identifier 'X'".

**Failed nodes**

- \`DIM_ORDER\`
  - stage "Insert"
  SQL (lines 6–7 of 12):

  \`\`\`sql
  SELECT
  "SRC"."ORDER_ID" -- at fault
  \`\`\`
- and 2 more

**Blocked (5):** \`FCT_SALES\`, \`RPT\` and 3 more

- 1202 **failed** 03:48
- 7 **completed**

- Page: <https://app.example/runs/1202>

**Next**

- \`diagnose {"runID":1203}\` why it failed again`)
  })

  it.each([
    "*bold*",
    "[x](https://evil.example)",
    "<img src=x>",
    "@everyone",
    "`code`",
    "# title",
    "a\nb",
    "![i](u)",
    "https://evil.example",
    "www.evil.example"
  ])(
    "escapes %j",
    (text) => {
      const shown = Report.toMarkdown({
        headline: [{ quote: text }, { name: text }, { status: text }],
        lines: [],
        sections: [],
        nextSteps: []
      })
      const outsideCode = shown.replace(/(`+)[^]*?\1/g, "").replaceAll("**", "")
      expect(outsideCode).not.toMatch(/(?<!\\)[*[\]<@`#!]|\n|https?:\/|www\./)
    }
  )
})

describe("Report.toTerminal", () => {
  it("aligns tables", () => {
    expect(Report.toTerminal(report)).toContain("\n1202  failed     03:48\n7     completed\n")
  })

  it("wraps at its width, and breaks no word", () => {
    const long = { ...report, lines: [[`${"word ".repeat(60)}end`]] }
    const lines = Report.toTerminal(long, { width: 40 }).split("\n").filter((line) => line.includes("word"))
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(lines.join(" ").match(/word/g)).toHaveLength(60)
  })

  it("wraps the rows of a table too, below their last column", () => {
    const rows = [1202, 7].map((id) => ({
      cells: [[String(id)], [{ status: "failed" }], [{ quote: "word ".repeat(20) }]]
    }))
    const sections: Report.Report["sections"] = [{ layout: "table", rows }]
    const lines = Report.toTerminal({ ...report, sections }, { width: 50 }).split("\n").filter((one) =>
      one.includes("word")
    )
    expect(lines.length).toBeGreaterThanOrEqual(6)
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(50)
      expect(line).toMatch(/^(?:1202  failed  |7     failed  | {14})"?word /)
    }
  })

  it("colors statuses only if color is wanted", () => {
    expect(Report.toTerminal(report)).not.toContain("\u001b")
    expect(Report.toTerminal(report, { color: true })).toContain("\u001b[1;31mfailed\u001b[0m")
    expect(Report.toTerminal(report, { color: true })).toContain("\u001b[32mcompleted\u001b[0m")
  })

  it("has one escape sequence for words of one color, not one for each", () => {
    const bold = Report.toTerminal({ ...report, headline: ["one two three"], lines: [] }, { color: true })
    expect(bold.split("\n")[0]).toBe("\u001b[1mone two three\u001b[0m")
  })

  it("sends no control characters from text of the API", () => {
    const hostile = { ...report, headline: [{ name: "\u001b[2J\u0007x\ny" }, { quote: "\u001b]0;t\u0007" }] }
    expect(Report.toTerminal(hostile)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })
})

describe("Report", () => {
  it("encodes to JSON and back", () => {
    const json = Schema.encodeUnknownSync(Report.Report)(report)
    expect(Schema.decodeUnknownSync(Report.Report)(JSON.parse(JSON.stringify(json)))).toEqual(report)
  })

  it("names five calls in its next steps", () => {
    const actions = ["check", "diagnose", "inspect", "list", "summarize"] as const
    const nextSteps = actions.map((action) => ({ action, arguments: {}, why: "" }))
    expect(Schema.is(Report.Report)({ ...report, nextSteps })).toBe(true)
    expect(Schema.is(Report.Report)({ ...report, nextSteps: [{ action: "cancel", arguments: {}, why: "" }] })).toBe(
      false
    )
  })

  it.each<[part: string, wrong: object]>([
    ["a quotation", { headline: [{ quote: 5 }] }],
    ["a name", { headline: [{ name: 5 }] }],
    ["a status", { headline: [{ status: 5 }] }],
    ["a link", { headline: [{ link: 5 }] }],
    ["SQL", { sections: [{ layout: "list", rows: [{ cells: [], sql: {} }] }] }],
    ["a row", { sections: [{ layout: "list", rows: [{}] }] }],
    ["a section", { sections: [{ layout: "grid", rows: [] }] }],
    ["a section without rows", { sections: [{ layout: "list" }] }],
    ["a next step", { nextSteps: [{ action: "check" }] }],
    ["lines", { lines: undefined }]
  ])("refuses %s of another form", (_, wrong) => {
    expect(Schema.is(Report.Report)({ ...report, ...wrong })).toBe(false)
  })

  it("inserts lines, numbers and spans, and joins neighboring words", () => {
    const name = { name: "b" }
    expect(Report.line`a ${["c ", name, " d"]}${3}${name}${undefined}.`).toEqual(["a c ", name, " d3", name, "."])
    expect(Report.line``).toEqual([])
    expect(Report.join([[name], [], ["a"], ["b"]], "")).toEqual([name, "ab"])
    expect(Report.join([], ", ")).toEqual([])
  })

  it("joins lines and leaves out what is undefined", () => {
    expect(Report.line`a${undefined}b${""}`).toEqual(["ab"])
    expect(Report.join([["a"], [{ name: "b" }]], ", ")).toEqual(["a, ", { name: "b" }])
  })
})
