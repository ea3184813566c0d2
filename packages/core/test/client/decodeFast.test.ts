/**
 * The fast reader against the schemas: it returns what they decode, and leaves to them what they refuse. The rows are made
 * from the schemas' own fields, so that a field which the schemas gain and the reader lacks fails here.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { deepStrictEqual } from "node:assert"
import { decodeDetailed } from "../../src/client/decode.ts"
import { readDetailed, readResult, readSummary } from "../../src/client/decodeFast.ts"
import * as Run from "../../src/Run.ts"
import * as RunResult from "../../src/RunResult.ts"

type Fields = { readonly [key: string]: Schema.ConstraintDecoder<unknown> }

const words = ["", " ", "text", "deploy", "refresh", "failed", "paused", "KeyPair", "true"]

const numerals = ["0", "17", "-17", "017", "1.5", "1e3", " 17", "9007199254740991", "9007199254740992", "9".repeat(17)]

const times = [
  "2026-10-30T02:00:00Z",
  "2026-10-30T02:00:00.123Z",
  "2026-10-30T02:00:00.123456Z",
  "2026-10-30T02:00+05:30",
  "2026-10-30T02:00:00",
  "2026-10-30",
  "2026-02-29T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "2024-02-29T24:00:00Z"
]

const numbers = [0, 7, -7, 1.5, 1e21, 9007199254740991, 9007199254740992]

const structures = [{}, { a: { b: null } }, [], [7, "8"], [7, null], ["x"], [[]], [{}]]

/** All kinds of values that a field might meet, right or wrong. */
const pool: ReadonlyArray<unknown> = [
  null,
  true,
  false,
  ...words,
  ...numerals,
  ...times,
  ...numbers,
  ...structures,
  JSON.parse(`{"__proto__": {"polluted": true}, "a": [1]}`)
]

const accepted = new Map<Schema.ConstraintDecoder<unknown>, ReadonlyArray<unknown>>()

/** The values of the pool that a field takes. */
const right = (field: Schema.ConstraintDecoder<unknown>): ReadonlyArray<unknown> => {
  const known = accepted.get(field)
  if (known !== undefined) return known
  const decode = Schema.decodeUnknownResult(Schema.Struct({ field }))
  const values = pool.filter((value) => Result.isSuccess(decode({ field: value })))
  accepted.set(field, values)
  return values
}

const unknownKeys = ["projectID", "__proto__", "constructor", "toString", "length"]

/**
 * Objects with these fields, most of them right, some missing, some wrong, some unknown. `nested` says what a field that
 * is a structure holds.
 */
const objects = (
  fields: Fields,
  nested: { readonly [key: string]: fc.Arbitrary<unknown> } = {}
): fc.Arbitrary<unknown> =>
  fc.tuple(
    ...Object.entries(fields).map(([key, field]) => {
      const value = fc.oneof(
        { arbitrary: nested[key] ?? fc.constantFrom(...right(field)), weight: 20 },
        { arbitrary: fc.constantFrom(...pool), weight: 1 }
      )
      return fc.option(value.map((value) => [key, value] as const), { freq: 12 })
    }),
    fc.option(fc.tuple(fc.constantFrom(...unknownKeys), fc.constantFrom(...pool)))
  ).map((entries) => entries.filter((entry) => entry !== null)).chain((entries) =>
    // Fields come in any order, and through JSON, where "__proto__" is a key like any other.
    fc.shuffledSubarray(entries, { minLength: entries.length }).map((shuffled) =>
      JSON.parse(`{${shuffled.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`)
    )
  )

const credentials = objects(Run.UserCredentials.fields)
const detailed = (type: Run.KnownRunType, fields: Fields, details: Fields) =>
  objects(fields, { runType: fc.constant(type), runDetails: objects(details), userCredentials: credentials })

const query = objects(RunResult.QueryResult.fields, { error: objects(RunResult.QueryError.fields) })
const queries = fc.array(query, { maxLength: 2 })

const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}

const cases: ReadonlyArray<{
  readonly name: string
  readonly rows: fc.Arbitrary<unknown>
  /** Every field of the row, by the path of the object that holds it. */
  readonly fields: { readonly [path: string]: Fields }
  readonly read: (row: unknown) => unknown
  readonly schema: Schema.ConstraintDecoder<unknown>
}> = [
  {
    name: "a summary",
    rows: objects(Run.RunSummary.fields),
    fields: { "": Run.RunSummary.fields },
    read: readSummary,
    schema: Run.RunSummary
  },
  {
    name: "a deploy",
    rows: detailed("deploy", Run.DeployRun.fields, Run.DeployRunDetails.fields),
    fields: {
      "": Run.DeployRun.fields,
      runDetails: Run.DeployRunDetails.fields,
      userCredentials: Run.UserCredentials.fields
    },
    read: readDetailed,
    schema: Run.Run
  },
  {
    name: "a refresh",
    rows: detailed("refresh", Run.RefreshRun.fields, Run.RefreshRunDetails.fields),
    fields: {
      "": Run.RefreshRun.fields,
      runDetails: Run.RefreshRunDetails.fields,
      userCredentials: Run.UserCredentials.fields
    },
    read: readDetailed,
    schema: Run.Run
  },
  {
    name: "a node result",
    rows: objects(RunResult.RunResult.fields, { queryResults: queries, renderQueryResult: query }),
    fields: { "": RunResult.RunResult.fields, renderQueryResult: RunResult.QueryResult.fields },
    read: readResult,
    schema: RunResult.RunResult
  }
]

describe("decodeFast", () => {
  it.each(cases)("reads $name as its schema does, or leaves it to the schema", ({ read, rows, schema }) => {
    const decode = Schema.decodeUnknownResult(schema)
    let readable = 0
    fc.assert(
      fc.property(rows, (row) => {
        const bySchema = decode(frozen(row))
        if (Result.isSuccess(bySchema)) readable++
        deepStrictEqual(read(row), Result.getOrUndefined(bySchema))
      }),
      { numRuns: 2000 }
    )
    // Both sides of the property are seen often.
    assert.isAbove(readable, 500)
    assert.isBelow(readable, 1900)
  })

  it.each(cases)("reads $name as its schema does with any value in any one field", ({ fields, read, rows, schema }) => {
    const decode = Schema.decodeUnknownResult(schema)
    const isReadable = (row: unknown): row is object => Result.isSuccess(decode(row))
    const row = fc.sample(rows.filter(isReadable), { numRuns: 1, seed: 1 })[0] ?? {}
    for (const [path, inside] of Object.entries(fields)) {
      for (const key of Object.keys(inside)) {
        for (const value of pool) {
          const part = path === "" ? row : Object.entries(row).find(([name]) => name === path)?.[1]
          const changed = { ...part, [key]: value }
          const whole = path === "" ? changed : { ...row, [path]: changed }
          const bySchema = Result.getOrUndefined(decode(whole))
          deepStrictEqual(read(whole), bySchema, `${path} ${key} ${JSON.stringify(value)}`)
        }
      }
    }
  })

  it.each(cases)("leaves anything that is not $name to its schema", ({ read }) => {
    for (const value of pool) assert.isUndefined(read(value))
  })

  it("leaves every prototype untouched", () => {
    const row = JSON.parse(
      `{"id": 1, "runType": "deploy", "runStatus": "failed", "__proto__": {"userID": "x"},
        "runDetails": {"__proto__": {"deployCommit": "x"}}, "runTimeParameters": {"__proto__": {"polluted": true}}}`
    )
    const run = Result.getOrThrow(decodeDetailed(row, 0))
    assert.deepStrictEqual(Object.keys(run).sort(), [
      "id",
      "runDetails",
      "runStatus",
      "runTimeParameters",
      "runType"
    ])
    assert.isUndefined(run.userID)
    assert.deepStrictEqual(run.runDetails, {})
    assert.deepStrictEqual(Object.keys(run.runTimeParameters ?? {}), ["__proto__"])
    assert.isFalse("polluted" in {})
  })
})
