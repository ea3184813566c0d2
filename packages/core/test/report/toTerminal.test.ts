import { assert, describe, it } from "@effect/vitest"
import { Report } from "../../src/index.ts"

const empty: Report.Report = { headline: [], lines: [], sections: [], nextSteps: [] }

const terminal = (parts: Partial<Report.Report>, options?: Report.TerminalOptions) =>
  Report.toTerminal({ ...empty, ...parts }, options)

/** What follows a headline without words, and the empty line before a section. */
const sectionOf = (section: Report.Report["sections"][number], options?: Report.TerminalOptions) =>
  terminal({ sections: [section] }, options).split("\n").slice(2)

const list: Report.Report["sections"][number] = {
  title: ["Failed nodes"],
  layout: "list",
  rows: [
    {
      cells: [[{ name: "DIM_ORDER" }]],
      details: [["stage ", { quote: "Insert" }]],
      sql: { title: ["SQL (lines 6–7 of 12)"], lines: ["SELECT", "\"SRC\".\"ORDER_ID\""], faultIndex: 1 }
    },
    { cells: [[{ name: "RPT" }]] }
  ],
  more: ["2 more"]
}

const report: Report.Report = {
  headline: ["Run 1202 ", { status: "failed" }, "."],
  lines: [["Why: ", { quote: "no such table" }], ["Then ", { status: "canceled" }, ", ", {
    status: "running"
  }]],
  sections: [list, { layout: "table", rows: [{ cells: [["Page: "], [{ link: "https://app.example/1202" }]] }] }],
  nextSteps: [{ action: "diagnose", arguments: { runID: 1203 }, why: "why it failed again" }]
}

describe("Report.toTerminal", () => {
  it("shows each part of a report", () => {
    assert.strictEqual(
      Report.toTerminal(report),
      `Run 1202 failed.
Why: "no such table"
Then canceled, running

Failed nodes:
- DIM_ORDER
    stage "Insert"
    SQL (lines 6–7 of 12):
    | SELECT
    > "SRC"."ORDER_ID"
- RPT
- and 2 more

Page:   https://app.example/1202

> diagnose {"runID":1203}  why it failed again`
    )
  })

  it("colors each part of a report, and nothing that has no color", () => {
    assert.strictEqual(
      Report.toTerminal(report, { color: true }).replaceAll("\u001b", "~"),
      `~[1mRun 1202 ~[0m~[1;31mfailed~[0m~[1m.~[0m
Why: "no such table"
Then ~[33mcanceled~[0m, ~[36mrunning~[0m

~[1mFailed nodes:~[0m
- DIM_ORDER
    ~[2mstage "Insert"~[0m
    ~[2mSQL (lines 6–7 of 12):~[0m
    ~[2m| SELECT~[0m
    ~[31m> "SRC"."ORDER_ID"~[0m
- RPT
- ~[2mand 2 more~[0m

Page:   ~[36mhttps://app.example/1202~[0m

> ~[36mdiagnose {"runID":1203}~[0m~[2m  why it failed again~[0m`
    )
  })

  it("shows a report of a headline alone, and one without words", () => {
    assert.strictEqual(terminal({ headline: ["Nothing failed."] }), "Nothing failed.")
    assert.strictEqual(terminal({}, { color: true }), "")
  })

  it("names next steps as the caller says", () => {
    const shown = terminal({ nextSteps: report.nextSteps }, { nameCall: ({ action }) => `coalesce-runs ${action}` })
    assert.strictEqual(shown, "\n\n> coalesce-runs diagnose  why it failed again")
  })
})

describe("the sections of a terminal", () => {
  const rows = [{ cells: [["a"], ["b"]] }, { cells: [["c"]] }]

  it("stand in one line where they are inline, with or without a title and a rest", () => {
    assert.deepStrictEqual(sectionOf({ title: ["T"], layout: "inline", rows, more: ["3 more"] }), [
      "T: a b, c and 3 more"
    ])
    assert.deepStrictEqual(sectionOf({ layout: "inline", rows }), ["a b, c"])
  })

  it("have a bullet for each row of a list, and none in a table", () => {
    assert.deepStrictEqual(sectionOf({ layout: "list", rows, more: ["1 more"] }), ["- a  b", "- c", "- and 1 more"])
    assert.deepStrictEqual(sectionOf({ layout: "table", rows: [], more: ["1 more"] }), ["and 1 more"])
  })

  it("align the cells of a table, also where one is missing", () => {
    const table = [{ cells: [["abc"], [], ["x"]] }, { cells: [["d"], ["ef"]] }, { cells: [] }]
    assert.deepStrictEqual(sectionOf({ layout: "table", rows: table }), ["abc      x", "d    ef", ""])
  })
})

describe("the lines of a terminal", () => {
  const wrapped = (line: Report.Line, width = 20) => terminal({ lines: [line] }, { width }).split("\n").slice(1)

  it("are as long as the width, and no longer", () => {
    assert.deepStrictEqual(wrapped(["aaaaaaaaaa bbbbbbbbb cc"]), ["aaaaaaaaaa bbbbbbbbb", "  cc"])
    assert.deepStrictEqual(wrapped(["aaaaaaaaaa bbbbbbbbbb cc"]), ["aaaaaaaaaa", "  bbbbbbbbbb cc"])
  })

  it("break at blanks alone, so that a long address stays whole", () => {
    const long = "x".repeat(30)
    assert.deepStrictEqual(wrapped(["aa ", { name: "bb" }, "cc ", long, " d"]), ["aa bbcc", `  ${long}`, "  d"])
    assert.deepStrictEqual(wrapped(["aaaaaaaaaa ", { name: "bbbbb" }, "ccccccc"]), ["aaaaaaaaaa bbbbbccccccc"])
    assert.deepStrictEqual(wrapped([long]), [long])
    assert.deepStrictEqual(wrapped(["aaaaaaaaaa ", "", "bbbbbbbbbbb"]), ["aaaaaaaaaa", "  bbbbbbbbbbb"])
  })

  it("have at least 20 columns, and 100 by default", () => {
    assert.deepStrictEqual(wrapped(["aaaaaaaaaa bbbbbbbbb cc"], 1), ["aaaaaaaaaa bbbbbbbbb", "  cc"])
    const [first = ""] = wrapped(["word ".repeat(40)], 100)
    assert.strictEqual(first.length, 99)
    assert.strictEqual(terminal({ lines: [["word ".repeat(40)]] }).split("\n")[1], first)
  })

  it("are refused without a width", () => {
    for (const width of [0, -1]) assert.throws(() => terminal({}, { width }), "`width`: Expected a number of columns")
  })

  it("count a bullet, and go on below its text", () => {
    const details = [["dddddddddd eeeeeee fffffff"]]
    const rows = [{ cells: [["aaaaaaaaaa bbbbbbbbb cc"]], details }]
    assert.deepStrictEqual(sectionOf({ title: ["one two three four fives"], layout: "list", rows }, { width: 23 }), [
      "one two three four",
      "  fives:",
      "- aaaaaaaaaa bbbbbbbbb",
      "  cc",
      "    dddddddddd eeeeeee",
      "    fffffff"
    ])
  })

  it("go on below the last column of a table, where that leaves half of the width", () => {
    const below = (first: number) =>
      sectionOf({ layout: "table", rows: [{ cells: [["a".repeat(first)], ["bbbbbbbbbb ccccccccc dd"]] }] }, {
        width: 40
      })
    assert.deepStrictEqual(below(18), [`${"a".repeat(18)}  bbbbbbbbbb ccccccccc`, `${" ".repeat(20)}dd`])
    assert.deepStrictEqual(below(19), [`${"a".repeat(19)}  bbbbbbbbbb`, "    ccccccccc dd"])
    assert.deepStrictEqual(sectionOf({ layout: "table", rows: [{ cells: [["x".repeat(30)]] }] }, { width: 20 }), [
      "x".repeat(30)
    ])
  })

  it("wrap what is not shown, the title of SQL, a list in a line, a headline and a next step", () => {
    const words = "aaaaaaaaaa bbbbbbbbbb cc"
    const sql = { title: [words], lines: ["SELECT"] }
    assert.deepStrictEqual(
      sectionOf({ layout: "list", rows: [{ cells: [["r"]], sql }], more: [words] }, { width: 20 }),
      ["- r", "    aaaaaaaaaa", "    bbbbbbbbbb cc:", "    | SELECT", "- and aaaaaaaaaa", "  bbbbbbbbbb cc"]
    )
    assert.deepStrictEqual(
      sectionOf({ title: ["T"], layout: "inline", rows: [{ cells: [[words]] }] }, { width: 20 }),
      ["T: aaaaaaaaaa", "  bbbbbbbbbb cc"]
    )
    const nextSteps = [{ action: "list", arguments: {}, why: words } as const]
    assert.deepStrictEqual(terminal({ headline: [words], nextSteps }, { width: 20 }).split("\n"), [
      "aaaaaaaaaa",
      "  bbbbbbbbbb cc",
      "",
      "> list {}  aaaaaaaaaa",
      "  bbbbbbbbbb cc"
    ])
  })
})
