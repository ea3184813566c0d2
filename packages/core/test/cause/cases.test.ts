// Long because it is mostly tables of messages: each pair tells what a key keeps and what it leaves out.
import { describe, expect, it } from "@effect/vitest"
import * as FailureCause from "../../src/FailureCause.ts"
import { load, MessageCase, ReasonCase } from "./data/load.ts"

const messages = load("failureMessages.json", MessageCase)
const platforms = load("otherPlatforms.json", MessageCase)
const reasons = load("reasonsWithoutCause.json", ReasonCase)

// Each message is compared with every other one, and classified once.
const classified = new Map<string, FailureCause.FailureCause>()
const classify = (message: string, detail = ""): FailureCause.FailureCause => {
  const name = JSON.stringify([message, detail])
  const cause = classified.get(name) ?? FailureCause.classify(message, detail === "" ? undefined : detail)
  if (cause === undefined) throw new Error(`names no cause: ${message}`)
  classified.set(name, cause)
  return cause
}

describe.each([["failure messages", messages], ["messages of other platforms", platforms]])("%s", (_, cases) => {
  for (const { class: classes, detail, message, mustShow, name } of cases) {
    it(`${name}: the class, and what is shown`, () => {
      const cause = classify(message, detail)
      if (classes !== undefined) expect(classes).toContain(cause.class)
      if (mustShow !== undefined) expect(cause.message).toContain(mustShow)
      expect(cause.message.length).toBeLessThanOrEqual(FailureCause.maxMessageLength)
    })
  }

  it("of one kind share a key, and of two kinds do not", () => {
    const kinds = cases.filter(({ kind }) => kind !== undefined)
    for (const a of kinds) {
      for (const b of kinds) {
        const [left, right] = [classify(a.message, a.detail), classify(b.message, b.detail)]
        expect([a.name, b.name, left.key, right.key, FailureCause.isSameKind(left, right)])
          .toEqual([a.name, b.name, left.key, right.key, a.kind === b.kind])
      }
    }
  })
})

describe("the same kind of error on another object", () => {
  const object = (name: string) =>
    `002003 (42S02): SQL compilation error:\nObject '${name}' does not exist or not authorized.`
  const pairs: ReadonlyArray<readonly [string, string, string, string]> = [
    ["objects", object("TMP_BATCH"), object("RAW.CRM.LEADS"), "RAW.CRM.LEADS"],
    [
      "objects inside a view",
      "Failure during expansion of view 'V': SQL compilation error: Object 'DWH.CORE.A' does not exist or not authorized.",
      "Failure during expansion of view 'V': SQL compilation error: Object 'DWH.CORE.B' does not exist or not authorized.",
      "DWH.CORE.B"
    ],
    ["columns", "SQL compilation error: invalid identifier 'ORDER_ID'", "invalid identifier 'O.AMOUNT'", "O.AMOUNT"],
    [
      "columns without quotes",
      "Column ORDER_ID cannot be null",
      "Column AMOUNT cannot be null",
      "AMOUNT"
    ],
    [
      "schemas",
      "SQL access control error:\nInsufficient privileges to operate on schema 'STG'",
      "SQL access control error:\nInsufficient privileges to operate on schema 'MART'",
      "MART"
    ],
    [
      "warehouses",
      "Warehouse 'A_WH' cannot be resumed because resource monitor 'RM' has exceeded its quota.",
      "Warehouse 'B_WH' cannot be resumed because resource monitor 'RM' has exceeded its quota.",
      "B_WH"
    ],
    ["functions", "SQL compilation error:\nUnknown function CLEAN_PHONE", "Unknown function CLEAN_NAME", "CLEAN_NAME"],
    ["keys of a dictionary", "KeyError: 'total'", "KeyError: 'amount'", "amount"],
    [
      "tables of Databricks",
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `raw`.`shop`.`orders` cannot be found. SQLSTATE: 42P01",
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `raw`.`crm`.`leads` cannot be found. SQLSTATE: 42P01",
      "RAW.CRM.LEADS"
    ],
    [
      "tables of BigQuery",
      "Not found: Table acme-dw:raw.orders was not found in location EU",
      "Not found: Table acme-dw:raw.leads was not found in location EU",
      "ACME-DW.RAW.LEADS"
    ],
    ["objects of Fabric", "Invalid object name 'stg.orders'.", "Invalid object name 'stg.leads'.", "STG.LEADS"],
    ["columns of Fabric", "Invalid column name 'a_id'.", "Invalid column name 'b_id'.", "B_ID"]
  ]
  for (const [what, a, b, named] of pairs) {
    it(`is one kind and two causes: ${what}`, () => {
      const [left, right] = [classify(a), classify(b)]
      expect(left.key).toBe(right.key)
      expect(right.object).toBe(named)
      expect(FailureCause.isSameKind(left, right)).toBe(true)
      expect(FailureCause.isSameCause(left, right)).toBe(false)
      expect(FailureCause.isSameCause(left, classify(a.replaceAll("\n", " ")))).toBe(true)
    })
  }

  it("is one cause where the object is the same, however it is written", () => {
    const [plain, quoted] = [classify(object("RAW.CRM.LEADS")), classify(object("\"RAW\".\"CRM\".\"LEADS\""))]
    expect(FailureCause.isSameCause(plain, quoted)).toBe(true)
    expect(FailureCause.isSameCause(plain, classify("Object RAW.CRM.LEADS does not exist or not authorized."))).toBe(
      true
    )
    expect(FailureCause.isSameCause(plain, classify(object("RAW.CRM.\"leads\"")))).toBe(false)
  })

  it("has no object where the quoted text is a value", () => {
    expect(classify("Numeric value '3W' is not recognized")).not.toHaveProperty("object")
    expect(FailureCause.isSameCause(
      classify("Numeric value '3W' is not recognized"),
      classify("Numeric value 'n/a' is not recognized")
    )).toBe(true)
  })
})

describe("a reason that names no cause", () => {
  const texts = [
    ...reasons.map(({ reason }) => reason),
    "GraphExecutor halted and finished; encountered failures for node(s): [1, 2]; no nodes skipped",
    "RunPhasedDeploy encountered failures: delete phase - none; alter phase - none; add phase - 1",
    "3 nodes failed",
    "1 node failed.",
    "2 of 14 nodes failed, 3 skipped",
    "Node STG_ORDERS failed",
    "The run failed",
    "Run canceled because 1 node failed",
    "The refresh was cancelled after 2 of 14 nodes failed.",
    "Refresh failed with errors.",
    "An error occurred while executing the query",
    "Query failed",
    "undefined",
    "null",
    "[object Object]",
    "One or more nodes failed to execute",
    "Nodes failed: 3",
    "Refresh did not complete successfully",
    "The job was not successful",
    "Execution halted",
    "Deployment failed during phase: add",
    "An error occurred during execution.",
    "There was an error during the refresh.",
    "There were errors running the job",
    "Pipeline failed due to errors in 3 nodes",
    "No error message available",
    "Error: undefined",
    "{}",
    "{\"error\":{\"errorString\":\"undefined\"}}",
    "SQL compilation error:",
    "...",
    "   \n",
    ""
  ]
  for (const text of texts) {
    it(JSON.stringify(text), () => expect(FailureCause.classify(text)).toBeUndefined())
  }

  const causes: ReadonlyArray<string> = [
    "Division by zero",
    "Error in secure object",
    "SQL execution canceled",
    "Run canceled because the warehouse was suspended",
    "Run canceled by user",
    "Das Lager ist zu",
    "Unknown function F",
    "An internal error occurred",
    "Node STG_ORDERS failed: Division by zero",
    "Refresh did not complete successfully: the warehouse was dropped",
    "Failed during phase add: Division by zero",
    "GraphExecutor halted and finished; encountered failures for node: [12]; no nodes skipped: Division by zero"
  ]
  for (const text of causes) {
    it(`is not: ${text}`, () => expect(FailureCause.classify(text)).toBeDefined())
  }

  it("names the ids of its nodes", () => {
    expect(reasons.map(({ reason }) => FailureCause.nodeIDs(reason))).toEqual([
      { failed: ["7c0e643c-0000-4000-8000-000000000001"], skipped: [] },
      { failed: ["12"], skipped: [] },
      { failed: ["261", "294"], skipped: ["262", "289", "7f443543-0000-4000-8000-000000000002"] }
    ])
    expect(FailureCause.nodeIDs("Division by zero")).toEqual({ failed: [], skipped: [] })
  })
})

describe("what is read", () => {
  it("is the detail where the message says nothing", () => {
    expect(classify("Query failed", "Division by zero").class).toBe("divisionByZero")
    expect(classify("undefined", "{\"message\":\"JWT token is invalid.\"}").message).toBe("JWT token is invalid.")
    expect(classify("Etwas stimmt nicht", "Numeric value '3W' is not recognized").class).toBe("dataConversion")
    expect(FailureCause.classify("Query failed", "undefined")).toBeUndefined()
  })

  it("is the message inside JSON", () => {
    const inside = "002003 (42S02): SQL compilation error:\nObject 'RAW.A' does not exist or not authorized."
    const bodies = [
      JSON.stringify({ error: { errorString: inside } }),
      JSON.stringify({ error: { errorString: "Query failed", errorDetail: inside } }),
      JSON.stringify({ code: 400, errors: [{ message: inside, reason: "invalidQuery" }], message: inside }),
      JSON.stringify([{ message: JSON.stringify({ message: inside }) }]),
      JSON.stringify(inside),
      `400 Bad Request: ${JSON.stringify({ message: inside })}`,
      JSON.stringify({ errorString: inside }).slice(0, -2)
    ]
    for (const body of bodies) expect([body, classify(body).key]).toEqual([body, classify(inside).key])
    // JSON that is a value is no message.
    expect(classify("Error parsing JSON: {\"message\":\"Division by zero\"}").class).toBe("dataConversion")
  })

  it("is the end of a long message as well, with the true count of what is cut", () => {
    const long = `begin ${"x".repeat(200_000)} Division by zero`
    const { class: causeClass, message } = classify(long)
    expect(causeClass).toBe("divisionByZero")
    const [, head = "", cut, tail = ""] = /^(begin x+)…\[(\d+) characters cut\]…(x+ Division by zero)$/.exec(message) ??
      []
    expect(head.length + Number(cut) + tail.length).toBe(long.length)
    expect(message.match(/cut\]/g)).toHaveLength(1)
  })

  it("is the frame of the user's own code, and not that of a library", () => {
    const python =
      "Traceback (most recent call last):\n  File \"handler.py\", line 4, in main\n    go()\n  File \"/usr/lib/python_udf/site-packages/x/y.py\", line 9, in go\n    raise E\nValueError: no rows"
    expect(classify(python).message).toBe("ValueError: no rows (at handler.py, line 4, in main)")
    const java =
      "java.lang.RuntimeException: wrapped\n\tat com.acme.Load.run(Load.java:3)\nCaused by: java.lang.ArithmeticException: / by zero\n\tat java.base/java.lang.Math.floorDiv(Math.java:1)\n\tat com.acme.Load.ratio(Load.java:12)\n\t... 3 more"
    expect(classify(java)).toMatchObject({
      class: "divisionByZero",
      message: "java.lang.ArithmeticException: / by zero (at com.acme.Load.ratio(Load.java:12))"
    })
  })

  it("is the last of a chain of exceptions", () => {
    const chain =
      "Traceback (most recent call last):\n  File \"a.py\", line 1, in run\nKeyError: 'total'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"a.py\", line 3, in run\nValueError: no total in the row"
    expect(classify(chain)).toMatchObject({ class: "userCode", key: "valueerror: no total in the row" })
    expect(classify(chain.replaceAll("\n", " ")).key).toBe(classify(chain).key)
  })
})

describe("the key", () => {
  it("tells texts apart however late they differ", () => {
    const text = (end: string) => `The custom check of the load found ${"a wrong total and ".repeat(40)}${end}`
    expect(classify(text("nothing else")).key).not.toBe(classify(text("something else")).key)
    expect(classify(text("nothing else")).key.length).toBeLessThanOrEqual(200)
  })

  it("keeps what is said between quotes and in brackets to be the cause", () => {
    const differ: ReadonlyArray<readonly [string, string]> = [
      ["Load failed. Cause: [AccessDenied]", "Load failed. Cause: [NoSuchBucket]"],
      ["Call failed with error: 'the remote host closed'", "Call failed with error: 'the file ended too early'"],
      ["KeyError: 'a'", "ValueError: 'a'"],
      ["[INTERNAL_ERROR] The plan is broken", "[INTERNAL_ERROR] The cluster is gone"]
    ]
    for (const [a, b] of differ) expect(classify(a).key).not.toBe(classify(b).key)
  })

  it("has the type of an exception that a procedure raises, and not its place", () => {
    const raised = (type: string, line: number) =>
      `Uncaught exception of type '${type}' on line ${line} at position 8 : no rows`
    expect(classify(raised("NO_ROWS", 5)).key).toBe(classify(raised("NO_ROWS", 71)).key)
    expect(classify(raised("NO_ROWS", 5)).key).not.toBe(classify(raised("TOO_LATE", 5)).key)
    expect(classify(raised("NO_ROWS", 5)).class).toBe("userCode")
    expect(classify(raised("STATEMENT_ERROR", 5).replace("no rows", "Division by zero")).key).toBe("division by zero")
  })

  it("leaves out values, ids, times and names of what only carries the cause", () => {
    const alike: ReadonlyArray<readonly [string, string]> = [
      ["Exception: Row count 12 below threshold 100", "Exception: Row count 4 below threshold 90"],
      ["ValueError: could not convert string to float: 'abc'", "ValueError: could not convert string to float: 'n/a'"],
      ["Statement 01af78d8-0001 not found", "Statement 02bb not found"],
      ["Load of s3://acme/a/b.csv failed at 02:13:44", "Load of s3://other/c.csv failed at 03:00:00"],
      [
        "Access Denied: Project acme: User does not have bigquery.jobs.create permission in project acme.",
        "Access Denied: Project other: User does not have bigquery.jobs.create permission in project other."
      ],
      [
        "TypeError: x is undefined in LOAD_A at 'return x' position 3\nstackstrace: \nLOAD_A line: 4",
        "TypeError: x is undefined in LOAD_B at 'let y = x' position 9\nstackstrace: \nLOAD_B line: 12"
      ],
      [
        "Failure using stage area. Cause: [Access Denied (Status Code: 403; Error Code: AccessDenied)]",
        "091003 (22000): Failure using stage area. Cause: [Access Denied.]"
      ],
      [
        "Your free trial has ended and all of your virtual warehouses have been suspended.",
        "000666 (57014): Your free trial has ended and all of your virtual warehouses have been suspended. Add billing information in the Snowflake web UI to continue."
      ],
      ["Access denied (Request ID: 7ABC-12, Status Code: 403)", "Access denied (Request ID: 9XYZ-77, Status Code: 403)"]
    ]
    for (const [a, b] of alike) expect(classify(a).key).toBe(classify(b).key)
  })

  it("is one through tools, drivers and procedures", () => {
    const message = "Object 'RAW.A' does not exist or not authorized."
    const carried = [
      `SQL compilation error:\n${message}`,
      `002003 (42S02): 01bb0c5a-0604-1a2b-0000-00012345abcd: SQL compilation error:\n${message}`,
      `snowflake.connector.errors.ProgrammingError: 002003 (42S02): SQL compilation error:\n${message}`,
      `(snowflake.connector.errors.ProgrammingError) 002003 (42S02): SQL compilation error:\n${message}\n[SQL: SELECT 1]\n(Background on this error at: https://sqlalche.me/e/14/f405)`,
      `net.snowflake.client.jdbc.SnowflakeSQLException: SQL compilation error:\n${message}\n\tat net.snowflake.client.jdbc.SnowflakeUtil.check(SnowflakeUtil.java:127)`,
      `Database Error in model a (models/a.sql)\n  002003 (42S02): SQL compilation error:\n  ${message}\n  compiled code at target/run/a.sql`,
      `02:13:44  Database Error in model a (models/a.sql)\n  002003 (42S02): SQL compilation error:\n  ${message}`,
      `Execution error in store procedure LOAD_DAY:\nSQL compilation error:\n${message}\nAt Statement.execute, line 4 position 8`,
      `Uncaught exception of type 'STATEMENT_ERROR' on line 5 at position 4 : SQL compilation error:\n${message}`,
      `STG_A: 002003 (42S02): SQL compilation error:\n${message}\n4 more nodes failed.`,
      `SQL Error [2003] [42S02]: SQL compilation error:\n${message}`,
      `dbt1000: ADBC error: [Snowflake] 002003 (42S02): SQL compilation error:\n${message} (SQLSTATE: 42S02, Vendor code: 2003)`,
      `Snowflake adapter: Snowflake error: 002003 (42S02): SQL compilation error:\n${message}`,
      `Error: ${message} SqlState: 42S02, VendorCode: 2003, QueryId: 01bb0c5a`,
      `<class 'snowflake.connector.errors.ProgrammingError'>: 002003 (42S02): SQL compilation error:\n${message}`,
      `ProgrammingError("002003 (42S02): SQL compilation error:\\n${message}")`,
      `ERROR: ${message}`,
      `Stored procedure LOAD_DAY failed: ${message}`,
      `SQL execution internal error: ${message}`,
      `Execution failed. Statement 3 of 7: ${message}`,
      `net.snowflake.client.jdbc.SnowflakeSQLException: ${message}`,
      `[2026-11-03, 02:14:55 UTC] {taskinstance.py:1824} ERROR - Task failed with exception: ${message}`,
      `Failed to execute query: ${message}`
    ]
    for (const text of carried) {
      expect([text, classify(text).key, classify(text).object]).toEqual([text, classify(message).key, "RAW.A"])
    }
  })
})

describe("hostile texts", () => {
  const parts: Readonly<Record<string, string>> = {
    blanks: " ",
    lines: "\n",
    quotes: "'a ",
    brackets: "[",
    "names in brackets": "[a b",
    capitals: "A_",
    dots: "a.",
    digits: "1:",
    codes: "000904 (42000): ",
    constraints: "constraint violates ",
    frames: "File \"a\", line 1, in b\n",
    "frames of Java": " at a.b.c(D.java:1)",
    "Caused by": "Caused by: ",
    nodes: "node a, ",
    graphs: "GraphExecutor encountered failures for nodes: [",
    phases: "RunPhasedDeploy add phase - [",
    JSON: "{\"message\":",
    paths: "/a",
    backslashes: "\\",
    sentences: "abc def. ",
    suggestions: "Did you mean ",
    ids: "request id ",
    views: "failure during expansion of view ",
    errors: "error: ",
    tables: "table ",
    warehouses: "warehouse is ",
    backticks: "`a`.",
    models: "Database Error in model ",
    "errors before a body": "Error",
    letters: "a",
    "letters and commas": "a, "
  }
  for (const [name, part] of Object.entries(parts)) {
    it(`are read in linear time: ${name}`, () => {
      const text = part.repeat(Math.ceil(65_536 / part.length))
      // Time of the processor: what else the machine does does not count.
      const before = process.cpuUsage()
      for (
        const whole of [text, `Traceback (most recent call last):\n${text}`, `${text} {}`, `'${text}'`, `x, ${text}`]
      ) {
        const cause = FailureCause.classify(whole, whole)
        expect(cause?.message.length ?? 0).toBeLessThanOrEqual(FailureCause.maxMessageLength)
        expect(cause?.key.length ?? 0).toBeLessThanOrEqual(200)
        expect(cause?.object?.length ?? 0).toBeLessThanOrEqual(200)
      }
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(8000)
    })
  }
})
