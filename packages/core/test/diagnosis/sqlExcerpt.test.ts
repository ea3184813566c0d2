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
    expect(excerptOf(lines(20), { line: 8 }, 6)).toEqual({
      title: ["SQL (line 8 of 20, 144 characters cut)"],
      lines: ["line 8"],
      faultIndex: 0
    })
    expect(excerptOf(lines(20), { line: 8 }, 12)).toEqual({
      title: ["SQL (lines 7–8 of 20, 137 characters cut)"],
      lines: ["line 7", "line 8"],
      faultIndex: 1
    })
    // The line below does not fit, and the second above does.
    expect(excerptOf(`A1\nA2\nFAULT\n${"x".repeat(60)}\nB2`, { line: 3 }, 40)?.lines).toEqual(["A1", "A2", "FAULT"])
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

  it("shows the beginning of long lines around the fault, and counts no indentation as cut", () => {
    const long = `SELECT ${"a".repeat(300)}`
    const found = excerptOf(`${long}\n${"b".repeat(400)}`, { line: 2, position: 390 })
    expect(found?.lines[0]).toMatch(/^SELECT a/)
    expect(found?.faultIndex).toBe(1)
    const indented = `SELECT\n${" ".repeat(100)}${"a".repeat(100)}\nFROM T`
    expect(excerptOf(indented, { line: 2 })?.title).toEqual(["SQL (lines 1–3 of 3)"])
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

  it("has the nearest of several such lines, and one before the SELECT only if no other names it", () => {
    const shown = (sql: ReadonlyArray<string>, fault: Fault) => {
      const found = excerptOf(sql.join("\n"), fault)
      return found?.lines[found.faultIndex ?? -1]
    }
    expect(shown(["INSERT INTO T (", "ID = 1", "X", "ID = 2", ")", "SELECT 1"], { object: "ID" })).toBe("ID = 2")
    const two = ["SELECT 1", "WHERE ID = 1", "AND X", "AND Y", "AND Z", "AND ID = 2"]
    expect(shown(two, { object: "ID" })).toBe("WHERE ID = 1")
    expect(shown(two, { object: "ID", line: 4 })).toBe("WHERE ID = 1")
    expect(shown(two, { object: "ID", line: 5 })).toBe("AND ID = 2")
    expect(shown(["SELECT ID", "FROM T", "WHERE ID > 1"], { object: "ID" })).toBe("SELECT ID")
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
    // At most 160 characters are a short statement, without the blanks around it, and no more than fit.
    const select = (length: number) => `SELECT ${"A".repeat(length - 14)} FROM T`
    const shown = (sql: string, max?: number) => excerptOf(sql, {}, max)?.lines[0]
    expect(shown(`${"\n".repeat(200)}${select(160)}`)).toBe(select(160))
    expect(shown(select(161))).toBe("FROM T")
    expect(shown(select(160), 159)).toBe("FROM T")
    expect(shown(select(159), 159)).toBe(select(159))
    // Without a FROM it is the whole, as long as it fits, or its beginning up to a list that comes soon.
    const call = (name: number, length: number) => `CALL ${"F".repeat(name)}(${"A".repeat(length - name - 7)})`
    expect(shown(call(10, 420))).toBe(call(10, 420))
    expect(shown(call(10, 421))).toBe("CALL FFFFFFFFFF( …")
    expect(shown(call(300, 500))).toMatch(/^CALL F+…\[\d+ characters cut\]…F+\(A+\)$/)
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
    // A comma inside a line makes no list, and one behind which are blanks does.
    const calls = ["SELECT 1", "WHERE F(A,B)", "AND G(A, B)"]
    expect(shown(2, calls)).toEqual(calls)
    expect(shown(2, ["SELECT", "A,  ", "B"])).toEqual(["A,"])
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
