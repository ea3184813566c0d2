import { assert, describe, it } from "@effect/vitest"
import { Report } from "../../src/index.ts"

const lineOf = (...line: Report.Line) => Report.toMarkdown({ headline: line, lines: [], sections: [], nextSteps: [] })

const sectionOf = (section: Report.Report["sections"][number]) =>
  Report.toMarkdown({ headline: [], lines: [], sections: [section], nextSteps: [] }).split("\n").slice(2)

describe("Report.toMarkdown", () => {
  it.each([
    ["https://a.example and HTTP://b.example", "https\\://a.example and HTTP\\://b.example"],
    ["www.a.example", "www\\.a.example"],
    ["ftp://a.example", "ftp://a.example"],
    ["a_b * c", "a\\_b \\* c"]
  ])("shows %j as words, never as a link", (text, shown) => {
    assert.strictEqual(lineOf(text), shown)
    assert.strictEqual(lineOf({ quote: text }), `"${shown}"`)
    assert.strictEqual(lineOf({ status: text }), `**${shown}**`)
  })

  it.each([
    ["orders", "`orders`"],
    ["a`b", "`` a`b ``"],
    ["a``b`c", "``` a``b`c ```"]
  ])("shows the name %j as code that it cannot end", (name, shown) => {
    assert.strictEqual(lineOf({ name }), shown)
  })

  it.each([
    ["https://a.example/1", "<https://a.example/1>"],
    ["http://a.example", "<http://a.example>"],
    ["https://a.example/ b", "https\\://a.example/ b"],
    ["https://a.example/>", "https\\://a.example/\\>"],
    ["javascript:alert(1) https://a.example", "javascript:alert(1) https\\://a.example"]
  ])("links %j only where it is the address of a page", (link, shown) => {
    assert.strictEqual(lineOf({ link }), shown)
  })

  it("shows a call as code that its arguments cannot end", () => {
    const nextSteps = [{ action: "list", arguments: { job: "a```b``" }, why: "what it did" } as const]
    assert.include(
      Report.toMarkdown({ headline: [], lines: [], sections: [], nextSteps }),
      "- ```` list {\"job\":\"a```b``\"} ```` what it did"
    )
  })

  it("shows SQL between backticks that it cannot end", () => {
    const sql = { title: ["SQL"], lines: ["SELECT ````", "`x`"], faultIndex: 1 }
    assert.deepStrictEqual(sectionOf({ layout: "list", rows: [{ cells: [["r"]], sql }] }), [
      "- r",
      "  SQL:",
      "",
      "  ```sql",
      "  SELECT '''",
      "  `x` -- at fault",
      "  ```"
    ])
  })

  it("shows a list in a line, with or without a title and a rest", () => {
    const rows = [{ cells: [["a"], ["b"]] }, { cells: [["c"]] }]
    assert.deepStrictEqual(sectionOf({ title: ["T"], layout: "inline", rows, more: ["3 more"] }), [
      "**T:** a b, c and 3 more"
    ])
    assert.deepStrictEqual(sectionOf({ layout: "inline", rows }), ["a b, c"])
  })
})

describe("Report.toText", () => {
  it("shows a list in a line, with or without a title and a rest", () => {
    const textOf = (section: Report.Report["sections"][number]) =>
      Report.toText({ headline: ["H"], lines: [], sections: [section], nextSteps: [] })
    const rows = [{ cells: [["a"], ["b"]] }, { cells: [["c"]] }]
    assert.strictEqual(textOf({ title: ["T"], layout: "inline", rows, more: ["3 more"] }), "H\nT: a b, c and 3 more")
    assert.strictEqual(textOf({ layout: "inline", rows }), "H\na b, c")
  })
})
