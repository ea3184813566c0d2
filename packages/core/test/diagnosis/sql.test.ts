import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { excerpt } from "../../src/diagnosis/sql.ts"

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n")

describe("SQL around a fault", () => {
  it("is the line that Snowflake names, and two on either side", () => {
    expect(excerpt(lines(20), { line: 8, position: 2 })).toEqual({
      text: "line 6\nline 7\nline 8\nline 9\nline 10",
      fromLine: 6,
      faultLine: 8,
      totalLines: 20,
      totalCharacters: 150,
      cutCharacters: 150 - 35
    })
    expect(excerpt(lines(20), { line: 1 })).toMatchObject({ text: "line 1\nline 2\nline 3", fromLine: 1, faultLine: 1 })
    expect(excerpt(lines(3), { line: 3 })).toMatchObject({
      text: lines(3),
      fromLine: 1,
      faultLine: 3,
      cutCharacters: 0
    })
  })

  it("shows a long line around the position", () => {
    const sql = `SELECT\n${"a".repeat(500)}HERE${"b".repeat(500)}\nFROM T`
    const { cutCharacters, text } = excerpt(sql, { line: 2, position: 500 })
    expect(text).toBe(
      `SELECT\n[… 420 characters cut …]${"a".repeat(80)}HERE${"b".repeat(76)}[… 424 characters cut …]\nFROM T`
    )
    expect(cutCharacters).toBe(844)
  })

  it("is the two ends where there is no such line", () => {
    const sql = `BEGIN ${"x".repeat(2000)} END`
    for (const fault of [undefined, {}, { line: 7 }, { line: 0 }]) {
      expect(excerpt(sql, fault)).toEqual({
        text: `${sql.slice(0, 360)}\n[… 1490 characters cut …]\n${sql.slice(-160)}`,
        fromLine: 1,
        totalLines: 1,
        totalCharacters: 2010,
        cutCharacters: 1490
      })
    }
    expect(excerpt("SELECT 1").text).toBe("SELECT 1")
  })

  it("shows no key and no password", () => {
    const { text } = excerpt(
      "COPY INTO T FROM 's3://b' CREDENTIALS = (AWS_KEY_ID='AKIA123' AWS_SECRET_KEY = 'it''s secret' )\n" +
        "ALTER USER U SET PASSWORD='pa\\'ss'; CALL P(API_TOKEN => 'abc"
    )
    for (const secret of ["AKIA123", "it''s", "secret'", "pa\\'ss", "abc"]) expect(text).not.toContain(secret)
    expect(text).toContain("AWS_SECRET_KEY = '***'")
    expect(text).toContain("'s3://b'")
  })

  it("is bounded, counts what it cuts and is quick, whatever the statement", () => {
    const statement = FastCheck.array(
      FastCheck.constantFrom("SELECT", "\n", "\r\n", " ", "key_id", "=", "'", "x".repeat(400), "é", "PASSWORD='a'"),
      { maxLength: 4000, size: "max" }
    ).map((parts) => parts.join(""))
    FastCheck.assert(
      FastCheck.property(
        statement,
        FastCheck.option(FastCheck.integer({ min: 0, max: 50 }), { nil: undefined }),
        FastCheck.integer({ min: 0, max: 5000 }),
        (sql, line, position) => {
          const before = performance.now()
          const { cutCharacters, text, totalCharacters } = excerpt(sql, { line, position })
          expect(performance.now() - before).toBeLessThan(1000)
          expect(text.length).toBeLessThan(1200)
          const notes = text.match(/\n?\[… \d+ characters cut …\](?:\n(?=[^]{160}$))?/g) ?? []
          if (line === undefined || cutCharacters === 0) {
            expect(text.length - notes.join("").length + cutCharacters).toBe(totalCharacters)
          }
        }
      ),
      { numRuns: 100 }
    )
  })
})
