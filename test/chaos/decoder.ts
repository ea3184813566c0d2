/** Draws what a server can send instead of a response: bytes, texts with odd places, pages with odd values. */
import * as fc from "fast-check"

const page = {
  limit: 25,
  orderBy: "id",
  orderByDirection: "desc",
  next: 7,
  data: [
    {
      id: 9,
      runType: "refresh",
      runStatus: "failed",
      environmentID: "3",
      runStartTime: "2026-01-01T00:00:00.000Z",
      runEndTime: "2026-01-01T00:01:00Z",
      runFailureReason: "Division by zero: \"x\"\n",
      runDetails: { environmentID: "3", jobID: 7, nodesInRun: 12, parallelism: 4, includeNodesSelector: "{ A }" },
      runTimeParameters: { day: "1" },
      userCredentials: { snowflakeAccount: "a", snowflakeAuthType: "KeyPair", snowflakeUsername: "u" },
      runHistory: [7, 8],
      reRunID: "8",
      userID: "u1",
      version: 3
    },
    {
      id: "8",
      runType: "deploy",
      runStatus: "completed",
      runDetails: { deployCommit: "0a1b", deployCommitMessage: "m" }
    }
  ]
}

const results = {
  data: [{
    nodeID: "a",
    name: "STG",
    isRunning: false,
    runState: "error",
    queryResults: [{
      name: "Insert",
      sql: "INSERT",
      status: "Failure",
      success: false,
      isRunning: false,
      rowsInserted: 5,
      startTime: "2026-01-01T00:00:00Z",
      error: { errorString: "x", errorDetail: "000627" }
    }]
  }]
}

const scheduler = { runStatus: "failed", runType: "refresh", runLink: "https://example.com/1" }

/** What each endpoint sends when all is well. */
export const wholes = { runs: page, run: page.data[0], results, schedulerStatus: scheduler }

export type Endpoint = keyof typeof wholes

/** Values that have broken decoders before. */
const hostile: ReadonlyArray<unknown> = [
  null,
  "",
  0,
  -0,
  -1,
  1.5,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  true,
  [],
  {},
  [[]],
  [null],
  "2026-13-45T99:99:99Z",
  "+275760-09-13T00:00:00Z",
  "9007199254740993",
  "1".repeat(400),
  "\ud800",
  "\u0000",
  "\u202e",
  "constructor",
  { toString: null, valueOf: 1, toJSON: "x" },
  JSON.parse(`{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}`)
]

const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostile),
  fc.jsonValue({ maxDepth: 3 }),
  fc.integer(),
  fc.string({ unit: "binary" })
)

/** Puts a value in the place of another: the n-th of all values within, the whole one first. */
const replaced = (value: unknown, place: number, by: unknown): unknown => {
  let left = place
  const walk = (value: unknown): unknown => {
    if (left-- === 0) return by
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, value]) => [key, walk(value)]))
  }
  return walk(value)
}

const tree = (whole: unknown): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.nat(45), odd), { minLength: 1, maxLength: 4 }).map((changes) =>
    JSON.stringify(changes.reduce((value, [place, by]) => replaced(value, place, by), whole)) ?? ""
  )

const edited = (whole: unknown): fc.Arbitrary<string> => {
  const text = JSON.stringify(whole)
  const edit = fc.tuple(
    fc.nat(text.length),
    fc.nat(12),
    fc.oneof(
      fc.constantFrom("", "{", "}", "[", "]", "\"", "\\", ",", ":", "-", "e", "\\u12", "1e999", "\u0000", "\ufeff"),
      fc.string()
    )
  )
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) =>
    edits.reduce((text, [at, length, by]) => text.slice(0, at) + by + text.slice(at + length), text)
  )
}

const nested = fc.tuple(
  fc.constantFrom("[", "{\"data\":", "{\"data\":[", "{\"error\":"),
  fc.constantFrom(100, 20_000, 400_000)
).map(
  ([piece, depth]) => piece.repeat(depth)
)

export interface Reply {
  readonly endpoint: Endpoint
  readonly detail: boolean
  readonly skips: boolean
  readonly status: number
  readonly body: Uint8Array<ArrayBuffer> | string
}

/** A response to one of the four requests, in a form that nobody documents. */
export const reply: fc.Arbitrary<Reply> = fc.constantFrom<Endpoint>(
  "runs",
  "runs",
  "runs",
  "run",
  "results",
  "schedulerStatus"
).chain(
  (endpoint) =>
    fc.record({
      endpoint: fc.constant(endpoint),
      detail: fc.boolean(),
      skips: fc.boolean(),
      status: fc.oneof({ weight: 9, arbitrary: fc.constant(200) }, fc.constantFrom(400, 401, 418, 500)),
      body: fc.oneof(
        { weight: 8, arbitrary: tree(wholes[endpoint]) },
        { weight: 4, arbitrary: edited(wholes[endpoint]) },
        { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
        { weight: 2, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)) },
        { weight: 1, arbitrary: nested }
      )
    })
)
