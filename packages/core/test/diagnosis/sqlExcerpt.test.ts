import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { excerpt, type Fault } from "../../src/diagnosis/sqlExcerpt.ts"
import { make } from "../../src/report/words.ts"

const words = make()
const excerptOf = (sql: string, fault: Fault = {}, max = 420) => excerpt(sql, fault, max, words)

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n")

describe("an excerpt of SQL", () => {
  it("has the line that Snowflake names, and two on either side", () => {
    expect(excerptOf(lines(20), { line: 8, position: 2 })).toEqual({
      title: [`SQL (lines 6–10 of 20, ${150 - 35} characters cut)`],
      lines: ["line 6", "line 7", "line 8", "line 9", "line 10"],
      faultIndex: 2
    })
    expect(excerptOf(lines(20), { line: 1 })).toMatchObject({ lines: ["line 1", "line 2", "line 3"], faultIndex: 0 })
    expect(excerptOf(lines(3), { line: 3 })).toEqual({
      title: ["SQL (lines 1–3 of 3)"],
      lines: ["line 1", "line 2", "line 3"],
      faultIndex: 2
    })
  })

  it("has only as many lines around the fault as fit, and always the line at fault", () => {
    const shown = (max: number) => excerptOf(lines(20), { line: 8 }, max)?.lines
    expect(shown(6)).toEqual(["line 8"])
    expect(shown(12)).toEqual(["line 7", "line 8"])
    expect(shown(18)).toEqual(["line 7", "line 8", "line 9"])
    expect(shown(3)).toHaveLength(1)
  })

  it("shows a long line around the position, whatever its indentation", () => {
    const sql = `SELECT\n${"a".repeat(500)}HERE${"b".repeat(500)}\nFROM T`
    const found = excerptOf(sql, { line: 2, position: 500 })
    expect(found?.lines).toEqual([
      "SELECT",
      `…${"a".repeat(80)}HERE${"b".repeat(76)}…[844 characters cut]…`,
      "FROM T"
    ])
    expect(found?.title).toEqual(["SQL (lines 1–3 of 3, 844 characters cut)"])
    const indented = `SELECT\n${" ".repeat(30)}${"a".repeat(500)}HERE${"b".repeat(500)}\nFROM T`
    expect(excerptOf(indented, { line: 2, position: 530 })?.lines).toEqual(found?.lines)
  })

  const wide = [
    `INSERT INTO "MART"."DIM_ORDER" (`,
    ...Array.from({ length: 40 }, (_, index) => `  "COLUMN_${index}",`),
    `  "ORDER_ID"`,
    ")",
    "SELECT",
    ...Array.from({ length: 40 }, (_, index) => `  "SRC"."COLUMN_${index}",`),
    `  "SRC"."ORDER_ID" AS "ORDER_ID"`,
    `FROM "STG"."ORDERS" "SRC"`,
    `WHERE "SRC"."AMOUNT" > 0`
  ].join("\n")

  it("has the line that names the object of the message, if the message gives no line or another", () => {
    const shown = (fault: Fault) => {
      const found = excerptOf(wide, fault)
      return found?.lines[found.faultIndex ?? -1]
    }
    const select = `"SRC"."ORDER_ID" AS "ORDER_ID"`
    expect(shown({ object: "SRC.ORDER_ID" })).toBe(select)
    expect(shown({ object: "ORDER_ID", line: 60 })).toBe(select)
    expect(shown({ object: "STG.ORDERS" })).toBe(`FROM "STG"."ORDERS" "SRC"`)
    // The line of the message names it as well.
    expect(shown({ object: "ORDER_ID", line: 42 })).toBe(`"ORDER_ID"`)
    expect(shown({ object: "RAW.OTHER", line: 3 })).toBe(`"COLUMN_1",`)
  })

  it("is the FROM and the WHERE, if no line is at fault", () => {
    for (const fault of [{}, { line: 700 }, { line: 0 }, { object: "RAW.OTHER" }]) {
      expect(excerptOf(wide, fault)).toEqual({
        title: ["SQL (FROM and WHERE of 87 lines)"],
        lines: [`FROM "STG"."ORDERS" "SRC" WHERE "SRC"."AMOUNT" > 0`]
      })
    }
    expect(excerptOf(wide.replaceAll("\n", " "), {})?.lines).toEqual([
      `FROM "STG"."ORDERS" "SRC" WHERE "SRC"."AMOUNT" > 0`
    ])
  })

  it("is the whole of a short statement, and never a list of columns cut in two", () => {
    expect(excerptOf("SELECT A\nFROM T")).toEqual({ title: ["SQL (2 lines)"], lines: ["SELECT A FROM T"] })
    expect(excerptOf(" \n ")).toBeUndefined()
    const columns = Array.from({ length: 200 }, (_, index) => `COLUMN_${index} NUMBER`).join(", ")
    expect(excerptOf(`CREATE TABLE A.B.C (${columns})`)?.lines).toEqual(["CREATE TABLE A.B.C ( …"])
    const sql = `BEGIN ${"x".repeat(2000)} END`
    const [, head = "", cut, tail = ""] =
      /^(BEGIN x+)…\[(\d+) characters cut\]…(x+ END)$/.exec(excerptOf(sql)?.lines[0] ?? "") ?? []
    expect(head.length + Number(cut) + tail.length).toBe(sql.length)
  })

  it("has the line at fault alone in a list of columns, and beside a list the lines that are not of it", () => {
    const columns = ["SELECT", "  A,", "  B + 'x',", "  C", "FROM T", "JOIN U ON U.ID = T.ID", "WHERE T.D > 1"]
    const shown = (line: number, sql = columns) => excerptOf(sql.join("\n"), { line })?.lines
    expect(shown(2)).toEqual(["A,"])
    expect(shown(3)).toEqual(["B + 'x',"])
    expect(shown(4)).toEqual(["C"])
    expect(shown(5)).toEqual(["FROM T", "JOIN U ON U.ID = T.ID", "WHERE T.D > 1"])
    expect(shown(6)).toEqual(["FROM T", "JOIN U ON U.ID = T.ID", "WHERE T.D > 1"])
    const leading = ["SELECT", "  A", "  , B", "  , C", "FROM T", "WHERE T.D > 1"]
    expect([2, 3, 4].map((line) => shown(line, leading))).toEqual([["A"], [", B"], [", C"]])
    expect(shown(5, leading)).toEqual(["FROM T", "WHERE T.D > 1"])
  })

  it("is bounded and quick, whatever the statement", () => {
    const statement = FastCheck.array(
      FastCheck.constantFrom("SELECT", "\n", "\r\n", " ", "key_id", "=", "'", "x".repeat(400), "é", "PASSWORD='a'"),
      { maxLength: 4000, size: "max" }
    ).map((parts) => parts.join(""))
    FastCheck.assert(
      FastCheck.property(
        statement,
        FastCheck.option(FastCheck.integer({ min: 1, max: 50 }), { nil: undefined }),
        FastCheck.integer({ min: 0, max: 5000 }),
        (sql, line, position) => {
          // Time of the processor: what else the machine does does not count.
          const before = process.cpuUsage()
          const found = excerptOf(sql, { line, position })
          expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
          // Markers of what was cut within a line come on top.
          const shown = (found?.lines ?? []).join("").replaceAll(/…\[\d+ characters cut\]…/g, "")
          expect(shown.length).toBeLessThanOrEqual(420)
          for (const one of found?.lines ?? []) expect(one).not.toMatch(/[\r\n]/)
          if (found?.faultIndex !== undefined) {
            expect(found.lines[found.faultIndex]?.slice(0, 1)).toBe(
              sql.split(/\r\n?|\n/)[(line ?? 0) - 1]?.trim().slice(0, 1) === found.lines[found.faultIndex]?.slice(0, 1)
                ? found.lines[found.faultIndex]?.slice(0, 1)
                : "…"
            )
          }
        }
      ),
      { numRuns: 100 }
    )
  })
})
