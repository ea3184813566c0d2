// Long because each form of a page and of a row is a case here.
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Result from "effect/Result"
import {
  decodeDetailed,
  decodeEnvelope,
  decodeResults,
  decodeRows,
  decodeRun,
  decodeSummary
} from "../../src/client/decode.ts"
import { FieldReader } from "../../src/client/fieldReader.ts"
import { RunId } from "../../src/Run.ts"
import { omitUndefined } from "../../src/wire/omitUndefined.ts"

const refresh = {
  id: 41,
  runType: "refresh",
  runStatus: "failed",
  runStartTime: "2026-10-30T02:00:00.123Z",
  runEndTime: "2026-10-30T02:04:10Z",
  runDetails: { environmentID: "3", jobID: 7, refreshDescription: "Nightly", nodesInRun: 12 },
  runHistory: [40, 39],
  runTimeParameters: { region: { name: "eu" } },
  userCredentials: { snowflakeAccount: "xy12345", snowflakeAuthType: "KeyPair", snowflakeUsername: "SVC" },
  userID: "u1",
  version: 3
}

const deploy = {
  id: 42,
  runType: "deploy",
  runStatus: "completed",
  runDetails: { environmentID: "3", deployCommit: "0a1b2c", deployCommitMessage: "Add a column", parallelism: 16 }
}

const outcome = (row: unknown) => Result.merge(decodeDetailed(row, 0))

describe("decodeDetailed", () => {
  it("decodes times and drops unknown fields", () => {
    const row = { ...refresh, projectID: "new", runDetails: { ...refresh.runDetails, another: 1 } }
    assert.deepStrictEqual<unknown>(Result.getOrThrow(decodeDetailed(row, 0)), {
      ...refresh,
      runStartTime: DateTime.makeUnsafe("2026-10-30T02:00:00.123Z"),
      runEndTime: DateTime.makeUnsafe("2026-10-30T02:04:10Z")
    })
  })

  it("decodes ids and counts sent as strings, and takes null and blank for absent", () => {
    const row = {
      ...deploy,
      id: "42",
      reRunID: "17",
      runEndTime: null,
      runTimeParameters: "",
      userCredentials: null,
      runDetails: { environmentID: 3, deployCommit: "", nodesInRun: "8", canceled: null }
    }
    assert.deepStrictEqual<unknown>(Result.getOrThrow(decodeDetailed(row, 0)), {
      id: 42,
      runType: "deploy",
      runStatus: "completed",
      reRunID: 17,
      runDetails: { environmentID: "3", nodesInRun: 8 }
    })
  })

  it("fails with an UndecodableRow for a wrong row, and decodes the rows around it, in order", () => {
    const rows = [deploy, { ...refresh, runStatus: 5 }, { ...deploy, id: 43 }].map(decodeDetailed)
    assert.deepStrictEqual<unknown>(rows.map(Result.map(({ id }) => id)), [
      Result.succeed(42),
      Result.fail({
        index: 1,
        id: 41,
        runStartTime: DateTime.makeUnsafe("2026-10-30T02:00:00.123Z"),
        runEndTime: DateTime.makeUnsafe("2026-10-30T02:04:10Z"),
        path: "runStatus",
        issue:
          "Expected \"canceled\" | \"completed\" | \"failed\" | \"initializing\" | \"rendering\" | \"running\" | " +
          "\"waitingToRun\" | string"
      }),
      Result.succeed(43)
    ])
  })

  it("leaves out of an UndecodableRow the id and the times that cannot be decoded", () => {
    const row = { ...refresh, id: "x", runStartTime: "soon", runEndTime: 5 }
    assert.deepStrictEqual<unknown>(
      decodeDetailed(row, 3),
      Result.fail({
        index: 3,
        id: undefined,
        path: "id",
        issue: "Expected an integer"
      })
    )
  })

  it.each([
    ["", null, "Expected object"],
    ["", "a row", "Expected object"],
    ["", [], "Expected object"],
    ["runType", {}, "Missing key"],
    ["runType", { runType: "compact" }, "Expected \"deploy\" | \"refresh\", got \"compact\""],
    ["runType", { runType: 4 }, "Expected \"deploy\" | \"refresh\""]
  ])("names the path %j where %j is no row", (path, row, issue) => {
    assert.deepInclude(outcome(row), { path, issue })
  })

  it.each([
    ["id", { id: "x41" }, "Expected an integer"],
    ["id", { id: 1.5 }, "Expected an integer"],
    ["id", { id: "9999999999999999" }, "Expected an integer"],
    ["id", { id: null }, "Expected number | string"],
    [
      "runStatus",
      { runStatus: "" },
      "Expected \"canceled\" | \"completed\" | \"failed\" | \"initializing\" | \"rendering\" | \"running\" | " +
      "\"waitingToRun\" or a value with a length of at least 1"
    ],
    ["runStatus", { runType: "deploy", runStatus: 5 }, "\"waitingToRun\" | string"],
    ["runDetails", { runDetails: null }, "Expected object"]
  ])("names the path %j where a field is wrong: %j", (path, wrong, issue) => {
    const row = decodeDetailed({ ...refresh, ...wrong }, 0)
    assert.isTrue(Result.isFailure(row))
    if (Result.isSuccess(row)) return
    assert.strictEqual(row.failure.path, path)
    assert.include(row.failure.issue, issue)
  })

  it.each<[wrong: object, decoded: object]>([
    [{ reRunID: "string" }, {}],
    [{ reRunID: "2019-08-24T14:15:22Z" }, {}],
    [{ runStartTime: "yesterday" }, { runStartTime: undefined }],
    [{ runStartTime: "2026-10-30T02:00:00" }, { runStartTime: undefined }],
    [{ runEndTime: 5 }, { runEndTime: undefined }],
    [{ runHistory: [40, "x"] }, { runHistory: [40] }],
    [{ runHistory: "40" }, { runHistory: undefined }],
    [{ runTimeParameters: [] }, { runTimeParameters: undefined }],
    [{ runDetails: { nodesInRun: "many", jobID: 7 } }, { runDetails: { jobID: 7 } }],
    [{ runDetails: { canceled: "no" } }, { runDetails: {} }],
    [{ userCredentials: { snowflakeRole: {} } }, { userCredentials: {} }],
    [{ userCredentials: "KeyPair" }, { userCredentials: undefined }],
    [{ userID: {} }, { userID: undefined }],
    [{ version: "v3" }, { version: undefined }]
  ])("drops an optional field in an odd form, counts it, and keeps its row: %j", (wrong, decoded) => {
    const reader = new FieldReader()
    const [row] = decodeRows([{ ...refresh, ...wrong }], true, reader)
    const right = Result.getOrThrow(decodeDetailed(refresh, 0))
    assert.deepStrictEqual<unknown>(row, Result.succeed(omitUndefined({ ...right, ...decoded })))
    assert.strictEqual(reader.dropped, 1)
  })

  it("never repeats what a wrong row holds, beyond the start of an unknown type", () => {
    const secret = "s3cret".repeat(500)
    const wrong = [
      { ...refresh, runType: secret },
      { ...refresh, runType: "\u0000".repeat(500) },
      { ...refresh, id: secret },
      { ...refresh, runStatus: [secret] },
      { ...refresh, runDetails: [secret] }
    ]
    const undecodable = wrong.map(decodeDetailed).flatMap((row) => Result.isFailure(row) ? [row.failure] : [])
    assert.strictEqual(undecodable.length, wrong.length)
    assert.isTrue(undecodable.every((row) => row.issue.length <= 200))
    assert.notInclude(JSON.stringify(undecodable.slice(1)), "s3cret")
  })
})

describe("decodeRun", () => {
  it("decodes one run as decodeDetailed decodes a row", () => {
    assert.strictEqual(Result.getOrThrow(decodeRun(deploy)).id, RunId.make(42))
    const wrong = { ...refresh, id: null }
    assert.isTrue(Result.isFailure(decodeRun(wrong)))
    assert.deepStrictEqual<unknown>(decodeRun(wrong), decodeDetailed(wrong, 0))
  })
})

describe("decodeSummary", () => {
  it("keeps an unknown type and an unknown status", () => {
    const row = { id: 1, runType: "compact", runStatus: "paused", environmentID: 3, runFailureReason: "" }
    assert.deepStrictEqual<unknown>(
      decodeSummary(row, 0),
      Result.succeed({ id: 1, runType: "compact", runStatus: "paused", environmentID: "3" })
    )
  })

  it("fails with an UndecodableRow where a field is missing", () => {
    assert.deepStrictEqual<unknown>(
      decodeSummary({ id: 2, runType: "refresh" }, 1),
      Result.fail({ index: 1, id: 2, path: "runStatus", issue: "Missing key" })
    )
  })
})

describe("decodeEnvelope", () => {
  it.each([
    [{ data: [] }, undefined, undefined],
    [{ data: [], limit: 25, next: null }, 25, null],
    [{ data: [], limit: "25", next: "" }, 25, null],
    [{ data: [], limit: "many", next: " \t" }, undefined, null],
    [{ data: [], limit: {}, next: {}, total: "?" }, undefined, null],
    [{ data: [], next: Number.NaN }, undefined, null],
    [{ data: [], next: 17 }, undefined, 17],
    [{ data: [], next: 0 }, undefined, 0],
    [{ data: [], next: "17" }, undefined, "17"]
  ])("reads from %j the limit %s and the next %s", (body, limit, next) => {
    const envelope = Result.getOrThrow(decodeEnvelope(body))
    assert.deepStrictEqual<unknown>(envelope, { data: [], limit, next })
  })

  it.each([
    [undefined, "Expected an object with the rows in \"data\", got undefined"],
    [null, "Expected an object with the rows in \"data\", got null"],
    ["", "Expected an object with the rows in \"data\", got a string"],
    [[], "Expected an object with the rows in \"data\", got an array"],
    [{}, "The response has no \"data\""],
    [{ data: null }, "Expected \"data\" to be an array, got null"],
    [{ data: {} }, "Expected \"data\" to be an array, got an object"]
  ])("refuses %j in a sentence", (body, sentence) => {
    assert.deepStrictEqual<unknown>(decodeEnvelope(body), Result.fail(sentence))
  })
})

describe("decodeResults", () => {
  const node = {
    nodeID: "7b962179",
    name: "STG_ORDERS",
    isRunning: false,
    runState: "error",
    hasTestFailures: null,
    queryResults: [{
      name: "Insert STG_ORDERS",
      success: false,
      startTime: "2026-10-30T02:00:00Z",
      endTime: "",
      rowsInserted: "0",
      error: { errorString: "Numeric value '3W' is not recognized", errorDetail: "000627", hint: 1 }
    }]
  }

  it("decodes the node results in data", () => {
    assert.deepStrictEqual<unknown>(Result.getOrThrow(decodeResults({ data: [node] })), [{
      nodeID: "7b962179",
      name: "STG_ORDERS",
      isRunning: false,
      runState: "error",
      queryResults: [{
        name: "Insert STG_ORDERS",
        success: false,
        startTime: DateTime.makeUnsafe("2026-10-30T02:00:00Z"),
        rowsInserted: 0,
        error: { errorString: "Numeric value '3W' is not recognized", errorDetail: "000627" }
      }]
    }])
    assert.deepStrictEqual(Result.getOrThrow(decodeResults({ data: [] })), [])
  })

  it.each([
    ["data", {}, "Missing key"],
    ["", [], "Expected object"],
    ["data", { data: {} }, "Expected array"],
    ["data[1].nodeID", { data: [{ nodeID: "1" }, {}] }, "Missing key"],
    ["data[0]", { data: [null] }, "Expected object"]
  ])("names the path %j where %j is wrong", (path, body, issue) => {
    assert.deepStrictEqual<unknown>(decodeResults(body), Result.fail({ path, issue }))
  })
})

describe("decoding where code may not be generated at run time", () => {
  it("decodes rows all the same", ({ onTestFinished }) => {
    const { Function } = globalThis
    onTestFinished(() => {
      globalThis.Function = Function
    })
    const refuse = () => {
      throw new EvalError("Code generation from strings disallowed for this context")
    }
    globalThis.Function = new Proxy(Function, { apply: refuse, construct: refuse })
    assert.throws(() => Reflect.construct(globalThis.Function, ["return 1"]), EvalError)
    assert.deepStrictEqual([refresh, { ...refresh, id: {} }].map(decodeDetailed).map(Result.isSuccess), [true, false])
  })
})
