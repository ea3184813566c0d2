// The key of a cause: its words, without names, numbers and values. People read it, too.
import { describe, expect, it } from "@effect/vitest"
import { boundedKey, keyOf } from "../../src/cause/key.ts"

describe("the key of a cause", () => {
  it.each([
    [
      "Access Denied: Project acme: User does not have bigquery.jobs.create permission in project acme.",
      "access denied: project …: user does not have … permission in project …"
    ],
    [
      "Not found: Dataset acme:raw was not found in location EU",
      "not found: dataset … was not found in location …"
    ],
    ["Table acme:raw.orders$2026 not found", "table … not found"],
    ["No column named order_id in the source", "no column named … in the source"],
    ["Columns named A1 are unknown", "columns named … are unknown"],
    ["ReferenceError: foo is not defined", "referenceerror: … is not defined"],
    ["com.acme.load.LoadException: no rows", "loadexception: no rows"],
    ["Unrecognized name: order_id at [3:7]", "unrecognized name: …"],
    ["Load of s3://acme/a/b.csv failed", "load of … failed"],
    ["Task stg_orders failed", "task … failed"],
    ["[a, b, c] are wrong", "[…] are wrong"],
    ["Role arn:aws:iam::1:role/load is off", "role … is off"],
    ["Mail to ops@acme.io failed", "mail to … failed"],
    ["Run 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f failed", "run … failed"],
    ["No rows in 'A'.B.C at all", "no rows in … at all"],
    ["No rows in 'A', 'B' at all", "no rows in … at all"],
    ["No file models/stg/a.sql at all", "no file … at all"],
    ["No file /data/a at all", "no file … at all"],
    ["No rows in raw.shop.orders at all", "no rows in … at all"],
    ["No rows in acme:raw.orders at all", "no rows in … at all"],
    ["Failure during expansion of view RAW.ORDERS: no rows", "failure during expansion of view - no rows"],
    [
      "Uncaught exception of type 'NO_ROWS' in file A.sql on line 5 at position 8 : no rows",
      "uncaught exception of type no_rows : no rows"
    ],
    ["Request ID: 7ABC-12 failed, statement 01af78d8-0001 too", "request id: … failed, statement … too"]
  ])("has no name: %s", (cause, key) => expect(keyOf(cause)).toBe(key))

  it.each([
    ["Table ORDERS was dropped", "table … was dropped"],
    ["Table was dropped", "table was dropped"],
    ["The role a. is gone", "the role a. is gone"],
    ["It failed because [x y]", "it failed because [x y]"],
    ["Cause: [AccessDenied]", "cause: [accessdenied]"],
    [`Cause: ${"x".repeat(81)} [AccessDenied]`, `cause: ${"x".repeat(81)} […]`],
    ["[AccessDenied] is the cause:", "[…] is the cause"],
    ["ACCESS_DENIED: none in T_A_B", "access_denied: none in …"],
    ["See ACCESS_DENIED in T_A_B: none", "see … in …: none"]
  ])("keeps what is no name, or tells the cause: %s", (cause, key) => expect(keyOf(cause)).toBe(key))

  it.each([
    ["The load said 'the file is too short' at once", "the load said the file is too short at once"],
    ["The load said \"no 'x' is in the file\" at once", "the load said no … is in the file at once"],
    // What is quoted within a quotation is data, whatever introduces it.
    [
      "The load said \"an error: 'the file is too short'\" at once",
      "the load said an error: … at once"
    ],
    ["The load of 'the file is too short' is done", "the load of … is done"],
    ["The load said 'short' at once", "the load said … at once"],
    [`The load said ${"x".repeat(90)} 'the file is too short'`, `the load said ${"x".repeat(90)} …`],
    ["'the file is too short' is what the load said", "… is what the load said"]
  ])("keeps a quotation that is said to be the cause, and no other: %s", (cause, key) => {
    expect(keyOf(cause)).toBe(key)
  })

  it("has no numbers, but those of words", () => {
    expect(keyOf("The load took 12.5 s at 02:13:44 of utf8 and s3 data, 1e+40")).toBe(
      "the load took # s at # of utf8 and s3 data, #"
    )
  })

  it("is one line without what only carries the cause, and without marks at its end", () => {
    expect(keyOf("  The load\n failed: ;  ")).toBe("the load failed")
    expect(keyOf("The load failed [E]. ")).toBe("the load failed [e]")
    expect(keyOf("SQL compilation error: error line 3 at position 6 no rows at [4:2]")).toBe("no rows")
  })

  it("says once what is repeated", () => {
    expect(keyOf("It failed. It failed. It failed. It ended.")).toBe("it failed. … it ended")
  })

  it("begins with what stands before it, without its label", () => {
    expect(keyOf("[E1] no rows", "e1: ", "[E1] ")).toBe("e1: no rows")
    expect(keyOf("[E1] no rows", "e1: ")).toBe("e1: […] no rows")
  })

  it("tells long texts apart in 200 characters, wherever they differ", () => {
    const long = (end: string) => "so on and ".repeat(30) + end
    const [a, b] = [keyOf(long("a")), keyOf(long("b"))]
    expect(a).toMatch(/^so on and .*[^ ]~[0-9a-z]{11}$/)
    expect([a.length, a === b]).toEqual([200, false])
    expect(boundedKey("x".repeat(200))).toBe("x".repeat(200))
    expect(boundedKey("x".repeat(201))).toMatch(/^x{188}~/)
    // Of a very long one both ends are told.
    const keys = ["a", "b"].flatMap((
      one
    ) => [keyOf(`${one} ${"so on and ".repeat(2000)}`), keyOf(`${"so on and ".repeat(2000)}${one}`)])
    expect(new Set(keys).size).toBe(4)
    const middle = (one: string) => keyOf(`${"so on and ".repeat(500)}${one} ${"so on and ".repeat(500)}`)
    expect(middle("a")).toBe(middle("b"))
    expect(keyOf("abc ".repeat(60))).toMatch(/ abc~/)
    const hashes = Array.from({ length: 1000 }, (_, index) => boundedKey(`${"x".repeat(201)}${index}`))
    expect(new Set(hashes).size).toBe(1000)
  })
})
