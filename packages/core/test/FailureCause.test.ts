// Long because it is mostly a table of real messages, each with its class, code and SQLSTATE.
import { describe, expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import * as FailureCause from "../src/FailureCause.ts"

/** Classifies a message that names a cause. */
const classify = (message: string, detail?: string): FailureCause.FailureCause => {
  const cause = FailureCause.classify(message, detail)
  if (cause === undefined) throw new Error(`names no cause: ${message}`)
  return cause
}

// Messages as Snowflake and its drivers write them: [class, code, SQLSTATE, message, detail beside it].
type Sample = readonly [FailureCause.CauseClass, string | undefined, string | undefined, string, string?]

const samples: ReadonlyArray<Sample> = [
  [
    "missingObjectOrGrant",
    "002003",
    "42S02",
    "002003 (42S02): SQL compilation error:\nObject 'RAW.STRIPE.PAYMENTS' does not exist or not authorized."
  ],
  [
    "missingObjectOrGrant",
    undefined,
    undefined,
    "SQL compilation error:\nTable 'ANALYTICS.STG.STG_ORDERS' does not exist or not authorized."
  ],
  [
    "missingObjectOrGrant",
    "002043",
    "02000",
    "002043 (02000): SQL compilation error:\nObject does not exist, or operation cannot be performed."
  ],
  [
    "missingObjectOrGrant",
    "250001",
    undefined,
    "250001: Role 'LOADER' specified in the connect string does not exist or not authorized."
  ],
  ["missingObjectOrGrant", "002140", "42601", "002140 (42601): SQL compilation error:\nUnknown function CLEAN_PHONE"],
  [
    "missingObjectOrGrant",
    "002141",
    "42601",
    "002141 (42601): SQL compilation error:\nUnknown user-defined function ANALYTICS.UTIL.CLEAN_PHONE."
  ],
  [
    "missingObjectOrGrant",
    "090105",
    "22000",
    "090105 (22000): Cannot perform SELECT. This session does not have a current database. Call 'USE DATABASE', or use a qualified name."
  ],
  [
    "missingObjectOrGrant",
    undefined,
    undefined,
    "Execution error in store procedure LOAD_DAY:\nSQL compilation error:\nSchema 'RAW.SHOP' does not exist or not authorized.\nAt Statement.execute, line 4 position 8"
  ],
  [
    "invalidIdentifier",
    "000904",
    "42000",
    "000904 (42000): SQL compilation error: error line 3 at position 6\ninvalid identifier 'ORDERID'"
  ],
  [
    "invalidIdentifier",
    undefined,
    undefined,
    "SQL compilation error: error line 1 at position 7 invalid identifier 'O.\"orderId\"'"
  ],
  ["invalidIdentifier", "002028", "42601", "002028 (42601): SQL compilation error:\nambiguous column name 'ID'"],
  [
    "syntax",
    "001003",
    "42000",
    "001003 (42000): SQL compilation error:\nsyntax error line 5 at position 10 unexpected 'FROM'."
  ],
  [
    "syntax",
    "001003",
    "42000",
    "001003 (42000): 01b2f3c4-0604-1a2b-0000-00012345abcd: SQL compilation error:\nparse error line 12 at position 3 near '<EOF>'."
  ],
  [
    "privilege",
    "003001",
    "42501",
    "003001 (42501): SQL access control error:\nInsufficient privileges to operate on schema 'STG'"
  ],
  [
    "privilege",
    "003041",
    "42710",
    "003041 (42710): SQL compilation error:\nSchema 'STG' already exists, but current role has no privileges on it. If this is unexpected and you cannot resolve this problem, contact your system administrator."
  ],
  ["dataConversion", "100038", "22018", "100038 (22018): Numeric value '3W' is not recognized"],
  // The number beside a message is not always its own.
  ["dataConversion", "000627", undefined, "Numeric value '3W' is not recognized", "000627"],
  ["dataConversion", "100035", "22007", "100035 (22007): Timestamp '2026-02-30 00:00:00' is not recognized"],
  ["dataConversion", "100040", "22007", "100040 (22007): Date '31/12/26' is not recognized"],
  ["dataConversion", "100037", "22018", "100037 (22018): Boolean value 'maybe' is not recognized"],
  ["dataConversion", "100071", "22000", "100071 (22000): Failed to cast variant value \"n/a\" to FIXED"],
  ["dataConversion", "100096", "22007", "100096 (22007): Can't parse 'yesterday' as date with format 'YYYY-MM-DD'"],
  ["dataConversion", "100069", "22P02", "100069 (22P02): Error parsing JSON: unknown keyword \"NaN\", pos 4"],
  [
    "dataConversion",
    "100046",
    "22003",
    "100046 (22003): Number out of representable range: type FIXED[SB16](38,0){nullable}, value 1e+40"
  ],
  [
    "dataConversion",
    "002023",
    "22000",
    "002023 (22000): SQL compilation error:\nExpression type does not match column data type, expecting NUMBER(38,0) but got VARCHAR(16777216) for column AMOUNT"
  ],
  [
    "dataConversion",
    "001044",
    "42P13",
    "001044 (42P13): SQL compilation error: error line 2 at position 7\nInvalid argument types for function 'DATEADD': (VARCHAR(3), NUMBER(1,0), VARCHAR(10))"
  ],
  ["constraint", "100072", "22000", "100072 (22000): NULL result in a non-nullable column"],
  ["constraint", "200001", "22000", "200001 (22000): Primary key already exists"],
  ["constraint", undefined, undefined, "Foreign key constraint \"FK_ORDERS\" was violated."],
  [
    "duplicateRow",
    "100090",
    "42P18",
    "100090 (42P18): Duplicate row detected during DML action\nRow Values: [1204, \"EU\", \"2026-10-30\"]"
  ],
  ["duplicateRow", "090150", "22000", "090150 (22000): Single-row subquery returns more than one row."],
  ["truncation", "100078", "22000", "100078 (22000): String 'Llanfairpwllgwyngyll' is too long and would be truncated"],
  ["truncation", undefined, undefined, "User character length limit (10) exceeded by string 'Llanfairpwllgwyngyll'"],
  ["divisionByZero", "100051", "22012", "100051 (22012): Division by zero"],
  [
    "warehouseOrQuota",
    "000606",
    "57P03",
    "000606 (57P03): No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command."
  ],
  [
    "warehouseOrQuota",
    "090073",
    "22000",
    "090073 (22000): Warehouse 'TRANSFORM_WH' cannot be resumed because resource monitor 'MONTHLY' has exceeded its quota."
  ],
  [
    "warehouseOrQuota",
    undefined,
    undefined,
    "Your free trial has ended and all of your virtual warehouses have been suspended."
  ],
  [
    "timeout",
    "000630",
    "57014",
    "000630 (57014): Statement reached its statement or warehouse timeout of 120 second(s) and was canceled."
  ],
  ["canceled", "000604", "57014", "000604 (57014): SQL execution canceled"],
  ["canceled", undefined, undefined, "Query was cancelled by the user."],
  [
    "lock",
    "000625",
    "57014",
    "000625 (57014): Statement '01bb0c5a-0000-1a2b-0000-0001' has locked table 'DIM_CUSTOMER' in transaction 1742000000000000000 and this lock has not yet been released.\nYour statement was aborted because the number of waiters for this lock exceeds the 20 statements limit."
  ],
  ["lock", undefined, undefined, "Transaction aborted due to deadlock"],
  ["authenticationOrNetwork", "390144", undefined, "390144: JWT token is invalid."],
  [
    "authenticationOrNetwork",
    "390144",
    "08001",
    "250001 (08001): None: Failed to connect to DB: ab12345.snowflakecomputing.com:443. 390144 (08001): JWT token is invalid."
  ],
  ["authenticationOrNetwork", "390100", undefined, "390100 Incorrect username or password was specified."],
  [
    "authenticationOrNetwork",
    "390102",
    "08001",
    "390102 (08001): Your user account has been temporarily locked due to too many failed attempts. Try again after 15 minutes."
  ],
  [
    "authenticationOrNetwork",
    "390114",
    "08001",
    "390114 (08001): Authentication token has expired.  The user must authenticate again."
  ],
  [
    "authenticationOrNetwork",
    "390318",
    undefined,
    "390318: OAuth access token expired. [1f2e3d4c-0000-4000-a000-000000000000]"
  ],
  [
    "authenticationOrNetwork",
    "390422",
    "08001",
    "390422 (08001): Incoming request with IP/Token 1.2.3.4 is not allowed to access Snowflake. Contact your account administrator."
  ],
  [
    "internal",
    "000603",
    "XX000",
    "000603 (XX000): SQL execution internal error:\nProcessing aborted by error 300002:2523989150; incident 4129871."
  ],
  [
    "internal",
    "300010",
    "XX000",
    "300010 (XX000): SQL execution internal error: Processing aborted by error 300010:391167117; incident 7745522."
  ],
  [
    "userCode",
    "100357",
    "P0000",
    "100357 (P0000): Python Interpreter Error:\nTraceback (most recent call last):\n  File \"_udf_code.py\", line 3, in run\nKeyError: 'total' in function SCORE with handler run"
  ],
  ["compilation", "002002", "42710", "002002 (42710): SQL compilation error:\nObject 'STG_ORDERS' already exists."],
  ["compilation", "000002", "0A000", "000002 (0A000): Unsupported feature 'MATCH_RECOGNIZE'."],
  [
    "compilation",
    undefined,
    undefined,
    "SQL compilation error:\nInsert value list does not match column list expecting 5 but got 4"
  ],
  // By the code alone, and by the SQLSTATE alone, in words that are not known.
  ["divisionByZero", "100051", undefined, "Dividieren durch null ist nicht erlaubt", "100051"],
  ["invalidIdentifier", "000904", undefined, "Etwas stimmt nicht", "904"],
  ["constraint", "200099", "23505", "200099 (23505): Something new about keys"],
  ["authenticationOrNetwork", "394400", undefined, "394400: Something new about signing in"],
  ["authenticationOrNetwork", undefined, undefined, "Password has expired. Contact your system administrator."],
  ["authenticationOrNetwork", undefined, undefined, "User access disabled. Contact your local system administrator."],
  // What is between quotes is data.
  ["dataConversion", undefined, undefined, "Numeric value 'Division by zero' is not recognized"],
  ["invalidIdentifier", undefined, undefined, "SQL compilation error: invalid identifier '\"JWT token is invalid\"'"],
  ["dataConversion", undefined, undefined, "Numeric value 'O'Brien was canceled' is not recognized"],
  ["storage", "091003", "22000", "091003 (22000): Failure using stage area. Cause: [Access Denied (Status Code: 403)]"],
  // A language's own errors speak of its own values.
  ["userCode", undefined, undefined, "IndexError: list index out of range"],
  // 57014 says that a statement ended, and not why.
  ["unknown", "000635", "57014", "000635 (57014): Something new"],
  ["sizeLimit", "100357", "P0000", "100357 (P0000): Function available memory exhausted."],
  ["unknown", undefined, undefined, "Das Lager ist zu"]
]

describe("the class of a message", () => {
  for (const [expected, code, sqlState, message, detail] of samples) {
    it(`${expected}: ${JSON.stringify(message)}${detail === undefined ? "" : `, ${detail}`}`, () => {
      const cause = classify(message, detail)
      expect({ class: cause.class, code: cause.code, sqlState: cause.sqlState }).toEqual({
        class: expected,
        code,
        sqlState
      })
    })
  }

  it("does not hang on the prefix with the code, nor on how its lines break", () => {
    for (const [expected, , , message] of samples) {
      if (!/^\d{6}[: (]/.test(message) || message.includes("Something new")) continue
      const bare = message.replace(/^\d{6}(?: \(\w{5}\))?:? (?:None: |[0-9a-f-]{36}: )?/, "")
      expect([bare, classify(bare).class]).toEqual([bare, expected])
      expect(classify(bare.replaceAll("\n", " ")).class).toBe(expected)
      expect(classify(message).key).toBe(classify(bare).key)
    }
  })

  it("every class that the documentation names has a message", () => {
    expect(new Set(samples.map(([expected]) => expected))).toEqual(new Set(FailureCause.CauseClass.literals))
  })
})

describe("like messages", () => {
  const alike: ReadonlyArray<ReadonlyArray<string>> = [
    ["Numeric value '3W' is not recognized", "100038 (22018): Numeric value 'n/a, later' is not recognized"],
    [
      "002003 (42S02): SQL compilation error:\nObject 'RAW.STRIPE.PAYMENTS' does not exist or not authorized.",
      "SQL compilation error: Object '\"RAW\".\"Stripe\".\"refunds\"' does not exist or not authorized."
    ],
    [
      "SQL compilation error: error line 3 at position 6\ninvalid identifier 'ORDERID'",
      "SQL compilation error: error line 128 at position 14\ninvalid identifier 'O.ORDER_DATE'"
    ],
    [
      "Duplicate row detected during DML action\nRow Values: [1204, \"EU\"]",
      "Duplicate row detected during DML action\nRow Values: [9, \"US's\", 4]"
    ],
    ["Table STG.ORDERS was locked", "Table ANALYTICS.STG.STG_ORDERS_2 was locked"],
    ["Column ORDER_ID cannot be null", "Column AMOUNT cannot be null"],
    [
      "Statement '01bb0c5a-0000-1a2b-0000-0001' has locked table 'T' in transaction 1742",
      "Statement '02' has locked table 'DIM' in transaction 99999999999999999"
    ],
    ["390318: OAuth access token expired. [1f2e3d4c-0000-4000-a000-000000000000]", "OAuth access token expired. [2]"],
    [
      "NULL result in a non-nullable column",
      "STG_LEDGER: 100072 (22000): NULL result in a non-nullable column\n2 more nodes failed.",
      "NULL result in a non-nullable column\n1 more node failed."
    ],
    [
      "JWT token is invalid.",
      "250001 (08001): None: Failed to connect to DB: x.example.com. 390144 (08001): JWT token is invalid.",
      "STG_LEDGER: 390144: JWT token is invalid."
    ],
    ["took 1.5 s at 2026-10-30T02:00:00.000", "took -12,000 s at 2025-01-01T23:59:59"],
    [
      "Incoming request with IP/Token 1.2.3.4 is not allowed",
      "Incoming request with IP/Token 10.20.30.40 is not allowed"
    ]
  ]
  for (const messages of alike) {
    it(`${messages.join(" | ")}`, () => {
      expect(new Set(messages.map((message) => classify(message).key)).size).toBe(1)
    })
  }

  it("what differs in words stays apart", () => {
    const keys = samples.map(([, , , message]) => classify(message).key)
    expect(classify("Numeric value '3W' is not recognized").key).not.toBe(classify("Date '3W' is not recognized").key)
    expect(new Set(keys).size).toBeGreaterThan(samples.length - 8)
  })

  it("the key of a message that is only a code is the code", () => {
    expect(classify("", "627").key).toBe("000627")
    expect(classify("000627").key).toBe("000627")
  })
})

describe("a cause", () => {
  it("shows no secret of a statement that its message quotes", () => {
    const { key, message } = classify("Invalid value in: CREDENTIALS=(AWS_SECRET_KEY = 'wJalr/XUtn' AWS_TOKEN='open")
    expect(message).toBe("Invalid value in: CREDENTIALS=(AWS_SECRET_KEY = '***' AWS_TOKEN='***'")
    expect(key).not.toMatch(/wjalr/)
  })

  it("says where in the SQL", () => {
    expect(classify("SQL compilation error: error line 3 at position 6\ninvalid identifier 'A'")).toMatchObject({
      line: 3,
      position: 6,
      message: "SQL compilation error: error line 3 at position 6 invalid identifier 'A'"
    })
    expect(classify("invalid identifier 'line 3 at position 6'")).not.toHaveProperty("line")
  })

  it("is bounded, whatever comes", () => {
    const cause = classify(`Numeric value '${"x".repeat(90_000)}' is not recognized`)
    expect(cause.message).toHaveLength(FailureCause.maxMessageLength)
    expect(cause.key.length).toBeLessThanOrEqual(200)
    const end = classify(`Cannot load: ${"x".repeat(2000)} because the file ends early`).message
    expect(end).toMatch(/^Cannot load: x+…\[\d+ characters cut\]…x+ because the file ends early$/)
  })

  it("takes any text, in linear time, and encodes to JSON and back", () => {
    const text = FastCheck.oneof(
      FastCheck.string({ unit: "binary", maxLength: 300 }),
      FastCheck.array(FastCheck.constantFrom("'", "\"", "A.", "_", "constraint ", "1", "(", "violates ", "\n"), {
        maxLength: 6000,
        size: "max"
      }).map(
        (parts) => parts.join("")
      )
    )
    const roundTrip = Schema.decodeUnknownSync(Schema.toCodecJson(FailureCause.FailureCause))
    FastCheck.assert(
      FastCheck.property(text, text, (message, detail) => {
        // Time of the processor: what else the machine does does not count.
        const before = process.cpuUsage()
        const cause = FailureCause.classify(message, detail)
        expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
        if (cause !== undefined) expect(roundTrip(JSON.parse(JSON.stringify(cause)))).toEqual(cause)
      }),
      { numRuns: 300 }
    )
  })
})
