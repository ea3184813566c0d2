import { describe, expect, it } from "@effect/vitest"
import {
  fromAndWhere,
  isSameTable,
  ownName,
  tableName,
  tablesRead,
  tablesWritten
} from "../../src/diagnosis/sqlNames.ts"

describe("the tables of a statement", () => {
  const written = (sql: string) => tablesWritten(sql).map((name) => name.join("."))
  const read = (sql: string) => tablesRead(sql).map((name) => name.join("."))

  it("are those that it inserts into, merges into or creates", () => {
    expect(written(`INSERT INTO "A"."S"."T" SELECT 1`)).toEqual(["A.S.T"])
    expect(written("insert overwrite into a.t select 1")).toEqual(["A.T"])
    expect(written("MERGE INTO `p`.`d`.`t` USING x ON true")).toEqual(["P.D.T"])
    expect(written("CREATE OR REPLACE TRANSIENT TABLE [dbo].[T] AS SELECT 1")).toEqual(["DBO.T"])
    expect(written("create view if not exists v as select 1")).toEqual(["V"])
    expect(written("SELECT 1 FROM T")).toEqual([])
  })

  it("are those that it reads, and none in a comment or a string", () => {
    expect(read(`SELECT * FROM "A"."B" x JOIN c.d ON x.i = d.i`)).toEqual(["A.B", "C.D"])
    expect(read("MERGE INTO T USING S ON T.i = S.i")).toEqual(["S"])
    expect(read("SELECT 'FROM X' -- FROM Y\n/* JOIN Z */ FROM W")).toEqual(["W"])
    expect(read(`SELECT 1 -- FROM "X"`)).toEqual([])
    expect(read(`${" ".repeat(49_990)} FROM A, FROM B`)).toEqual(["A"])
  })

  it("are the same as far as both names say where they are", () => {
    const same = (a: string, b: string) => isSameTable(tableName(a), tableName(b))
    expect(same("RAW.SHOP.ORDERS", `"SHOP"."ORDERS"`)).toBe(true)
    expect(same("orders", "RAW.SHOP.ORDERS")).toBe(true)
    expect(same("RAW.SHOP.ORDERS", "ANALYTICS.MART.ORDERS")).toBe(false)
    expect(same(" shop . orders ", "RAW.SHOP.ORDERS")).toBe(true)
    expect(same("SHOP.ORDERS", "ORDERS.SHOP")).toBe(false)
    expect(["orders", `"SRC"."ORDER_ID"`, "a.b.c"].map(ownName)).toEqual(["ORDERS", "ORDER_ID", "C"])
  })
})

describe("the FROM and the WHERE of a statement", () => {
  const rows: ReadonlyArray<readonly [sql: string, expected: string | undefined]> = [
    ["INSERT INTO T (A, B)\nSELECT A, B\nFROM S\nWHERE A > 1\nGROUP BY 1", "FROM S\nWHERE A > 1"],
    // A query inside the columns reads something else.
    ["SELECT (SELECT max(X) FROM Y) AS M, A FROM S JOIN R ON S.I = R.I ORDER BY 1", "FROM S JOIN R ON S.I = R.I"],
    ["WITH C AS (SELECT A FROM B WHERE A) SELECT A FROM C WHERE A", "FROM C WHERE A"],
    [
      "MERGE INTO T USING (SELECT A FROM S WHERE A) S ON T.I = S.I WHEN MATCHED THEN UPDATE SET A = 1",
      "USING (SELECT A FROM S WHERE A) S ON T.I = S.I"
    ],
    ["CREATE VIEW V AS (SELECT A FROM S WHERE A)", "FROM S WHERE A"],
    [`SELECT "FROM", 'FROM' FROM S -- FROM X`, "FROM S -- FROM X"],
    ["CREATE VIEW V AS (SELECT A FROM S GROUP BY A)", "FROM S"],
    ["CREATE VIEW V AS (SELECT (SELECT 1 FROM R) FROM S)", "FROM S"],
    [`CREATE VIEW V AS (SELECT "FROM" FROM S)`, "FROM S"],
    ["CALL P((SELECT A FROM S), (SELECT A FROM R))", "FROM S"],
    ["SELECT A FROM S UNION ALL SELECT A FROM R WHERE A", "FROM R WHERE A"],
    [`SELECT A FROM "S" "X" WHERE "A" > 1`, `FROM "S" "X" WHERE "A" > 1`],
    [
      "SELECT A FROM S WHERE A IN (SELECT B FROM R GROUP BY B) AND C",
      "FROM S WHERE A IN (SELECT B FROM R GROUP BY B) AND C"
    ],
    ["SELECT max(A) OVER (ORDER BY B) FROM S", "FROM S"],
    // The columns of a join.
    ["SELECT A FROM S JOIN R USING (I) WHERE A > 1", "FROM S JOIN R USING (I) WHERE A > 1"],
    ["CREATE VIEW V AS (SELECT A FROM S JOIN R USING (I) WHERE A > 1)", "FROM S JOIN R USING (I) WHERE A > 1"],
    ["MERGE INTO T USING S ON T.I = S.I WHEN NOT MATCHED THEN INSERT (A) VALUES (1)", "USING S ON T.I = S.I"],
    // A condition, and no clause of a merge.
    ["SELECT A FROM S WHERE CASE WHEN A THEN 1 END = 1 LIMIT 1", "FROM S WHERE CASE WHEN A THEN 1 END = 1"],
    ["TRUNCATE TABLE T", undefined]
  ]
  for (const [sql, expected] of rows) it(sql.slice(0, 60), () => expect(fromAndWhere(sql)).toBe(expected))

  it("are found quickly in any text", () => {
    for (const piece of ["/* ", "'a''", "FROM (", "\"", "-- ", "insert into a.", "create or replace "]) {
      const sql = piece.repeat(200_000 / piece.length)
      // Time of the processor: what else the machine does does not count.
      const before = process.cpuUsage()
      fromAndWhere(sql)
      tablesRead(sql)
      tablesWritten(sql)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
    }
  })
})
