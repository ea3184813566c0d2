// How the SQL of a stage differs from that of another run.
import { describe, expect, it } from "@effect/vitest"
import { sqlChange } from "../../src/inspection/sqlChange.ts"

const lines = (before: string, after: string) => sqlChange("Insert", before, after)?.lines

const onlyNumbers = (before: string, after: string) => sqlChange(undefined, before, after)?.onlyNumbers

const select = (...columns: ReadonlyArray<string>) => ["SELECT", ...columns, "FROM A"].join("\n")

describe("SQL that changed", () => {
  it("is none where at most its blanks and breaks of lines differ", () => {
    expect(sqlChange("Insert", "SELECT A", "SELECT A")).toBeUndefined()
    expect(sqlChange("Insert", "SELECT A\r\n  FROM B ", " SELECT\tA FROM  B")).toBeUndefined()
    expect(sqlChange("Insert", "SELECT AB", "SELECT A B")).toBeDefined()
  })

  it("is told line by line: what went, and what came in its place", () => {
    expect(sqlChange("Insert", select("ID,", "NAME"), select("ORDER_ID,", "NAME"))).toEqual({
      stage: "Insert",
      added: 1,
      removed: 1,
      lines: ["- ID,", "+ ORDER_ID,"],
      onlyNumbers: false
    })
    expect(sqlChange(undefined, select("ID"), select("ID,", "NAME", "CITY"))).toEqual({
      added: 3,
      removed: 1,
      lines: ["- ID", "+ ID,", "+ NAME", "+ CITY"],
      onlyNumbers: false
    })
    expect(lines(select("ID", "NAME", "CITY"), select("ID"))).toEqual(["- NAME", "- CITY"])
    expect(lines(select("ID"), select("ID", "NAME"))).toEqual(["+ NAME"])
    expect(lines("SELECT A", "SELECT A\nFROM B")).toEqual(["+ FROM B"])
    expect(lines("SELECT A\nFROM B", "SELECT A")).toEqual(["- FROM B"])
    expect(lines("FROM B", "SELECT A\nFROM B")).toEqual(["+ SELECT A"])
    expect(lines(select("A", "B", "C"), select("X", "B", "Y"))).toEqual(["- A", "+ X", "- C", "+ Y"])
  })

  it("takes every kind of line for one, and no blank line", () => {
    expect(lines("SELECT\rA\rFROM B", "SELECT\r\nC\n\n\nFROM B")).toEqual(["- A", "+ C"])
    expect(lines("SELECT A\n", "SELECT A,\n\n")).toEqual(["- SELECT A", "+ SELECT A,"])
  })

  it("shows at most 8 lines, and counts all", () => {
    const columns = (name: string) => Array.from({ length: 20 }, (_, index) => `${name}${"x".repeat(index)}`)
    const change = sqlChange("Insert", select(...columns("A")), select(...columns("B")))
    expect([change?.lines.length, change?.added, change?.removed]).toEqual([8, 20, 20])
  })

  it("shows a long line around its first difference", () => {
    const long = (middle: string) => `${"a".repeat(300)}${middle}${"b".repeat(300)}`
    const [before, after] = lines(long("OLD"), long("NEW")) ?? []
    expect(before).toMatch(/^- …a{60}OLDb{57}/)
    expect(after).toMatch(/^\+ …a{60}NEWb{57}/)
    // One that begins otherwise is shown from its beginning.
    expect(lines(`OLD${"b".repeat(300)}`, `NEW${"b".repeat(300)}`)?.[0]).toMatch(/^- OLDb{117}/)
    // One that only goes on is shown where it does.
    expect(lines("a".repeat(200), `${"a".repeat(200)}NEW`)?.[1]).toMatch(/aNEW$/)
  })

  it("has no lines where they are too many, or the text is too long, to be compared in time", () => {
    const columns = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}_${index}_X`)
    expect(sqlChange("Insert", select(...columns("A", 101)), select(...columns("B", 101)))).toEqual({
      stage: "Insert",
      lines: [],
      onlyNumbers: false
    })
    expect(sqlChange("Insert", select(...columns("A", 99)), select(...columns("B", 99)))?.added).toBe(99)
    const text = (length: number) => `SELECT ${"x".repeat(length - 7)}`
    expect(sqlChange(undefined, text(100_000), `${text(99_999)}y`)?.added).toBe(1)
    expect(sqlChange(undefined, text(100_001), `${text(99_999)}y`)).toEqual({ lines: [], onlyNumbers: false })
  })

  it("hides the values of keys and passwords", () => {
    const copy = (key: string) => `COPY INTO A\nCREDENTIALS = (AWS_SECRET_KEY = '${key}')`
    expect(JSON.stringify(sqlChange("Copy", copy("abc123secret"), `${copy("abc123secret")}\nFORCE = TRUE`))).not
      .toContain(
        "abc123secret"
      )
  })
})

describe("SQL in which only numbers changed", () => {
  it.each([
    ["dates", "WHERE D = '2026-03-09'", "WHERE D = '2026-03-10'"],
    ["numbers of other lengths", "LIMIT 9", "LIMIT 1000"],
    ["numbers in names", "FROM STG_TMP1", "FROM STG_TMP22"],
    ["hashes", "FROM T_9f86d081", "FROM T_60303ae2"],
    ["hashes that begin with a letter", "'a3f50c1'", "'bc91d2e'"],
    ["ids", "'01bb0c5a-0604-1a2b-0000-00012345abcd'", "'01bc1d2e-0705-ff2b-0001-000a2345ffcd'"],
    ["short ids, in capitals", "'01BB0C5A-0604'", "'01BC1D2E-070F'"],
    ["hashes and numbers in capitals", "'A3F50C1' 41", "'BC91D2E' 42"]
  ])("differs in %s", (_, before, after) => {
    expect(onlyNumbers(before, after)).toBe(true)
  })

  it.each([
    ["another column", "SELECT A1", "SELECT B1"],
    ["another column of six hexadecimal letters and digits", "SELECT CODE_ABC123", "SELECT CODE_DEF123"],
    ["another word of hexadecimal letters", "FROM DEFACED", "FROM EFFACED"],
    ["a word that begins like a hash", "FROM abc1234zz", "FROM abd1234zz"],
    ["a word beside its number", "FROM ORDERS1", "FROM STORES1"],
    ["a number more", "IN (1, 2)", "IN (1, 2, 3)"],
    ["a number in a name that is no hash", "FROM X1Z", "FROM XZ"]
  ])("does not differ in %s", (_, before, after) => {
    expect(onlyNumbers(before, after)).toBe(false)
  })
})
